// Time from navigation to the first verdict of the built page on this machine, and what is sent for it: `npm run bench`.

import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { browser, serve } from "../test/page.mjs";

const RUNS = 9;
const server = await serve();
const chromium = await browser();

/** Milliseconds until the verdict stands in the page, with nothing cached. */
async function cold() {
  const context = await chromium.newContext();
  const page = await context.newPage();
  const start = performance.now();
  await page.goto(`${server.url}#example=static-key`);
  await page.locator("#headline[data-state=verified]").waitFor();
  const passed = performance.now() - start;
  await context.close();
  return passed;
}

await cold();
const times = [];
for (let run = 0; run < RUNS; run++) times.push(await cold());
times.sort((a, b) => a - b);
await chromium.close();
server.close();

const assets = new URL("../dist/assets/", import.meta.url);
const size = (ending) =>
  readdirSync(assets).filter((name) => name.endsWith(ending)).reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, assets)), { level: 9 }).length, 0);
console.log(`first verdict, cold   ${times[RUNS >> 1].toFixed(0)} ms (median of ${RUNS}, ${times[0].toFixed(0)} to ${times.at(-1).toFixed(0)}; budget 1000 ms)`);
console.log(`scripts, gzip         ${size(".js")} bytes (budget 350000)`);
console.log(`engine, gzip          ${size(".wasm")} bytes`);
