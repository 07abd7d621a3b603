// Proves that a page of every kind opens in silence: no console message, no failed request and no request to
// another host, behind the strictest Content-Security-Policy and from a folder (`file://`) as well, and that its
// style sheet and script do arrive.

import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { none } from "./none.mjs";
import { launch, listen } from "./chromium.mjs";
import { serve } from "./server.mjs";
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
async function troublesOf(site, root) {
  const page = await browser.newPage();
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
    all.push(...troubles.map((trouble) => `${kind} ${name}: ${trouble}`));
    troubles.length = requests.length = 0;
  }
  await page.close();
  return all;
}

for (const [name, source, baseUrl] of [["own", OWN, null], ["stress", STRESS, BASE_URL]]) {
  const site = build(source, baseUrl);
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
}
