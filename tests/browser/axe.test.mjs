// Proves that axe-core finds no barrier on a page of every kind, in the light look, in high contrast and in large
// text (chosen by the page's own buttons), on a telephone and on a desk.

import { after, before, test } from "node:test";
import { barriers } from "./barriers.mjs";
import { none } from "./none.mjs";
import { launch, press, tool } from "./chromium.mjs";
import { serve } from "./server.mjs";
import { OWN, STRESS, build, pagesOfEveryKind } from "./site.mjs";

const MODES = { light: null, "high contrast": /高对比/, "large text": /大字/ };
const WIDTHS = [375, 1280];

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A redirect page leaves before it can be looked at, so it is held back by taking out its refresh. */
async function hold(context) {
  await context.route(/\.html$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/<meta http-equiv="?refresh"?[^>]*>/i, "");
    await route.fulfill({ response, body });
  });
}

for (const [name, source] of Object.entries({ own: OWN, stress: STRESS })) {
  const site = build(source);
  for (const [mode, button] of Object.entries(MODES)) {
    test(`${name}: no barriers in ${mode}`, async () => {
      const server = await serve(site.out);
      const context = await browser.newContext();
      await hold(context);
      const page = await context.newPage();
      const found = [];
      for (const { kind, page: file } of pagesOfEveryKind(site)) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(server.root + file);
        if (button && kind !== "redirect" && (await tool(page, button).first().getAttribute("aria-pressed")) !== "true") {
          await press(page, button);
        }
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          found.push(...(await barriers(page)).map((barrier) => `${kind} ${file} at ${width}: ${barrier}`));
        }
      }
      await context.close();
      await server.stop();
      none(found);
    });
  }
}
