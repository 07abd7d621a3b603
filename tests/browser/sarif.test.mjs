// Proves that the results of `check` are SARIF 2.1.0, by the schema of OASIS that Microsoft's package ships, in both
// languages, for a site with findings of every kind of place: in front matter, in a text, in a file as a whole.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import test from "node:test";
import Ajv from "ajv";
import { PROGRAM, STRESS, copyOf } from "./site.mjs";

const require = createRequire(import.meta.url);
const folder = path.dirname(require.resolve("@microsoft/jest-sarif/package.json"));
const schema = JSON.parse(readFileSync(path.join(folder, "lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"));

/** A judge that knows the draft in which the schema of SARIF is written. */
function judge() {
  const ajv = new Ajv({ schemaId: "auto", unknownFormats: "ignore", meta: false });
  ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
  return ajv;
}

/** A site with something wrong in every kind of place. */
function faulty() {
  const site = copyOf(STRESS);
  writeFileSync(path.join(site, "content/没人用 [1].csv"), "甲,乙\n");
  writeFileSync(
    path.join(site, "content/坏 #1.md"),
    "---\ntitle: 测试镇2023年其他工作情况\ntown: 测试镇\nyear: 2023\ndate: 2062-01-16\nkind: 其他\n---\n" +
      "身份证号11010519491231002X，[bookmark: _GoBack]联系人13812345678。\n\n![](没有.png)\n",
  );
  appendFileSync(path.join(site, "site.yaml"), "\nunknown: 1\n");
  return site;
}

for (const language of ["zh", "en"]) {
  test(`results are valid SARIF (${language})`, () => {
    const run = spawnSync(PROGRAM, ["check", "--site", faulty(), "--format", "sarif", "--lang", language], {
      encoding: "utf8",
    });
    assert.equal(run.status, 1, run.stderr);
    const log = JSON.parse(run.stdout);
    const ajv = judge();
    const valid = ajv.validate(schema, log);
    assert.ok(valid, JSON.stringify(ajv.errors, null, 1));
    const codes = new Set(log.runs[0].results.map((result) => result.ruleId));
    for (const code of ["GK-P001", "GK-P003", "GK-X001", "GK-D003", "GK-L002", "GK-L008", "GK-S002"]) {
      assert.ok(codes.has(code), `${code} is not among ${[...codes]}`);
    }
    // The schema cannot see this: every rule that a result names is described, where the result says.
    for (const result of log.runs[0].results) {
      assert.equal(log.runs[0].tool.driver.rules[result.ruleIndex].id, result.ruleId);
    }
  });
}

test("the schema refuses what is no SARIF", () => {
  const ajv = judge();
  assert.equal(ajv.validate(schema, { version: "2.1.0", runs: [{ results: [] }] }), false);
});
