// Builds the sites that the browser tests look at, and lists their pages.
//
// Every test file builds for itself, from a copy into a new temporary folder (a build takes milliseconds), so that no
// test depends on what another left behind. Pages are sorted by kind, so that a test that looks at "every kind of
// page" needs no list of addresses.
//
// To run one test file by itself, after `cargo build --release` and `npm ci` in this folder:
//
//     node --test tests/browser/links.test.mjs
//
// GONGKAI names another program to build with, CHROMIUM another browser.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.resolve(here, "../..");
const target = path.resolve(repository, process.env.CARGO_TARGET_DIR ?? "target");

/** The program under test. */
export const PROGRAM = process.env.GONGKAI ?? path.join(target, "release/gongkai");

/** The address that the sites with a known address are built for. */
export const BASE_URL = "https://www.example.gov.cn/a/b/";

/** This repository's own site. */
export const OWN = repository;

/** A small site of difficult content: hostile titles, wide tables, long words, links to elsewhere, empty columns. */
export const STRESS = path.join(here, "fixtures/stress");

/** The kinds of page by their addresses; the first that fits counts. */
const KINDS = [
  ["home", /^index\.html$/],
  ["404", /^404\.html$/],
  ["map", /^map\.html$/],
  ["search", /^search\.html$/],
  ["overview", /^overview(-\d+)?\.html$/],
  ["column", /^columns\//],
  ["kinds", /^kinds\/index\.html$/],
  ["kind", /^kinds\//],
  ["years", /^years\/index\.html$/],
  ["year", /^years\//],
  ["towns", /^towns\/(index|page-\d+)\.html$/],
  ["town-year", /^[^/]+\/\d{4}\/(index|page-\d+)\.html$/],
  ["report", /^[^/]+\/\d{4}\/[^/]+\.html$/],
  ["town", /^[^/]+\/(index|page-\d+)\.html$/],
  ["standing", /^([^/]+\/)?[^/]+\.html$/],
];

/** Every kind of page that the default theme knows. A site need not have each; the sites under test together must. */
export const ALL_KINDS = [...KINDS.map(([kind]) => kind), "redirect"];

/** The kind of a page. A redirect may lie anywhere, and is known by what it does. */
export function kindOf(page, html) {
  if (/http-equiv="?refresh/i.test(html)) return "redirect";
  return KINDS.find(([, pattern]) => pattern.test(page))?.[0] ?? "unknown";
}

const temporary = [];
process.on("exit", () => temporary.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "gongkai-site-"));
  temporary.push(folder);
  return folder;
}

/** Copies what a site is made from into a new temporary folder. */
export function copyOf(source) {
  const copy = temporaryFolder();
  for (const part of ["site.yaml", "content", "themes"].filter((part) => existsSync(path.join(source, part)))) {
    cpSync(path.join(source, part), path.join(copy, part), { recursive: true });
  }
  return copy;
}

/** Builds the site in `source`, and gives the folder it was built into and its files, as paths with `/`. */
export function build(source, baseUrl = null) {
  const copy = copyOf(source);
  const out = temporaryFolder();
  const address = baseUrl === null ? [] : ["--base-url", baseUrl];
  try {
    execFileSync(PROGRAM, ["build", "--site", copy, "--out", out, ...address], { stdio: "pipe" });
  } catch (error) {
    throw new Error(`${source} could not be built: ${error.message}\n${error.stdout}`);
  }
  const files = readdirSync(out, { recursive: true })
    .filter((name) => statSync(path.join(out, name)).isFile())
    .map((name) => name.split(path.sep).join("/"))
    .filter((name) => !name.split("/").some((part) => part.startsWith(".")))
    .sort();
  return { out, files, baseUrl, pages: files.filter((name) => name.endsWith(".html")) };
}

/** The bytes of one file of a built site, as text. */
export function text(site, file) {
  return readFileSync(path.join(site.out, file), "utf8");
}

/** The fullest and the emptiest page of every kind in a site, as `{ kind, page }`. */
export function pagesOfEveryKind(site) {
  const kinds = new Map();
  for (const page of site.pages) {
    const html = text(site, page);
    const kind = kindOf(page, html);
    kinds.set(kind, [...(kinds.get(kind) ?? []), { kind, page, length: html.length }]);
  }
  return [...kinds.values()].flatMap((pages) => {
    pages.sort((a, b) => a.length - b.length || (a.page < b.page ? -1 : 1));
    return pages.length === 1 ? pages : [pages[0], pages.at(-1)];
  });
}
