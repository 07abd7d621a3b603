// Proves that the search finds, in a real browser, what the same index gives in the terminal: from a folder, at any
// path, under the strict policy; by keyboard alone; and that a damaged file is told and hurts nothing else.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { constants, deflateRawSync } from "node:zlib";
import { none } from "./none.mjs";
import { launch, listen } from "./chromium.mjs";
import { serve } from "./server.mjs";
import { OWN, STRESS, build, copyOf, PROGRAM } from "./site.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const own = build(OWN);
const stress = build(STRESS);

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** The address of the results for some words. */
function results(root, words, more = {}) {
  return `${new URL("search.html", root)}?${new URLSearchParams({ q: words, ...more })}`;
}

/** Opens a page of results and waits until it is done. */
async function find(page, root, words, more) {
  await page.goto(results(root, words, more));
  await settled(page);
}

async function settled(page) {
  await page.waitForFunction(() => /找到|缺失|写出/.test(document.querySelector(".state")?.textContent ?? ""));
}

/** What the same index gives in the terminal. */
function terminal(site, words, ...more) {
  const said = execFileSync(PROGRAM, ["search", "--out", site.out, "--json", "--limit", "100", ...more, "--", words]);
  return JSON.parse(said.toString());
}

/** Answers of the page's own reader, in the form of the terminal's. */
async function inPage(page, words, options = {}) {
  return page.evaluate(
    async ([words, options]) => {
      const found = await globalThis.gongkaiSearch.search(words, options);
      await found.fill(100);
      const hits = found.hits.map(({ title, address, excerpt }) => ({ title, address, excerpt: excerpt.map(([text]) => text).join("") }));
      return { total: found.total, exact: found.isCertain, hits };
    },
    [words, options],
  );
}

const QUERIES = [
  "法", "法治", "法治政府", "政府信息公开", "依法行政 报告", "“依法行政” -决算", "-法治 年度报告", "2024年", "３５％", "环境保護", "丁市镇", "二○二四",
  "第35条", "建设情况报告", "2025-01-14", "script", "zzzz", "，。", "国办发〔2021〕30号", "工作 -2023 -2022", "主要举措和成效", "100%",
];

for (const [name, site] of Object.entries({ own, stress })) {
  for (const place of ["file://", "/", "/a/b/"]) {
    test(`${name}: answers at ${place} as in the terminal, in silence`, async () => {
      const server = place === "file://" ? null : await serve(site.out, place);
      const root = server?.root ?? pathToFileURL(site.out + path.sep).href;
      const page = await browser.newPage();
      const { troubles } = listen(page, root);
      await find(page, root, "报告");
      for (const words of QUERIES) {
        const { total, exact, hits } = terminal(site, words);
        const expected = { total, exact, hits: hits.map(({ title, address, excerpt }) => ({ title, address, excerpt })) };
        assert.deepEqual(await inPage(page, words), expected, words);
      }
      none(troubles);
      await page.close();
      await server?.stop();
    });
  }
}

test("folding is the same for every code point", async () => {
  const page = await browser.newPage();
  await page.goto(results(pathToFileURL(own.out + path.sep).href, ""));
  const hash = await page.evaluate(async () => {
    await globalThis.gongkaiSearch.loadTable();
    let hash = 0x811c9dc5;
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const folded = `${globalThis.gongkaiSearch.fold(String.fromCodePoint(code))}\n`;
      for (let at = 0; at < folded.length; at++) hash = Math.imul(hash ^ folded.charCodeAt(at), 0x01000193);
    }
    return (hash >>> 0).toString(16);
  });
  // The generator's own test holds the same number.
  const test = readFileSync(path.join(OWN, "src/search/fold.rs"), "utf8");
  assert.match(test, new RegExp(`"${hash}"`));
  await page.close();
});

test("what is deflated in any way comes out again", async () => {
  const page = await browser.newPage();
  await page.goto(results(pathToFileURL(own.out + path.sep).href, ""));
  let seed = 1;
  const dice = (below) => (seed = (seed * 48271) % 0x7fffffff) % below;
  const texts = Array.from({ length: 24 }, (_, n) => Buffer.from(Array.from({ length: dice(9000) }, (_, at) => [dice(256), 65 + dice(4), at % 300, dice(7) ** 3 % 256][n % 4])));
  for (const text of texts) {
    for (const [level, strategy] of [[0, 0], [1, 0], [6, 0], [9, 0], [6, constants.Z_HUFFMAN_ONLY], [6, constants.Z_FIXED]]) {
      const packed = [...deflateRawSync(text, { level, strategy }), 0];
      const out = await page.evaluate((packed) => [...globalThis.gongkaiSearch.inflate(new Uint8Array(packed), "test")], packed);
      assert.deepEqual(out, [...text], `${text.length} bytes, level ${level}, strategy ${strategy}`);
    }
  }
  await page.close();
});

test("by keyboard alone: from the box to the marked words, and back", async () => {
  const root = pathToFileURL(own.out + path.sep).href;
  const page = await browser.newPage();
  const { troubles } = listen(page, root);
  await page.goto(new URL("index.html", root).href);
  for (let n = 0; n < 6 && (await page.evaluate(() => document.activeElement.name)) !== "q"; n++) await page.keyboard.press("Tab");
  await page.keyboard.type("法治政府");
  // A page that is left stops what it was still fetching, which is no fault.
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search\.html\?q=/);
  await settled(page);
  await page.locator("#words").focus();
  for (let n = 0; n < 12 && !(await page.evaluate(() => document.activeElement.closest(".hits"))); n++) await page.keyboard.press("Tab");
  const address = await page.evaluate(() => document.activeElement.href);
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("Enter");
  await page.waitForURL(address);
  const mark = page.locator(".body mark.found, h1 mark.found").last();
  await mark.waitFor();
  assert.equal(await page.locator("mark.found").first().textContent(), "法治政府");
  assert.ok(await page.evaluate(() => [...document.querySelectorAll("mark.found")].some((mark) => {
    const box = mark.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight;
  })), "a mark is in view");
  await page.goBack();
  await settled(page);
  assert.equal(await page.locator("#words").inputValue(), "法治政府");
  assert.ok((await page.locator(".hits li").count()) > 0);
  none(troubles);
  await page.close();
});

test("filters, order and pages are in the address", async () => {
  const root = pathToFileURL(own.out + path.sep).href;
  const page = await browser.newPage();
  await find(page, root, "报告");
  const all = terminal(own, "报告").total;
  assert.match(await page.locator(".state").textContent(), new RegExp(`找到 ${all} 份`));
  const option = page.locator("select").first().locator("option").nth(1);
  const [, year, count] = /(\d+)年（(\d+)）/.exec(await option.textContent());
  await page.locator("select").first().selectOption(year);
  await page.waitForURL(/year=/);
  await settled(page);
  assert.match(await page.locator(".state").textContent(), new RegExp(`找到 ${count} 份`));
  assert.equal(terminal(own, "报告", "--year", year).total, Number(count));
  await find(page, root, "报告", { sort: "date" });
  const newest = terminal(own, "报告", "--by-date").hits[0].title;
  assert.equal(await page.locator(".hits a").first().textContent(), newest);
  await find(page, root, "报告", { page: "2" });
  const titles = await page.locator(".hits a").allTextContents();
  assert.equal(titles[0], terminal(own, "报告").hits[10].title);
  await page.locator(".pager a[rel=prev]").click();
  await page.waitForURL((now) => !now.href.includes("page="));
  await page.close();
});

test("no barriers on a page of results, and it fits a telephone", async () => {
  const server = await serve(own.out, "/a/b/");
  for (const width of [375, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 700 }, bypassCSP: true });
    const page = await context.newPage();
    for (const words of ["法治", "没有的词 法治"]) {
      await find(page, server.root, words);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run(document));
      none(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${width} ${words}: ${id} at ${target}`)));
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} is too narrow`);
    }
    await context.close();
  }
  await server.stop();
});

test("hostile titles and bodies stay words", async () => {
  const root = pathToFileURL(stress.out + path.sep).href;
  const page = await browser.newPage();
  const { troubles } = listen(page, root);
  for (const words of ["script", "alert", "<img", "onerror=", "&amp;", "javascript:", "\"><svg", "'", "报告"]) {
    await page.goto(results(root, words));
    await settled(page);
    assert.equal(await page.locator(".found script, .found img, .found svg").count(), 0);
  }
  none(troubles);
  await page.close();
});

test("without script the page says so and leads to the lists", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(results(pathToFileURL(own.out + path.sep).href, "法治"));
  assert.match(await page.locator("noscript").innerText(), /JavaScript/);
  await page.locator("main .links a").first().click();
  await page.waitForURL(/years/);
  await context.close();
});

/** Files of the index below one folder of each segment. */
function files(out, part) {
  return readdirSync(path.join(out, "search"), { recursive: true })
    .map((name) => path.join(out, "search", name))
    .filter((file) => statSync(file).isFile() && file.includes(`${path.sep}${part}${path.sep}`));
}

test("a damaged or missing file is named, and the rest works", async () => {
  for (const damage of [(file) => rmSync(file), (file) => writeFileSync(file, readFileSync(file, "utf8").slice(0, 40)), (file) => writeFileSync(file, "gk(")]) {
    for (const part of ["s", "t"]) {
      const out = mkdtempSync(path.join(tmpdir(), "gongkai-damaged-"));
      cpSync(own.out, out, { recursive: true });
      files(out, part).forEach(damage);
      const page = await browser.newPage();
      await find(page, pathToFileURL(out + path.sep).href, "法治");
      assert.match(await page.locator(".state").textContent(), /search\/\S+\.js 缺失或损坏/);
      assert.ok(await page.locator("main .links a").first().isVisible());
      await page.close();
      rmSync(out, { recursive: true });
    }
  }
  assert.ok(existsSync(own.out));
});

test("a damaged file of a sealed year is named where it lies, on the site and in the year", async () => {
  const out = mkdtempSync(path.join(tmpdir(), "gongkai-sealed-"));
  execFileSync(PROGRAM, ["archive", "seal", "2023", "--site", copyOf(OWN), "--out", out], { stdio: "pipe" });
  const year = path.join(out, "years/2023");
  files(year, "s").forEach((file) => rmSync(file));
  const page = await browser.newPage();
  const root = pathToFileURL(out + path.sep).href;
  await find(page, root, "法治");
  assert.match(await page.locator(".state").textContent(), /找到.*查找用的文件 years\/2023\/search\/\S+\.js 缺失或损坏/);
  assert.ok((await page.locator(".hits li").count()) > 0, "the other years are shown");
  await page.goto("about:blank");
  await page.goto(`${root}years/2023/search.html#${new URLSearchParams({ q: "法治" })}`);
  await settled(page);
  assert.match(await page.locator(".state").textContent(), /years\/2023\/search\/\S+\.js 缺失或损坏/);
  await page.close();
  rmSync(out, { recursive: true });
});
