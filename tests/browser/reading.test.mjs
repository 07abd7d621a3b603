// Proves what a reader meets: pages that read without JavaScript, reading tools that work and are remembered, a
// notice before leaving the site, a keyboard that reaches the text first, and no page that scrolls sideways.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { none } from "./none.mjs";
import { launch, press, tool } from "./chromium.mjs";
import { serve } from "./server.mjs";
import { OWN, STRESS, build, pagesOfEveryKind, text } from "./site.mjs";

const own = build(OWN);
const stress = build(STRESS);
let browser, ownServer, stressServer;

before(async () => {
  browser = await launch();
  ownServer = await serve(own.out);
  stressServer = await serve(stress.out, "/a/b/");
});
after(async () => {
  await browser.close();
  await ownServer.stop();
  await stressServer.stop();
});

/** Runs `look` in a page of a new visitor. */
async function visit(options, look) {
  const context = await browser.newContext(options);
  await look(await context.newPage());
  await context.close();
}

/** The fullest report of a site. */
function report(site) {
  return pagesOfEveryKind(site).filter(({ kind }) => kind === "report").at(-1).page;
}

test("every kind of page can be read without JavaScript", async () => {
  await visit({ javaScriptEnabled: false }, async (page) => {
    for (const { kind, page: file } of pagesOfEveryKind(own)) {
      if (kind === "redirect") continue;
      await page.goto(ownServer.root + file);
      assert.ok(await page.locator("h1").first().isVisible(), `${file} shows its heading`);
      const words = (await page.locator("main").innerText()).replaceAll(/\s/g, "");
      assert.ok(words.length >= 20, `${file} shows only “${words}”`);
      for (const link of await page.locator("main a[href]").all()) {
        const inClosedMenu = await link.evaluate((a) => a.closest("details:not([open])") !== null);
        assert.ok(inClosedMenu || (await link.isVisible()), `${file} hides the link to ${await link.getAttribute("href")}`);
      }
    }
  });
});

test("no page scrolls sideways", async () => {
  const wide = [];
  await visit({}, async (page) => {
    for (const [site, server] of [[own, ownServer], [stress, stressServer]]) {
      for (const large of [false, true]) {
        for (const { kind, page: file } of pagesOfEveryKind(site)) {
          if (kind === "redirect") continue;
          await page.goto(server.root + file);
          const pressed = (await tool(page, /大字/).first().getAttribute("aria-pressed")) === "true";
          if (pressed !== large) await press(page, /大字/);
          for (const width of [375, 768, 1280, 1920]) {
            await page.setViewportSize({ width, height: 900 });
            const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            if (excess > 0) wide.push(`${kind} ${file} at ${width}${large ? " in large text" : ""}: ${excess} px too wide`);
          }
        }
      }
    }
  });
  none(wide);
});

for (const [name, button] of [["large text", /大字/], ["high contrast", /高对比/]]) {
  test(`${name} changes the page, is remembered on the next, and can be put back`, async () => {
    const look = (page) =>
      page.evaluate(() => {
        const style = getComputedStyle(document.body);
        return [style.fontSize, style.color, style.backgroundColor].join();
      });
    await visit({}, async (page) => {
      await page.goto(ownServer.root + "index.html");
      const usual = await look(page);
      await press(page, button);
      const changed = await look(page);
      assert.notEqual(changed, usual, "the button changes the look");
      await page.goto(ownServer.root + report(own));
      assert.equal(await look(page), changed, "another page keeps the look");
      assert.equal(await tool(page, button).first().getAttribute("aria-pressed"), "true");
      await press(page, button);
      assert.equal(await look(page), usual, "pressed again, the usual look is back");
    });
  });
}

test("the first thing that the keyboard reaches skips to the text", async () => {
  await visit({}, async (page) => {
    for (const { kind, page: file } of pagesOfEveryKind(own)) {
      if (kind === "redirect") continue;
      await page.goto(ownServer.root + file);
      await page.keyboard.press("Tab");
      const first = await page.evaluate(() => {
        const { left, top, width, height } = document.activeElement.getBoundingClientRect();
        return { href: document.activeElement.getAttribute("href"), seen: left >= 0 && top >= 0 && width > 1 && height > 1 };
      });
      assert.match(first.href ?? "", /^#/, `${file}: the first stop is a link within the page`);
      assert.ok(first.seen, `${file}: the link can be seen while it has the focus`);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      const landed = await page.evaluate(() => document.activeElement.closest("header") === null);
      assert.ok(landed, `${file}: the next stop lies behind the header`);
    }
  });
});

test("a link to elsewhere asks first, and Escape stays", async () => {
  const file = stress.pages.find((page) => /<a[^>]+href="https:\/\/example\.org/.test(text(stress, page)));
  assert.ok(file, "the stress site has a link to another host");
  await visit({}, async (page) => {
    let asked = false;
    await page.route(/example\.org/, (route) => {
      asked = true;
      return route.abort();
    });
    await page.goto(stressServer.root + file);
    const link = page.locator('a[href^="https://example.org"]').first();
    const notice = page.locator('dialog[open], [role="dialog"]:visible, [role="alertdialog"]:visible');
    await link.focus();
    await page.keyboard.press("Enter");
    await notice.waitFor();
    assert.match(await notice.innerText(), /离开|example\.org/);
    await page.keyboard.press("Escape");
    await notice.waitFor({ state: "hidden" });
    assert.equal(page.url(), stressServer.root + file, "the reader is still here");
    assert.equal(asked, false, "nothing was asked of the other host");
    assert.ok(await link.evaluate((a) => a === document.activeElement), "the focus is back on the link");
  });
});
