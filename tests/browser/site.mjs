// Builds the sites that the browser tests look at, and lists their pages.
//
// Every test file builds for itself into a new temporary folder (a build takes milliseconds), so that no test
// depends on what another left behind. The pages of a site are sorted by their template, which each page names in
// its body class (`<body class="t-report">`): a test that looks at "every kind of page" needs no list of addresses.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.resolve(here, "../..");
const target = path.resolve(repository, process.env.CARGO_TARGET_DIR ?? "target");
const program = process.env.GONGKAI ?? path.join(target, "release/gongkai");

/** The address that the sites with a known address are built for. */
export const BASE_URL = "https://www.example.gov.cn/a/b/";

/** This repository's own site. */
export const OWN = repository;

/** A small site of difficult content: hostile titles, wide tables, long words, links to elsewhere, empty columns. */
export const STRESS = path.join(here, "fixtures/stress");

/** Every template of the default theme. A site need not have a page of each, but both sites together must. */
export const TEMPLATES = [
  "home", "report", "standing", "years", "year", "towns", "town", "town-year", "kinds", "kind", "column", "overview",
  "map", "404", "redirect",
];

const temporary = [];
process.on("exit", () => temporary.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Builds the site in `source`, and gives the folder it was built into and its files, as paths with `/`. */
export function build(source, baseUrl = null) {
  const out = mkdtempSync(path.join(tmpdir(), "gongkai-site-"));
  temporary.push(out);
  const address = baseUrl === null ? [] : ["--base-url", baseUrl];
  execFileSync(program, ["build", "--site", source, "--out", out, ...address], { stdio: ["ignore", "ignore", "inherit"] });
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

/** The template that made a page. */
export function template(html) {
  return /<body[^>]*\sclass="?(?:[^">]*\s)?t-([a-z0-9-]+)/.exec(html)?.[1] ?? "unknown";
}

/** The fullest and the emptiest page of every kind in a site, as `{ kind, page }`. */
export function pagesOfEveryKind(site) {
  const kinds = new Map();
  for (const page of site.pages) {
    const html = text(site, page);
    const kind = template(html);
    kinds.set(kind, [...(kinds.get(kind) ?? []), { kind, page, length: html.length }]);
  }
  return [...kinds.values()].flatMap((pages) => {
    pages.sort((a, b) => a.length - b.length || (a.page < b.page ? -1 : 1));
    return pages.length === 1 ? pages : [pages[0], pages.at(-1)];
  });
}
