// Serves a built site on the loopback address as a strict county server would: under any sub-path, with a
// Content-Security-Policy that forbids everything but the site's own files.

import { createServer } from "node:http";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** Nothing but the site's own scripts, styles and images; no inline code, no other host. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".xml": "application/xml",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".csv": "text/csv; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".pdf": "application/pdf",
};

/** The file of a site at a path below its root; null where there is none. */
function find(folder, below) {
  let file = path.join(folder, decodeURIComponent(below));
  if (existsSync(file) && statSync(file).isDirectory()) file = path.join(file, "index.html");
  return existsSync(file) ? file : null;
}

function headers(file) {
  const type = TYPES[path.extname(file)] ?? "application/octet-stream";
  return { "Content-Security-Policy": POLICY, "Content-Type": type };
}

/** Serves `folder` under `prefix` (`/` or `/a/b/`); gives the address of the site's root and a way to stop. */
export async function serve(folder, prefix = "/") {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = pathname.startsWith(prefix) ? find(folder, pathname.slice(prefix.length)) : null;
    if (file === null) response.writeHead(404).end();
    else response.writeHead(200, headers(file)).end(readFileSync(file));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  server.unref(); // A test that fails before it stops the server still ends.
  return {
    root: `http://127.0.0.1:${server.address().port}${prefix}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((stopped) => server.close(stopped));
    },
  };
}

/**
 * Lets a browser context find a site at the address that it was built for. As on a real server, an address that is
 * not there shows the site's 404 page.
 */
export async function publish(context, { out, baseUrl }) {
  await context.route(
    (address) => address.href.startsWith(baseUrl),
    (route) => {
      const below = new URL(route.request().url()).pathname.slice(new URL(baseUrl).pathname.length);
      const found = find(out, below);
      const file = found ?? path.join(out, "404.html");
      return route.fulfill({ status: found ? 200 : 404, headers: headers(file), body: readFileSync(file) });
    },
  );
}
