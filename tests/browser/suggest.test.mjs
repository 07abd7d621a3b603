// Proves that the search helps who writes pinyin, a wrong character or half a title: with the same words as the
// terminal, by keyboard alone, without barriers; and that it goes on without a damaged file.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { none } from "./none.mjs";
import { launch, listen } from "./chromium.mjs";
import { serve } from "./server.mjs";
import { OWN, STRESS, build, PROGRAM } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const own = build(OWN);
const stress = build(STRESS);
const rootOf = (out) => pathToFileURL(out + path.sep).href;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

async function find(page, root, words) {
  await page.goto(`${new URL("search.html", root)}?${new URLSearchParams({ q: words })}`);
  await page.waitForFunction(() => /找到|缺失|写出/.test(document.querySelector(".state")?.textContent ?? ""));
}

function terminal(site, words) {
  return JSON.parse(execFileSync(PROGRAM, ["search", "--out", site.out, "--json", "--", words]).toString());
}

const WORDS = [
  "fazhizhengfu", "fa zhi zheng fu", "fzzf", "yifaxingzheng", "dingshizhen", "nianduba", "fazhi jiansheqq", "法制政府", "依发行政", "依法行正",
  "政府信息公开工作年渡报告", "法制政府 依法行政", "法制政府 -预算", "没有人写过的话语", "qqqq", "xi'an",
  "规范性文牛", "行政规范牲文件", "zwgk", "xzgfxwj",
  // A mark follows in the texts, which is no character that could be meant.
  "一是高度重视犇", "上午照常受理犇", "不公开为例外犇",
];

for (const [name, site] of Object.entries({ own, stress })) {
  test(`${name}: guesses as the terminal does`, async () => {
    const page = await browser.newPage();
    const { troubles } = listen(page, rootOf(site.out));
    await find(page, rootOf(site.out), "报告");
    await page.locator("#words").focus();
    await page.waitForFunction(() => globalThis.gongkaiSearch.typeAhead);
    for (const words of WORDS) {
      const expected = terminal(site, words);
      const guess = await page.evaluate(async (words) => {
        const { open, search, instead } = globalThis.gongkaiSearch;
        const found = await (await search(words)).fill(10);
        return found.total ? null : instead(await open(), found.query);
      }, words);
      assert.equal(guess, expected.instead, words);
    }
    none(troubles);
    await page.close();
  });
}

test("a query that finds nothing shows what is nearest, and says so", async () => {
  const page = await browser.newPage();
  for (const [words, meant] of [["fazhizhengfu", "法治政府"], ["法制政府", "法治政府"]]) {
    assert.equal(terminal(own, words).instead, meant);
    await find(page, rootOf(own.out), words);
    const said = await page.locator(".state").textContent();
    assert.ok(said.startsWith(`没有找到“${words}”。以下按“${meant}”查找：找到`), said);
    assert.ok((await page.locator(".hits mark").allTextContents()).includes(meant));
    assert.equal(await page.locator("#words").inputValue(), words, "what was typed stays");
  }
  await find(page, rootOf(own.out), "法治政府 从未出现的词语");
  await page.waitForFunction(() => document.querySelector(".instead a"));
  assert.match(await page.locator(".instead").textContent(), /略去“从未出现的词语”，找“法治政府”：(约 )?\d+ 份/);
  await page.locator(".instead a").first().click();
  await page.waitForFunction(() => /找到/.test(document.querySelector(".state").textContent));
  assert.ok((await page.locator(".hits li").count()) > 0);
  await page.close();
});

test("a day is offered in its other writings", async () => {
  const page = await browser.newPage();
  await find(page, rootOf(own.out), "2024-01-16");
  await page.locator(".others a").first().waitFor();
  assert.deepEqual(await page.locator(".others a").allTextContents(), ["2024年1月16日", "二〇二四年一月十六日", "2024年01月16日"]);
  const writings = (words) => page.evaluate((words) => globalThis.gongkaiSearch.writings(words), words);
  assert.deepEqual(await writings("二○二三年十二月二十日"), ["2023年12月20日", "2023-12-20"]);
  assert.deepEqual(await writings("2023．10．3"), ["2023年10月3日", "二〇二三年十月三日", "2023-10-03", "2023年10月03日"]);
  assert.deepEqual(await writings("2023年11月"), ["二〇二三年十一月", "2023-11"]);
  assert.deepEqual([...(await writings("2023年13月")), ...(await writings("国办发〔2021〕30号")), ...(await writings("2023年"))], []);
  await page.close();
});

/** Types into the box of the home page and waits for the list. */
async function type(page, root, words) {
  await page.goto(new URL("index.html", root).href);
  await page.locator(".box input").focus();
  await page.keyboard.type(words);
  await page.locator(".offers [role=option]").first().waitFor({ timeout: 10_000 });
}

test("typing ahead, by keyboard alone", async () => {
  for (const place of ["file://", "/a/b/"]) {
    const server = place === "file://" ? null : await serve(own.out, place);
    const root = server?.root ?? rootOf(own.out);
    const page = await browser.newPage();
    const { troubles } = listen(page, root);
    await type(page, root, "法治");
    const input = page.locator(".box input");
    assert.equal(await input.getAttribute("aria-expanded"), "true");
    const options = page.locator(".offers [role=option]");
    const titles = await options.allTextContents();
    assert.ok(titles.some((title) => title.includes("法治")), titles.join());
    await page.keyboard.press("ArrowUp");
    assert.equal(await input.getAttribute("aria-activedescendant"), await options.last().getAttribute("id"));
    await page.keyboard.press("ArrowDown");
    assert.equal(await input.getAttribute("aria-activedescendant"), null, "behind the last comes the box");
    await page.keyboard.press("Escape");
    assert.equal(await input.getAttribute("aria-expanded"), "false");
    await page.keyboard.type("政府");
    const title = page.locator(".offers [role=option][data-href*='#find=']").first();
    await title.waitFor({ timeout: 10_000 });
    for (let n = 0; n < 10 && (await title.getAttribute("aria-selected")) !== "true"; n++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#find=/);
    await page.locator("mark.found").first().waitFor();
    none(troubles);
    await page.close();
    await server?.stop();
  }
});

test("pinyin and its initials offer towns, kinds and titles", async () => {
  const page = await browser.newPage();
  const offered = async (words) => {
    await type(page, rootOf(own.out), words);
    return page.locator(".offers [role=option]").allTextContents();
  };
  assert.ok((await offered("dingshi")).some((text) => /^丁市镇\s+乡镇/.test(text)));
  assert.ok((await offered("dsz")).some((text) => /^丁市镇\s+乡镇/.test(text)));
  assert.ok((await offered("fazhizhengf")).some((text) => /法治政府.*\d{4}年/.test(text)), "titles too");
  assert.ok((await offered("niandu")).some((text) => text.includes("类别")));
  await page.close();
});

test("the list has no barriers and fits a telephone", async () => {
  for (const width of [375, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 700 }, bypassCSP: true });
    const page = await context.newPage();
    await type(page, rootOf(own.out), "法治");
    await page.keyboard.press("ArrowDown");
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document));
    none(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${width}: ${id} at ${target}`)));
    assert.ok(await page.evaluate(() => {
      const box = document.querySelector(".offers").getBoundingClientRect();
      return box.left >= 0 && box.right <= innerWidth && document.documentElement.scrollWidth <= innerWidth;
    }), `${width} is too narrow`);
    await find(page, rootOf(own.out), "报告");
    await page.locator("#words").focus();
    await page.keyboard.press("End");
    await page.keyboard.type(" 法治");
    await page.locator("#search .offers [role=option]").first().waitFor({ timeout: 10_000 });
    assert.ok(await page.evaluate(() => {
      const box = document.querySelector("#search .offers").getBoundingClientRect(), input = document.querySelector("#words").getBoundingClientRect();
      return box.top >= input.bottom - 1 && box.top < input.bottom + 20 && box.right <= innerWidth;
    }), `${width}: the list stands under its box`);
    await context.close();
  }
});

test("hostile titles stay words in the list", async () => {
  const page = await browser.newPage();
  const { troubles } = listen(page, rootOf(stress.out));
  for (const words of ["script", "alert", "img", "报告"]) {
    await page.goto(new URL("index.html", rootOf(stress.out)).href);
    await page.locator(".box input").focus();
    await page.keyboard.type(words);
    await page.waitForTimeout(600);
    assert.equal(await page.locator(".offers script, .offers img, .offers svg").count(), 0);
  }
  none(troubles);
  await page.close();
});

test("without its helper the search finds what is there", async () => {
  const out = mkdtempSync(path.join(tmpdir(), "gongkai-damaged-"));
  cpSync(own.out, out, { recursive: true });
  readdirSync(path.join(out, "assets")).filter((name) => name.startsWith("suggest-")).forEach((name) => rmSync(path.join(out, "assets", name)));
  const page = await browser.newPage();
  await find(page, rootOf(out), "法治");
  assert.ok((await page.locator(".hits li").count()) > 0);
  await find(page, rootOf(out), "法制政府");
  assert.match(await page.locator(".state").textContent(), /^没有找到/);
  await page.close();
  rmSync(out, { recursive: true });
});

test("one damaged file is named, and what the others hold is shown", async () => {
  const damages = [(file) => rmSync(file), (file) => writeFileSync(file, readFileSync(file, "utf8").slice(0, 40))];
  for (const damage of damages) {
    const out = mkdtempSync(path.join(tmpdir(), "gongkai-damaged-"));
    cpSync(own.out, out, { recursive: true });
    const texts = readdirSync(path.join(out, "search"), { recursive: true }).map((name) => path.join(out, "search", name))
      .filter((file) => statSync(file).isFile() && file.includes(`${path.sep}t${path.sep}`)).sort();
    damage(texts[0]);
    const page = await browser.newPage();
    await find(page, rootOf(out), "报告");
    await page.waitForFunction(() => document.querySelectorAll(".hits li").length > 0);
    for (let n = 0; n < 5 && (await page.locator(".more").isVisible()); n++) await page.locator(".more").click({ timeout: 2_000 }).catch(() => {});
    assert.match(await page.locator(".state .fault").textContent(), /search\/\S+\.js 缺失或损坏/);
    assert.ok((await page.locator(".hits li").count()) > 3);
    await page.close();
    rmSync(out, { recursive: true });
  }
});
