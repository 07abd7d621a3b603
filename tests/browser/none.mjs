// The one assertion that most browser tests end with: a list of faults is empty. The first faults are shown whole,
// one a line, which the comparison of two lists would cut short.

import assert from "node:assert/strict";

const SHOWN = 40;

/** Fails with the faults, if there are any. */
export function none(faults) {
  const more = faults.length > SHOWN ? `\n… and ${faults.length - SHOWN} more` : "";
  assert.ok(faults.length === 0, `${faults.length} faults:\n${faults.slice(0, SHOWN).join("\n")}${more}`);
}
