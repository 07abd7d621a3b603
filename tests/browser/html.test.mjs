// Proves that every page and style sheet is valid, by the Nu HTML checker (the W3C's), in one run over all files.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { none } from "./none.mjs";
import { BASE_URL, OWN, STRESS, build } from "./site.mjs";

const checker = fileURLToPath(new URL("node_modules/vnu-jar/build/dist/vnu.jar", import.meta.url));

/** The checker's errors in a folder, one line each. */
function errors({ out }) {
  const options = ["--stdout", "--exit-zero-always", "--errors-only", "--skip-non-html", "--also-check-css", "--also-check-svg"];
  const run = spawnSync("java", ["-Xss8m", "-jar", checker, ...options, "--format", "json", out], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  assert.equal(run.status, 0, `the checker could not run: ${run.error ?? run.stderr}`);
  return JSON.parse(run.stdout).messages.map(
    ({ url, lastLine, message, extract }) => `${url.split(out).at(-1)}:${lastLine}: ${message} ${extract ?? ""}`,
  );
}

for (const [name, source] of Object.entries({ own: OWN, stress: STRESS })) {
  test(`${name}: no error of the Nu HTML checker`, () => {
    none(errors(build(source, BASE_URL)));
  });
}
