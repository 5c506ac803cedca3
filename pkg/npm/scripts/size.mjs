// Prints the sizes of the wasm module and fails where one exceeds its budget (`size-budget.json`).

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const read = (path) => readFileSync(new URL(path, import.meta.url));
const wasm = read("../dist/wasm/vidimus_bg.wasm");
const sizes = { raw: wasm.length, gzip: gzip(wasm), brotli: brotliCompressSync(wasm).length };
/** As the command `gzip -9` compresses: Node's own zlib, made to be fast, comes out one percent larger. */
function gzip(bytes) {
  return spawnSync("gzip", ["-9", "-n", "-c"], { input: bytes, maxBuffer: 1 << 28 }).stdout.length;
}

const budget = JSON.parse(read("../size-budget.json"));
let over = false;
for (const [kind, bytes] of Object.entries(sizes)) {
  const exceeded = bytes > budget[kind];
  over ||= exceeded;
  console.log(`${kind.padEnd(6)} ${String(bytes).padStart(9)} of ${budget[kind]} bytes${exceeded ? "  OVER BUDGET" : ""}`);
}
process.exitCode = over ? 1 : 0;
