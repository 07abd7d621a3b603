// What the search costs beside Pagefind on the same pages: processor seconds, peak memory, files, bytes, what a first
// query asks for in a real browser until its page of results is shown, and how long sixty queries take there, each with
// ten excerpts (all that a reader's screen shows at first, and the rest of the page).
//
//     PAGEFIND="npx pagefind@1.6.0" GONGKAI=target/release/gongkai node tests/bench/pagefind.mjs SITE…
//
// Each SITE is a folder with site.yaml and content. Needs GNU time, and `npm ci` in tests/browser.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { launch } from "../browser/chromium.mjs";

const QUERIES = ["法治", "行政执法", "政府信息公开", "依法行政 培训", "丁市镇", "2019年", "“安全生产”", "合法性审查"];
const program = process.env.GONGKAI ?? "target/release/gongkai";
const pagefind = process.env.PAGEFIND?.split(" ");

/** Sixty stretches of two to six Chinese characters from all over a site's content, the same ones every time. */
function stretches(site) {
  const files = readdirSync(path.join(site, "content"), { recursive: true }).filter((name) => name.endsWith(".md")).sort();
  return Array.from({ length: 60 }, (_, n) => {
    const text = readFileSync(path.join(site, "content", files[Math.floor((n * files.length) / 60)]), "utf8");
    const runs = text.split("---").at(-1).match(/[\u4e00-\u9fff]{8,}/g) ?? ["政府信息公开"];
    return runs[(n * 7) % runs.length].slice(n % 3, (n % 3) + 2 + (n % 5));
  });
}

/** Milliseconds of queries in one page, the middle and the nineteenth of twenty; `ask` is a script for one query. */
async function times(folder, address, ready, ask, queries) {
  const browser = await launch();
  const server = await serve(folder);
  const page = await browser.newPage();
  await page.goto(server.root + address);
  await page.waitForFunction(ready, undefined, { timeout: 60_000 });
  const spent = [];
  for (const query of queries) spent.push(await page.evaluate(`(async (query) => { const begun = performance.now(); await (${ask})(query); return performance.now() - begun; })(${JSON.stringify(query)})`));
  await browser.close();
  server.stop();
  spent.sort((a, b) => a - b);
  return { median: spent[Math.floor(spent.length / 2)], p95: spent[Math.floor(spent.length * 0.95)] };
}

/** Runs a program; gives its processor seconds and its peak memory in MiB. */
function cost(command) {
  const done = spawnSync("/usr/bin/time", ["-f", "%U %S %M", ...command], { encoding: "utf8", maxBuffer: 1 << 30 });
  if (done.status !== 0) throw new Error(`${command.join(" ")}: ${done.stderr.slice(-500)}`);
  const [user, system, memory] = done.stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { cpu: user + system, memory: memory / 1024 };
}

function below(folder) {
  const names = readdirSync(folder, { recursive: true }).map((name) => path.join(folder, name));
  const files = names.filter((name) => statSync(name).isFile());
  return { files: files.length, bytes: files.reduce((sum, file) => sum + statSync(file).size, 0) };
}

/** Serves a folder compressed, and counts what is asked for. */
async function serve(folder) {
  const asked = [];
  const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };
  const server = createServer((request, response) => {
    const file = path.join(folder, decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    if (!existsSync(file) || statSync(file).isDirectory()) return response.writeHead(404).end();
    const bytes = readFileSync(file);
    const small = gzipSync(bytes);
    asked.push({ url: request.url, raw: bytes.length, small: small.length });
    response.writeHead(200, { "content-type": types[path.extname(file)] ?? "application/octet-stream", "content-encoding": "gzip" });
    return response.end(small);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { asked, root: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

/** First queries, each in a browser that knows nothing yet; `mine` tells which requests count. */
async function firstQueries(folder, address, ready, mine) {
  const browser = await launch();
  const server = await serve(folder);
  const sums = { requests: 0, raw: 0, small: 0 };
  for (const query of QUERIES) {
    server.asked.length = 0;
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    await page.goto(server.root + address + encodeURIComponent(query));
    await page.waitForFunction(ready, undefined, { timeout: 60_000 });
    await page.waitForTimeout(300);
    for (const { url, raw, small } of server.asked.filter(({ url }) => mine(url))) {
      sums.requests += 1;
      sums.raw += raw;
      sums.small += small;
    }
    await context.close();
  }
  await browser.close();
  server.stop();
  return Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, sum / QUERIES.length]));
}

function row(name, { cpu, memory, files, bytes, requests, small, raw, median, p95 }) {
  const kb = (size) => (size / 1024).toFixed(0);
  console.log(`| ${name} | ${cpu.toFixed(2)} | ${memory.toFixed(0)} | ${files} | ${(bytes / 2 ** 20).toFixed(1)} | ${requests.toFixed(1)} | ${kb(small)} | ${kb(raw)} | ${median.toFixed(0)} | ${p95.toFixed(0)} |`);
}

for (const site of process.argv.slice(2)) {
  const work = mkdtempSync(path.join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "gongkai-search-"));
  const out = path.join(work, "out");
  const settings = path.join(site, "site.yaml");
  const own = readFileSync(settings, "utf8");
  const build = () => {
    rmSync(out, { recursive: true, force: true });
    rmSync(path.join(site, ".gongkai"), { recursive: true, force: true });
    return cost([program, "build", "--site", site, "--out", out]);
  };
  writeFileSync(settings, `${own.replace(/^search:.*$/m, "")}\nsearch: false\n`);
  const without = build();
  writeFileSync(settings, own);
  const whole = build();
  const reports = execFileSync("find", [path.join(site, "content"), "-name", "*.md"], { maxBuffer: 1 << 30 }).toString().trim().split("\n").length;
  console.log(`\n| ${reports} reports | CPU s | peak MiB | files | MiB | requests | KB gzip | KB | ms | ms p95 |`);
  console.log("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
  const found = () => /找到/.test(document.querySelector(".state").textContent) && document.querySelector(".hits li");
  const first = await firstQueries(out, "search.html?q=", found, (url) => /search|suggest/.test(url) && !/search\.html|\.css/.test(url));
  const queries = stretches(site);
  const asked = await times(out, "search.html?q=x", () => globalThis.gongkaiSearch, "async (query) => (await gongkaiSearch.search(query)).fill(10)", queries);
  row("build without search", { ...without, files: 0, bytes: 0, requests: 0, small: 0, raw: 0, median: 0, p95: 0 });
  row("search alone", { cpu: whole.cpu - without.cpu, memory: whole.memory, ...below(path.join(out, "search")), ...first, ...asked });
  if (pagefind) {
    const spent = cost([...pagefind, "--site", out, "--output-path", path.join(out, "pagefind"), "--glob", "*/[0-9]*/r*.html", "--force-language", "zh"]);
    writeFileSync(path.join(out, "try.html"), '<!doctype html><title>try</title><script type="module" src="try.js"></script>');
    writeFileSync(path.join(out, "try.js"), `import * as pagefind from "./pagefind/pagefind.js";
const found = await pagefind.search(new URLSearchParams(location.search).get("q"));
await Promise.all(found.results.slice(0, 10).map((result) => result.data()));
window.pagefind = pagefind;
document.body.dataset.done = found.results.length;`);
    const first = await firstQueries(out, "try.html?q=", () => document.body.dataset.done, (url) => url.startsWith("/pagefind/"));
    const asked = await times(out, "try.html?q=x", () => globalThis.pagefind, "async (query) => Promise.all((await pagefind.search(query)).results.slice(0, 10).map((result) => result.data()))", queries);
    row("Pagefind", { ...spent, ...below(path.join(out, "pagefind")), ...first, ...asked });
  }
  rmSync(work, { recursive: true });
}
