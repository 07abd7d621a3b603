// Proves that a page of every kind opens in silence: no console message, no failed request and no request to
// another host, behind the strictest Content-Security-Policy (at any path, and at the address it was built for) and
// from a folder (`file://`), and that its style sheet and script do arrive.

import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { none } from "./none.mjs";
import { launch, listen } from "./chromium.mjs";
import { publish, serve } from "./server.mjs";
import { BASE_URL, OWN, STRESS, build, pagesOfEveryKind } from "./site.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Waits until all images, lazy ones too, have come or failed, and the scripts have had their say. */
async function settle(page) {
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = "eager";
    await Promise.allSettled([...document.images].map((image) => image.decode()));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)));
  });
}

/** Opens pages of every kind under `root` and gives all their troubles. */
async function troublesOf(site, root, context = browser) {
  const page = await context.newPage();
  const { troubles, requests } = listen(page, root);
  const all = [];
  for (const { kind, page: name } of pagesOfEveryKind(site)) {
    const address = new URL(name, root).href;
    await page.goto(address);
    if (kind === "redirect") {
      await page.waitForURL((now) => now.href !== address);
      await page.waitForLoadState();
    }
    await settle(page);
    for (const ending of [".css", ".js"]) {
      if (!requests.some((asked) => asked.endsWith(ending))) troubles.push(`no ${ending} was asked for`);
    }
    // A redirect leaves before its icon has come.
    const real = troubles.filter((trouble) => kind !== "redirect" || !trouble.endsWith("net::ERR_ABORTED"));
    all.push(...real.map((trouble) => `${kind} ${name}: ${trouble}`));
    troubles.length = requests.length = 0;
  }
  await page.close();
  return all;
}

for (const [name, source] of Object.entries({ own: OWN, stress: STRESS })) {
  const site = build(source);
  for (const prefix of ["/", "/a/b/"]) {
    test(`${name}: silent under the strict policy at ${prefix}`, async () => {
      const server = await serve(site.out, prefix);
      const troubles = await troublesOf(site, server.root);
      await server.stop();
      none(troubles);
    });
  }

  test(`${name}: silent from a folder`, async () => {
    none(await troublesOf(site, pathToFileURL(site.out + path.sep).href));
  });

  test(`${name}: silent at the address that it was built for, whose 404 page is whole at any depth`, async () => {
    const site = build(source, BASE_URL);
    const context = await browser.newContext();
    await publish(context, site);
    none(await troublesOf(site, BASE_URL, context));
    const page = await context.newPage();
    const { troubles } = listen(page, BASE_URL);
    await page.goto(`${BASE_URL}not/there/at-all.html`);
    await settle(page);
    // The page itself is what was not found; all that it needs must be.
    none(troubles.filter((trouble) => !trouble.includes("at-all.html")));
    await page.locator("main a").first().click();
    await page.waitForURL((now) => !now.href.includes("at-all"));
    none(troubles.filter((trouble) => !trouble.includes("at-all.html")));
    await context.close();
  });
}
