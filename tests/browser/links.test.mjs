// Proves that no link on any page is broken, wherever the site lies: opened from a folder (`file://`), at the root
// of a server (`/`), or below a county's site (`/a/b/`). A link's fragment must be an id on the page it leads to;
// an address with another host may only stand on a link that is marked as leaving the site.

import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parse } from "parse5";
import { none } from "./none.mjs";
import { ALL_KINDS, BASE_URL, OWN, STRESS, build, kindOf, text } from "./site.mjs";
import { serve } from "./server.mjs";

const sites = {
  own: build(OWN),
  "own with a base URL": build(OWN, BASE_URL),
  stress: build(STRESS),
  "stress with a base URL": build(STRESS, BASE_URL),
};

/** Every address on a page and every id, in one walk. */
function addresses(html) {
  const links = [];
  const ids = new Set();
  const visit = (node) => {
    const attributes = Object.fromEntries((node.attrs ?? []).map(({ name, value }) => [name, value]));
    if (attributes.id) ids.add(attributes.id);
    for (const name of ["href", "src", "poster", "action"]) {
      if (name in attributes) links.push({ tag: node.tagName, address: attributes[name], attributes });
    }
    for (const part of (attributes.srcset ?? "").split(",").filter((part) => part.trim() !== "")) {
      links.push({ tag: node.tagName, address: part.trim().split(/\s+/)[0], attributes });
    }
    if (node.tagName === "meta" && attributes["http-equiv"]?.toLowerCase() === "refresh") {
      links.push({ tag: "meta", address: attributes.content.replace(/^[^=]*=\s*/, ""), attributes });
    }
    (node.content ?? node).childNodes?.forEach(visit);
  };
  visit(parse(html));
  return { links, ids };
}

/** All pages of a site, read once. */
function read(site) {
  return new Map(site.pages.map((page) => [page, addresses(text(site, page))]));
}

/** Why an absolute address to another host may not stand here, or null where it may. */
function misplaced(site, { tag, address, attributes }) {
  if (/^(mailto|tel):/.test(address) && tag === "a") return null;
  const identity = tag === "link" && /\b(canonical|alternate)\b/.test(attributes.rel ?? "");
  if (identity) return address.startsWith(site.baseUrl ?? "\n") ? null : `${tag} to another site`;
  if (tag !== "a") return `${tag} loads from another host`;
  const { protocol, hostname } = new URL(address);
  if (!/^https?:$/.test(protocol)) return "an address that is neither a page nor a mailbox";
  const official = /(^|\.)gov\.cn$/.test(hostname);
  return official || /\boutside\b/.test(attributes.class ?? "") ? null : "a link that leaves without being marked";
}

/** Where an address of the published site lies below another root; a folder means its `index.html`. */
function published(address, baseUrl, root) {
  const target = new URL(address.slice(baseUrl.length), root);
  if (target.pathname.endsWith("/")) target.pathname += "index.html";
  return target;
}

/**
 * Every broken link of a site whose root is at `root`. `missing` tells, for the address of a file without its
 * fragment, why it cannot be had (or null); each address is asked for once.
 */
async function broken(site, pages, root, missing) {
  const answers = new Map();
  const faults = [];
  for (const [page, { links }] of pages) {
    const own = new URL(page, root).href;
    for (const link of links) {
      const absolute = /^[a-z][a-z0-9+.-]*:|^\/\//i.test(link.address);
      if (link.address.startsWith("data:")) continue;
      if (absolute && !link.address.startsWith(site.baseUrl ?? "\n")) {
        const why = misplaced(site, link);
        if (why) faults.push(`${page}: ${link.address}: ${why}`);
        continue;
      }
      const target = absolute ? published(link.address, site.baseUrl, root) : new URL(link.address, own);
      const fragment = decodeURIComponent(target.hash.slice(1));
      target.hash = "";
      if (!answers.has(target.href)) answers.set(target.href, await missing(target.href));
      const why = answers.get(target.href);
      if (why) {
        faults.push(`${page}: ${link.address}: ${why}`);
      } else if (fragment !== "") {
        const name = decodeURIComponent(target.href.slice(root.length)) || "index.html";
        if (!pages.get(name)?.ids.has(fragment)) faults.push(`${page}: ${link.address}: no such id`);
      }
    }
  }
  return faults;
}

/** Why nothing can be opened at a `file:` address; a folder is no page there, since nobody adds `index.html`. */
function missingFile(address) {
  const file = fileURLToPath(address.split("?")[0]);
  if (!existsSync(file)) return "no such file";
  return statSync(file).isFile() ? null : "a folder, not a file";
}

/** Why a served address cannot be had. */
async function missingOnServer(address) {
  const response = await fetch(address);
  await response.arrayBuffer();
  return response.ok ? null : `status ${response.status}`;
}

for (const [name, site] of Object.entries(sites)) {
  const pages = read(site);
  test(`${name}: every link on ${site.pages.length} pages resolves`, async (t) => {
    assert.ok(site.pages.length > 10, "the site has pages");
    await t.test("opened from a folder", async () => {
      const root = pathToFileURL(site.out + path.sep).href;
      none(await broken(site, pages, root, missingFile));
    });
    for (const prefix of ["/", "/a/b/"]) {
      await t.test(`served at ${prefix}`, async () => {
        const server = await serve(site.out, prefix);
        const faults = await broken(site, pages, server.root, missingOnServer);
        await server.stop();
        none(faults);
      });
    }
  });
}

test("every page but the starting page is linked from somewhere", () => {
  for (const [name, site] of Object.entries(sites)) {
    const linked = new Set(["index.html", "404.html"]);
    for (const [page, { links }] of read(site)) {
      links.forEach(({ address }) => linked.add(decodeURIComponent(new URL(address, `http://x/${page}`).pathname.slice(1))));
    }
    const orphans = site.pages.filter((page) => !linked.has(page) && kindOf(page, text(site, page)) !== "redirect");
    none(orphans.map((page) => `${name}: ${page}`));
  }
});

test("the sites under test have a page of every kind, and no page of an unknown one", () => {
  const seen = new Set([sites.own, sites.stress].flatMap((site) => site.pages.map((page) => kindOf(page, text(site, page)))));
  assert.deepEqual([...seen].sort(), [...ALL_KINDS].sort());
});
