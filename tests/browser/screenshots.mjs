// Takes the pictures of this repository's own site that the README shows and reviewers look at:
//
//     node tests/browser/screenshots.mjs FOLDER
//
// Home, a year, a report and the overview at 375 and 1280 px, and a report as it is printed (report.pdf, and
// report-print-1.png … where pdftoppm is installed).

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { launch } from "./chromium.mjs";
import { serve } from "./server.mjs";
import { OWN, build, pagesOfEveryKind } from "./site.mjs";

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node tests/browser/screenshots.mjs FOLDER");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const site = build(OWN);
const fullest = new Map(pagesOfEveryKind(site).map(({ kind, page }) => [kind, page]));
const server = await serve(site.out);
const browser = await launch();
const page = await browser.newPage();

for (const kind of ["home", "year", "report", "overview"]) {
  await page.goto(server.root + fullest.get(kind));
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: width === 375 ? 812 : 900 });
    await page.screenshot({ path: path.join(folder, `${kind}-${width}.png`), fullPage: true });
    await page.screenshot({ path: path.join(folder, `${kind}-${width}-top.png`) });
  }
}

await page.goto(server.root + fullest.get("report"));
const pdf = path.join(folder, "report.pdf");
await page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: true });
spawnSync("pdftoppm", ["-r", "80", "-png", pdf, path.join(folder, "report-print")]);

await browser.close();
await server.stop();
console.log(`pictures are in ${folder}`);
