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

/** Serves `folder` under `prefix` (`/` or `/a/b/`); gives the address of the site's root and a way to stop. */
export async function serve(folder, prefix = "/") {
  const server = createServer((request, response) => {
    const wanted = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    let file = wanted.startsWith(prefix) ? path.join(folder, wanted.slice(prefix.length)) : null;
    if (file !== null && existsSync(file) && statSync(file).isDirectory()) file = path.join(file, "index.html");
    response.setHeader("Content-Security-Policy", POLICY);
    if (file === null || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("Content-Type", TYPES[path.extname(file)] ?? "application/octet-stream");
    response.end(readFileSync(file));
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
