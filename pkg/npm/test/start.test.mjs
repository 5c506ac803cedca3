// What a call loads: the rest is for the calls that need it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { COMMANDS } from "../dist/cli/commands.js";
import { version } from "../dist/node.js";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const { version: packageVersion } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

const HOOKS = `
  export async function load(url, context, next) {
    if (!url.startsWith("node:")) (await import("node:fs")).writeSync(3, url + "\\n");
    return next(url, context);
  }`;
const RECORD = `import { register } from "node:module";
  const instance = WebAssembly.Instance;
  WebAssembly.Instance = function (...args) { process.stderr.write("wasm\\n"); return new instance(...args); };
  register("data:text/javascript," + encodeURIComponent(${JSON.stringify(HOOKS)}));`;

/** Runs, and lists the files that were loaded; `wasm` says whether the engine was compiled. */
function loadedBy(...args) {
  const { status, stdout, stderr, output } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(RECORD)}`, main, ...args],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe", "pipe"] },
  );
  assert.equal(status, 0, stderr);
  const files = output[3].trim().split("\n").map((url) => url.replace(/^.*\/(dist|node_modules)\//, "$1/"));
  return { stdout, files, compiled: stderr.includes("wasm") };
}

const LIGHT = ["dist/cli/main.js", "dist/engine/error.js", "dist/cli/commands.js", "dist/cli/diagnostics.js", "dist/cli/terminal.js", "dist/cli/exit.js"].sort();

test("--version and --help load the command line alone", () => {
  for (const option of ["--version", "--help"]) {
    const { files, compiled } = loadedBy(option);
    assert.deepEqual([files.sort(), compiled], [LIGHT, false], option);
  }
});

test("--version tells the version of the engine", async () => {
  assert.equal(loadedBy("--version").stdout, `${packageVersion}\n`);
  assert.equal(await version(), packageVersion);
});

for (const { name } of COMMANDS) {
  test(`${name} --help compiles no engine and loads nothing from other packages`, () => {
    const { files, compiled } = loadedBy(name, "--help");
    assert.equal(compiled, false);
    assert.deepEqual(files.filter((file) => !file.startsWith("dist/")), []);
    // apply --capture does what capture does.
    const commands = files.filter((file) => /^dist\/cli\/\w+\/command\.js$/.test(file));
    assert.deepEqual(commands, [`dist/cli/${name}/command.js`, ...(name === "apply" ? ["dist/cli/capture/command.js"] : [])]);
  });
}

test("an expression loads the engine, and neither registries nor evidence", () => {
  const { files, compiled } = loadedBy("jp", "function");
  assert.equal(compiled, true);
  assert.deepEqual(files.filter((file) => /registry|evidence|source|node_modules/.test(file)), []);
});
