import { readFileSync } from "node:fs";
import { initSync } from "../wasm/vidimus.js";

/** Compiles the wasm module from its file. */
export async function load(): Promise<void> {
  initSync({ module: readFileSync(new URL("../wasm/vidimus_bg.wasm", import.meta.url)) });
}
