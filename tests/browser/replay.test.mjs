// Proves that the exported WACZ of a sealed year plays in the programs that archives have: every page of the year, in
// ReplayWeb.page and in pywb, with nothing missing and without a request to anybody else.
//
// Both come with the tests against programs of others (tests/run: target/peers).

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { launch } from "./chromium.mjs";
import { none } from "./none.mjs";
import { OWN, PROGRAM, copyOf } from "./site.mjs";

const PEERS = path.join(OWN, "target/peers");
const BASE = "https://www.example.gov.cn/xxgk/";

let browser, folder, pages;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "gongkai-replay-"));
  const site = copyOf(OWN);
  const run = (...words) => execFileSync(PROGRAM, words, { stdio: "pipe" });
  run("archive", "seal", "2023", "--site", site, "--out", path.join(folder, "public"));
  run("archive", "export", "2023", "--site", site, "--form", "wacz", "--to", folder, "--base-url", BASE);
  const seal = JSON.parse(readFileSync(path.join(site, "archive/2023/v1/years/2023/seal.json"), "utf8"));
  pages = seal.pages.map((page) => page.address);
  assert.ok(pages.length > 5);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A free port of this machine. */
function freePort() {
  return new Promise((found) => {
    const socket = createSocket().listen(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => found(port));
    });
  });
}

/**
 * Writes down which parts of archived pages do not come, and what is asked of others; `root` is where anything may be
 * asked. What a replayer asks itself (is the package known already? how long is it?) may be answered with no.
 */
function listen(context, root) {
  const troubles = [];
  const isArchived = (url) => url.includes(BASE) && !url.includes("?source=");
  context.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(root) && !/^(data|blob):/.test(url)) troubles.push(`outside: ${url}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400 && isArchived(response.url())) troubles.push(`${response.status()}: ${response.url()}`);
  });
  context.on("requestfailed", (request) => {
    if (isArchived(request.url())) troubles.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  return troubles;
}

/** What the archived page shows: its heading, and how many of its stylesheets and pictures are there. */
function shown() {
  const sheets = [...document.querySelectorAll('link[rel="stylesheet"]')];
  const pictures = [...document.images];
  return {
    heading: document.querySelector("h1")?.textContent ?? document.title,
    sealed: document.body.textContent.includes("已归档"),
    missing: [...sheets.filter((sheet) => !sheet.sheet), ...pictures.filter((picture) => picture.complete && !picture.naturalWidth)].length,
  };
}

/** The heading of a page as it was sealed. */
function heading(address) {
  const html = readFileSync(path.join(folder, "public", address), "utf8");
  const [, title] = /<h1[^>]*>(.*?)<\/h1>/s.exec(html) ?? /<title>(.*?)<\/title>/s.exec(html);
  return title.replace(/<[^>]*>/g, "").replaceAll("&amp;", "&").trim();
}

const isRedirect = (address) => /http-equiv="?refresh/i.test(readFileSync(path.join(folder, "public", address), "utf8"));

test("ReplayWeb.page shows every page of the year", async () => {
  const replayer = path.join(PEERS, "node_modules/replaywebpage");
  const front = '<!doctype html><title>x</title><script src="/ui.js"></script>'
    + `<replay-web-page source="/year.wacz" url="${BASE}years/2023/index.html" replayBase="/replay/" embed="replayonly"></replay-web-page>`;
  const files = {
    "/": ["text/html", Buffer.from(front)],
    "/ui.js": ["text/javascript", readFileSync(path.join(replayer, "ui.js"))],
    "/replay/sw.js": ["text/javascript", readFileSync(path.join(replayer, "sw.js"))],
    "/replay/": ["text/html", Buffer.from('<!doctype html><script src="/ui.js"></script><body><replay-app-main></replay-app-main>')],
  };
  const wacz = path.join(folder, "2023-v1.wacz");
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname === "/year.wacz") return part(wacz, request, response);
    const [type, body] = files[pathname] ?? [];
    if (body) response.writeHead(200, { "Content-Type": type }).end(body);
    else response.writeHead(404).end();
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  server.unref();
  const root = `http://localhost:${server.address().port}/`;
  const context = await browser.newContext();
  const troubles = listen(context, root);
  const page = await context.newPage();
  const faults = [];
  await page.goto(root);
  for (const address of pages.filter((address) => !isRedirect(address))) {
    await page.evaluate((url) => { document.querySelector("replay-web-page").setAttribute("url", url); }, BASE + address);
    const frame = await frameOf(page, BASE + address);
    const seen = await frame.evaluate(shown);
    if (seen.heading.trim() !== heading(address) || !seen.sealed || seen.missing) faults.push(`${address}: ${JSON.stringify(seen)}`);
  }
  none([...faults, ...troubles]);
  await context.close();
  server.close();
});

/** A part of a file, as the replayer asks for it; its own suffix ranges may be longer than the file. */
function part(file, request, response) {
  const { size } = statSync(file);
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [null, "0", ""];
  const first = from === "" ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  const bytes = Buffer.alloc(Math.max(last - first + 1, 0));
  const opened = openSync(file, "r");
  readSync(opened, bytes, 0, bytes.length, first);
  closeSync(opened);
  const range = request.headers.range ? { "Content-Range": `bytes ${first}-${last}/${size}` } : {};
  response.writeHead(request.headers.range ? 206 : 200, { "Content-Type": "application/wacz", "Accept-Ranges": "bytes", "Content-Length": bytes.length, ...range });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

/** The frame that shows an archived address, when it has come. */
async function frameOf(page, url) {
  for (let tries = 0; tries < 600; tries++) {
    const frame = page.frames().find((frame) => frame !== page.mainFrame() && frame.url().endsWith(`/${url}`));
    if (frame && (await frame.evaluate(() => document.readyState === "complete" && !!document.body?.textContent.trim()).catch(() => false))) return frame;
    await page.waitForTimeout(50);
  }
  throw new Error(`${url} was not shown; there are ${page.frames().map((frame) => frame.url()).join(" ")}`);
}

test("pywb shows every page of the year", async () => {
  const home = path.join(folder, "pywb");
  mkdirSync(home);
  const bin = path.join(PEERS, "venv/bin");
  const manager = (...words) => execFileSync(path.join(bin, "wb-manager"), words, { cwd: home, stdio: "pipe" });
  manager("init", "year");
  const wacz = path.join(home, "2023.wacz");
  cpSync(path.join(folder, "2023-v1.wacz"), wacz);
  manager("add", "--unpack-wacz", "year", wacz);
  const port = await freePort();
  const child = spawn(path.join(bin, "pywb"), ["--port", String(port), "--bind", "127.0.0.1"], { cwd: home, stdio: "ignore" });
  try {
    const root = `http://127.0.0.1:${port}/`;
    for (let tries = 0; ; tries++) {
      if (await fetch(root).then(() => true, () => false)) break;
      if (tries > 200 || child.exitCode !== null) throw new Error("pywb does not answer");
      await new Promise((later) => setTimeout(later, 100));
    }
    const context = await browser.newContext();
    const troubles = listen(context, root);
    const page = await context.newPage();
    const faults = [];
    for (const address of pages.filter((address) => !isRedirect(address))) {
      await page.goto(`${root}year/${BASE}${address}`);
      const frame = await frameOf(page, BASE + address);
      const seen = await frame.evaluate(shown);
      if (seen.heading.trim() !== heading(address) || !seen.sealed || seen.missing) faults.push(`${address}: ${JSON.stringify(seen)}`);
    }
    none([...faults, ...troubles]);
    await context.close();
  } finally {
    child.kill();
  }
});
