// Proves that site maps and Atom feeds are well formed, valid against the grammars in schemas/ (checked by Jing,
// which the Nu checker carries inside), complete, and that every address in them is a file of the site.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { BASE_URL, OWN, STRESS, build, kindOf, text } from "./site.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const jar = path.join(here, "node_modules/vnu-jar/build/dist/vnu.jar");
const jing = "nu.validator.vendor.thaiopensource.relaxng.util.Driver";

/** What is wrong with some files of a site by a grammar in schemas/. */
function faults(site, grammar, files) {
  const schema = path.join(here, "schemas", grammar);
  const run = spawnSync("java", ["-cp", jar, jing, "-c", schema, ...files.map((file) => path.join(site.out, file))], {
    encoding: "utf8",
  });
  assert.equal(run.error, undefined);
  return run.status === 0 ? "" : run.stdout + run.stderr;
}

/** What stands between `<name …>` and `</name>`, wherever it stands. */
function contents(xml, name) {
  return [...xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`, "g"))].map(([, inner]) => inner);
}

/** The values of an attribute of an element. */
function attributes(xml, name, attribute) {
  return [...xml.matchAll(new RegExp(`<${name}\\s[^>]*?${attribute}="([^"]*)"`, "g"))].map(([, value]) => value);
}

/** Of some addresses, those that are not below the site's own address or have no file. */
function astray(site, addresses) {
  return addresses.filter((address) => {
    if (!address.startsWith(BASE_URL)) return true;
    const name = decodeURIComponent(new URL(address.replaceAll("&amp;", "&")).href.slice(BASE_URL.length));
    return !existsSync(path.join(site.out, name || "index.html"));
  });
}

for (const [name, source] of Object.entries({ own: OWN, stress: STRESS })) {
  const site = build(source, BASE_URL);
  const xml = site.files.filter((file) => file.endsWith(".xml"));
  const maps = xml.filter((file) => /<(urlset|sitemapindex)\b/.test(text(site, file)));
  const feeds = xml.filter((file) => /<feed\b/.test(text(site, file)));

  test(`${name}: the site map is valid and names every page that a search engine should know`, () => {
    assert.ok(maps.includes("sitemap.xml"), "there is a sitemap.xml");
    assert.equal(faults(site, "sitemap.rnc", maps), "");
    const addresses = maps.flatMap((file) => contents(text(site, file), "loc"));
    assert.deepEqual(astray(site, addresses), []);
    assert.equal(new Set(addresses).size, addresses.length, "no address stands twice");
    const named = new Set(addresses.map((address) => decodeURIComponent(address.slice(BASE_URL.length)) || "index.html"));
    for (const page of site.pages) {
      const kind = kindOf(page, text(site, page));
      if (kind === "report" || kind === "standing") assert.ok(named.has(page), `${page} is in the site map`);
      if (kind === "redirect" || kind === "404") assert.ok(!named.has(page), `${page} is not in the site map`);
    }
  });

  test(`${name}: ${feeds.length} feeds are valid, and their links lead to pages`, () => {
    assert.ok(feeds.length >= 3, "for the site, for towns, for kinds");
    assert.deepEqual(xml.filter((file) => !maps.includes(file) && !feeds.includes(file)), [], "no unknown XML");
    assert.equal(faults(site, "atom.rnc", feeds), "");
    for (const file of feeds) {
      const feed = text(site, file);
      assert.deepEqual(astray(site, attributes(feed, "link", "href")), [], file);
      const self = /<link[^>]*rel="self"[^>]*>/.exec(feed)?.[0] ?? "";
      assert.deepEqual(attributes(self, "link", "href"), [BASE_URL + file], `${file} names itself`);
      const [own, ...entries] = contents(feed, "id");
      assert.equal(new Set([own, ...entries]).size, entries.length + 1, `${file}: every id is its own`);
      const [latest, ...updates] = contents(feed, "updated").map((moment) => Date.parse(moment));
      assert.ok(updates.every((moment) => moment <= latest), `${file} is as new as its newest entry`);
    }
  });
}

test("without a base URL no feed or site map claims an address", () => {
  const site = build(STRESS);
  for (const file of site.files.filter((name) => name.endsWith(".xml"))) {
    assert.deepEqual(contents(text(site, file), "loc"), [], file);
    assert.ok(!text(site, file).includes("href=\"http"), file);
  }
});
