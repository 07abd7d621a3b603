// Runs the preview of a copy of a site, for tests that edit it while a browser looks.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { PROGRAM, copyOf } from "./site.mjs";

const running = new Set();
process.on("exit", () => running.forEach((program) => program.kill()));

/** Starts `gongkai serve` on a copy of the site in `source`; gives its address, ways to edit the copy, and an end. */
export async function preview(source, ...options) {
  const folder = copyOf(source);
  const program = spawn(PROGRAM, ["serve", "--site", folder, "--port", "0", ...options], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, LANG: "zh_CN.UTF-8" },
  });
  running.add(program);
  program.on("exit", () => running.delete(program));
  const lines = createInterface({ input: program.stdout });
  const root = await new Promise((found, failed) => {
    lines.on("line", (line) => {
      const address = line.match(/http:\/\/127\.0\.0\.1:\d+\//);
      if (address) found(address[0]);
    });
    program.on("exit", () => failed(new Error("the preview ended before it began")));
  });
  const at = (file) => path.join(folder, file);
  return {
    root,
    folder,
    read: (file) => readFileSync(at(file), "utf8"),
    write: (file, text) => {
      mkdirSync(path.dirname(at(file)), { recursive: true });
      writeFileSync(at(file), text);
    },
    change: (file, from, to) => {
      const text = readFileSync(at(file), "utf8");
      if (!text.includes(from)) throw new Error(`${file} does not hold “${from}”`);
      writeFileSync(at(file), text.replace(from, to));
    },
    copy: (from, to) => cpSync(from, at(to), { recursive: true }),
    rename: (from, to) => renameSync(at(from), at(to)),
    remove: (file) => rmSync(at(file), { recursive: true }),
    stop: () =>
      new Promise((stopped) => {
        program.on("exit", stopped);
        program.kill();
      }),
  };
}
