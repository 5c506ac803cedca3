// Writes what tsc does not: the package for `require` (dist/cjs), and the one file for import by URL (dist/vidimus.js).

import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const folder = fileURLToPath(new URL("..", import.meta.url));
const dist = (...parts) => join(folder, "dist", ...parts);
/** Folders of dist whose declarations are not those of the library. */
const APART = ["cjs", "cli"];
/** modern-tar goes into the files: it has no form for `require`. Its licence wants to be with it. */
const BANNER = `/*! Contains modern-tar.\n${readFileSync(join(folder, "node_modules/modern-tar/LICENSE"), "utf8").trim()}\n*/`;

rmSync(dist("cjs"), { recursive: true, force: true });
await bundle("node.js", "cjs/node.js", "cjs", "node", "../wasm/");
await bundle("index.js", "vidimus.js", "esm", "browser", "./wasm/");
copyFileSync(join(folder, "src/wasm/vidimus.d.ts"), dist("wasm/vidimus.d.ts"));
commonDeclarations();

/** One file of everything that the entry imports, but for the wasm module, which is in `wasm` as seen from the file. */
async function bundle(entry, file, format, platform, wasm) {
  const build = await rolldown({ input: dist(entry), platform, cwd: folder, onLog: refuse, plugins: [loading(wasm)] });
  await build.write({ file: dist(file), format, banner: BANNER, codeSplitting: false });
  await build.close();
}

/** The loader of the wasm module moves to where the file is. */
function loading(wasm) {
  const transform = (code, id) => (/[\\/]load-\w+\.js$/.test(id) ? code.replace('URL("../wasm/', `URL("${wasm}`) : null);
  return { name: "loading", transform };
}

/** A warning is a mistake, such as an import that is not found and would be left in the file. */
function refuse(level, log) {
  throw new Error(`${level}: ${log.message}`);
}

/** Declarations read as CommonJS: the same ones, in a folder that says so. A copy, since they may not point out of it. */
function commonDeclarations() {
  writeFileSync(dist("cjs/package.json"), '{ "type": "commonjs" }\n');
  for (const path of readdirSync(dist(), { recursive: true })) {
    if (!path.endsWith(".d.ts") || APART.includes(path.split(/[\\/]/)[0])) continue;
    mkdirSync(dirname(dist("cjs", path)), { recursive: true });
    copyFileSync(dist(path), dist("cjs", path));
  }
}
