// Proves what a writer sees while the preview is open: every save comes to the page at once, and takes nothing away
// that the reader had done there; faults lie over the last good page and go by themselves.

import assert from "node:assert/strict";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { barriers } from "./barriers.mjs";
import { launch, listen } from "./chromium.mjs";
import { none } from "./none.mjs";
import { preview } from "./preview.mjs";
import { OWN, copyOf } from "./site.mjs";

const REPORT = "content/qinghe/2024/nianbao.md";
const ADDRESS = "qinghe/2024/nianbao.html";

let browser, context, page, site, troubles;
before(async () => (browser = await launch()));
after(() => browser.close());

/** Opens the preview of this repository's own site at an address, in a new browser. */
async function open(address, { source = OWN, options = [], ...look } = {}) {
  site = await preview(source, ...options);
  context = await browser.newContext(look);
  page = await context.newPage();
  ({ troubles } = listen(page, site.root));
  await page.goto(site.root + address);
  await settled();
}

/** Waits until the page hears of changes. */
async function settled() {
  await page.waitForFunction(() => performance.getEntriesByType("resource").some((entry) => entry.name.endsWith("live.js")));
  await page.waitForLoadState("load");
}

beforeEach(() => (troubles = []));
afterEach(async () => {
  await context?.close();
  await site?.stop();
  context = site = undefined;
});

const words = (text) => page.getByText(text).first().waitFor();
const gone = (text) => page.getByText(text).first().waitFor({ state: "detached" });
const errors = () => page.locator("gongkai-preview .errors");

/** Marks the document, so that a page that was loaded anew can be told from one that was changed in place. */
const mark = () => page.evaluate(() => (window.marked = true));
const isMarked = () => page.evaluate(() => window.marked === true);

test("a save comes to the open page in place, and silently", async () => {
  await open(ADDRESS);
  await mark();
  site.write(REPORT, site.read(REPORT).replace(/\n## /, "\n刚写下的第一句话。\n\n## "));
  await words("刚写下的第一句话。");
  assert.ok(await isMarked(), "the page was not loaded anew");
  none(troubles);
});

test("scroll, focus, typed text, opened details and the reader's settings stay", async () => {
  const folder = copyOf(OWN);
  const template = path.join(OWN, "themes/default/templates/report.html");
  const own = path.join(folder, "themes/default/templates/report.html");
  const form = '<form id="draft"><input aria-label="留言"><textarea aria-label="正文"></textarea></form><details id="more"><summary>更多</summary>内容</details>';
  cpSync(path.dirname(template), path.dirname(own), { recursive: true });
  writeFileSync(own, readFileSync(template, "utf8").replace(/\{%-? block main -?%\}/, (block) => block + form));
  await open(ADDRESS, { source: folder, viewport: { width: 1280, height: 500 } });
  await mark();
  await page.getByLabel("留言").fill("写到一半");
  await page.getByLabel("正文").fill("也写到一半");
  await page.getByRole("button", { name: "大字" }).first().click();
  await page.locator("#more summary").click();
  await page.getByLabel("留言").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.evaluate(() => window.scrollTo(0, 700));
  const state = () =>
    page.evaluate(() => ({
      scroll: Math.round(scrollY),
      focus: document.activeElement.getAttribute("aria-label"),
      caret: document.activeElement.selectionStart,
      typed: Array.from(document.querySelectorAll("#draft *"), (field) => field.value),
      open: document.querySelector("#more").open,
      text: document.documentElement.dataset.text,
      tools: document.querySelector(".tools").hidden,
    }));
  const before = await state();
  assert.deepEqual(before.typed, ["写到一半", "也写到一半"]);
  assert.equal(before.text, "large");
  assert.equal(before.scroll, 700);
  site.write(REPORT, `${site.read(REPORT)}\n文末新加的一段。\n`);
  await words("文末新加的一段。");
  assert.deepEqual(await state(), before);
  assert.ok(await isMarked());
  none(troubles);
});

test("a stylesheet is swapped without loading the page anew", async () => {
  await open(ADDRESS);
  await mark();
  site.copy(path.join(OWN, "themes/default/assets/style.css"), "themes/default/assets/style.css");
  const style = site.read("themes/default/assets/style.css");
  site.write("themes/default/assets/style.css", `${style}\nh1 { letter-spacing: 7px }\n`);
  await page.waitForFunction(() => getComputedStyle(document.querySelector("h1")).letterSpacing === "7px");
  await page.waitForFunction(() => document.querySelectorAll('link[rel=stylesheet][href*="style-"]').length === 1);
  assert.ok(await isMarked());
  none(troubles);
});

test("a fault lays a panel over the last good page, and goes by itself when it is mended", async () => {
  for (const [options, said, folded] of [
    [[], "1 处错误", "第 2 行"],
    [["--lang", "en"], "1 error", "line 2"],
  ]) {
    for (const width of [1280, 375]) {
      await open(ADDRESS, { options, viewport: { width, height: 700 } });
      await mark();
      const good = site.read(REPORT);
      const heading = await page.locator("h1").innerText();
      site.write(REPORT, good.replace(/^title:.*$/m, 'title: "没有收尾的引号'));
      await errors().waitFor();
      const panel = await errors().innerText();
      assert.match(panel, new RegExp(said));
      assert.ok(panel.includes(`${REPORT} ${folded}`), panel);
      assert.match(panel, /没有收尾的引号/);
      assert.equal(await page.locator("h1").innerText(), heading, "the last good page is there");
      const box = await errors().boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= width && box.y >= 0, `the panel fits at ${width}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      none(await barriers(page));
      await errors().locator("summary").click();
      assert.ok(!(await errors().locator("ol").isVisible()), "it can be folded away");
      // Folded it stays while another fault comes.
      site.write(REPORT, good.replace(/^year:.*$/m, "year: 二〇"));
      await page.getByText(said).first().waitFor();
      site.write(REPORT, good.replace("\n## ", "\n已经改好。\n\n## "));
      await errors().waitFor({ state: "detached" });
      await words("已经改好。");
      assert.ok(await isMarked());
      await context.close();
      await site.stop();
    }
  }
  context = site = undefined;
});

test("warnings of the page stand in a list of their own, folded at first", async () => {
  await open(ADDRESS);
  site.write(REPORT, `${site.read(REPORT)}\n${"这一段很长，".repeat(60)}见[不存在的附件](没有.pdf)。\n`);
  const list = page.locator("gongkai-preview .warnings");
  await list.waitFor();
  assert.match(await list.innerText(), /提示 1 条/);
  assert.ok(!(await list.locator("ol").isVisible()));
  await list.locator("summary").click();
  assert.match(await list.locator("ol").innerText(), /没有\.pdf/);
  await page.waitForFunction(() => {
    const line = document.querySelector("gongkai-preview").shadowRoot.querySelector(".warnings pre");
    const [whole, marked] = [line, line.querySelector("mark")].map((element) => element.getBoundingClientRect());
    return marked.left >= whole.left && marked.left < whole.right;
  });
  none(await barriers(page));
  await page.goto(`${site.root}index.html`);
  assert.equal(await list.count(), 0, "they are the report's alone");
});

test("the search finds what was just saved", async () => {
  await open("index.html");
  site.write(REPORT, `${site.read(REPORT)}\n从没有写过的鸢尾花。\n`);
  await page.goto(`${site.root}search.html?q=${encodeURIComponent("鸢尾花")}`);
  await page.getByText("找到 1 份").first().waitFor();
});

test("a report is renamed, deleted, added, and comes back", async () => {
  await open(ADDRESS);
  await mark();
  site.rename(REPORT, "content/qinghe/2024/gongkai-nianbao.md");
  await page.waitForURL(`${site.root}qinghe/2024/gongkai-nianbao.html`);
  await settled();
  await mark();
  const text = site.read("content/qinghe/2024/gongkai-nianbao.md");
  site.remove("content/qinghe/2024/gongkai-nianbao.md");
  await words("已经不在网站里");
  assert.ok(await page.locator("h1").isVisible(), "what was read can still be read");
  site.write("content/qinghe/2024/gongkai-nianbao.md", text.replace("\n## ", "\n又回来了。\n\n## "));
  await words("又回来了。");
  await gone("已经不在网站里");
  assert.ok(await isMarked());

  await page.goto(`${site.root}qinghe/2024/xinde.html`);
  await settled();
  site.write("content/qinghe/2024/xinde.md", text.replace(/^title:.*$/m, "title: 全新的一份报告").replace(/^slug:.*\n/m, ""));
  await words("全新的一份报告");
});

test("the address in the front matter is changed, and the page goes along", async () => {
  await open(ADDRESS);
  site.write(REPORT, site.read(REPORT).replace(/^---\n/, "---\nslug: biede\n"));
  await page.waitForURL(`${site.root}qinghe/2024/biede.html`);
});

test("a template and site.yaml are edited, broken and mended", async () => {
  await open(ADDRESS);
  await mark();
  const template = "themes/default/templates/report.html";
  site.copy(path.join(OWN, template), template);
  const text = site.read(template);
  site.write(template, text.replace(/\{%-? block main -?%\}/, (block) => `${block}<p>来自模板</p>`));
  await words("来自模板");
  site.write(template, text.replace(/\{%-? block main -?%\}/, (block) => `${block}{{ nothing.there }}`));
  await errors().waitFor();
  await words("来自模板");
  assert.match(await errors().innerText(), /report\.html/);
  site.remove("themes");
  await errors().waitFor({ state: "detached" });
  await gone("来自模板");
  site.write("site.yaml", site.read("site.yaml").replace(/^name: /m, "name: 改过名字的"));
  await words("改过名字的");
  const settings = site.read("site.yaml");
  site.write("site.yaml", "name: [\n");
  await errors().waitFor();
  await words("改过名字的");
  site.write("site.yaml", settings.replace("改过名字的", "又改了的"));
  await words("又改了的");
  await errors().waitFor({ state: "detached" });
  assert.match(await page.title(), /又改了的/, "the head is new too");
  assert.ok(await isMarked());
});

test("a hundred quick saves end in the right state", async () => {
  await open(ADDRESS);
  await mark();
  const text = site.read(REPORT);
  for (let number = 1; number <= 100; number += 1) {
    site.write(REPORT, text.replace("\n## ", `\n第${number}次保存。\n\n## `));
    if (number % 9 === 0) await new Promise((later) => setTimeout(later, number % 4));
  }
  await words("第100次保存。");
  assert.ok(await isMarked());
  const shown = await page.evaluate(() => document.querySelector("main").outerHTML.replace(/ (tabindex|role|aria-label|open)="[^"]*"/g, ""));
  const fresh = await context.newPage();
  await fresh.goto(page.url());
  await fresh.waitForLoadState("load");
  const anew = await fresh.evaluate(() => document.querySelector("main").outerHTML.replace(/ (tabindex|role|aria-label|open)="[^"]*"/g, ""));
  assert.equal(shown, anew, "a page that followed every save is the page that is loaded anew");
});

test("pages follow the writer where they are asked to", async () => {
  await open("index.html", { options: ["--follow"] });
  site.write(REPORT, `${site.read(REPORT)}\n${"中间一段。\n\n".repeat(40)}刚改的地方。\n`);
  await page.waitForURL(site.root + ADDRESS);
  await settled();
  site.change(REPORT, "刚改的地方。", "刚刚又改的地方。");
  await words("刚刚又改的地方。");
  await page.waitForFunction(() => {
    const found = Array.from(document.querySelectorAll("p")).find((p) => p.textContent === "刚刚又改的地方。");
    const { top, bottom } = found.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
});

test("a click opens the source in the editor", async () => {
  const folder = copyOf(OWN);
  const opened = path.join(folder, "opened.txt");
  await open(ADDRESS, { options: ["--editor", `cp {file} ${opened}`] });
  const broken = site.read(REPORT).replace(/^year:.*$/m, "year: 二〇");
  site.write(REPORT, broken);
  await errors().getByRole("button", { name: new RegExp(REPORT) }).first().click();
  while (!existsSync(opened)) await new Promise((later) => setTimeout(later, 10));
});

test("what the preview cannot show yet it shows as soon as it can", async () => {
  const folder = copyOf(OWN);
  const settings = readFileSync(path.join(folder, "site.yaml"), "utf8");
  writeFileSync(path.join(folder, "site.yaml"), "name: [\n");
  await open("", { source: folder });
  await errors().waitFor();
  site.write("site.yaml", settings);
  await page.locator("h1").first().waitFor();
  await errors().waitFor({ state: "detached" });
});
