import init from "../wasm/vidimus.js";

/** Fetches and compiles the wasm module, which lies beside this file. */
export async function load(): Promise<void> {
  await init({ module_or_path: new URL("../wasm/vidimus_bg.wasm", import.meta.url) });
}
