// The package as it is published: packed, installed in other projects, and used there.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { createServer } from "node:http";
import { build, createServer as createViteServer } from "vite";
import { EVALUATE, VERDICTS, link, npmFolder, pack, project, repository, run, sampleConstants } from "./package-project.mjs";

const tarballs = mkdtempSync(join(tmpdir(), "vidimus-pack-"));
const { tarball, files } = pack(npmFolder, tarballs);
const consumer = project([tarball, ...["modern-tar", "yaml"].map((name) => pack(join(npmFolder, "node_modules", name), tarballs).tarball)]);
const installed = join(consumer, "node_modules/vidimus");
after(() => [tarballs, consumer].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Writes a file of the project. */
const write = (name, text) => {
  mkdirSync(dirname(join(consumer, name)), { recursive: true });
  writeFileSync(join(consumer, name), text);
};

test("the tarball holds what is built, README and LICENSE, and no more", () => {
  assert.deepEqual(files.filter((path) => !path.startsWith("dist/")).sort(), ["LICENSE", "README.md", "package.json"]);
  assert.deepEqual(files.filter((path) => path.startsWith("dist/") && !/\.(js|d\.ts|wasm)$|^dist\/cjs\/package\.json$/.test(path)), []);
  for (const path of ["dist/node.js", "dist/index.js", "dist/cjs/node.js", "dist/vidimus.js", "dist/wasm/vidimus_bg.wasm", "dist/cli/main.js"]) {
    assert.ok(files.includes(path), path);
  }
  assert.equal(readFileSync(join(npmFolder, "LICENSE"), "utf8"), readFileSync(join(repository, "LICENSE"), "utf8"));
});

const READ = `
const [policy, evidence, ...resources] = ["require-signed-image.yaml", "evidence.json", "resources/signed.yaml", "resources/tampered.yaml"]
  .map((name) => readFileSync("sample/" + name, "utf8"));
`;

test("an ESM project imports it", () => {
  write("esm.mjs", `import { readFileSync } from "node:fs"; import * as library from "vidimus"; ${READ} ${EVALUATE} console.log(JSON.stringify(verdicts));`);
  assert.deepEqual(JSON.parse(run(process.execPath, ["esm.mjs"], { cwd: consumer })), VERDICTS);
});

test("a CommonJS project requires it", () => {
  write("common.cjs", `const { readFileSync } = require("node:fs"); const library = require("vidimus"); ${READ}
    (async () => { ${EVALUATE} console.log(JSON.stringify(verdicts)); })();`);
  // Newer versions of Node could require an ES module: here they may not.
  const flags = process.allowedNodeEnvironmentFlags.has("--experimental-require-module") ? ["--no-experimental-require-module"] : [];
  assert.deepEqual(JSON.parse(run(process.execPath, [...flags, "common.cjs"], { cwd: consumer })), VERDICTS);
});

test("both forms offer the same names", () => {
  write("names.mjs", `import { createRequire } from "node:module"; import * as esm from "vidimus";
    const common = createRequire(import.meta.url)("vidimus");
    console.log(JSON.stringify([esm, common].map((names) => Object.keys(names).sort())));`);
  const [esm, common] = JSON.parse(run(process.execPath, ["names.mjs"], { cwd: consumer }));
  assert.ok(esm.includes("evaluate") && esm.includes("openArtifacts"));
  assert.deepEqual(common, esm);
});

test("the command is installed", () => {
  const args = ["vidimus", "apply", "sample/require-signed-image.yaml", "-r", "sample/resources/signed.yaml", "--artifacts", "sample/evidence.json", "--offline"];
  assert.match(run("npx", ["--offline", "--no", ...args], { cwd: consumer }), /1 admitted, 0 denied/);
});

const TYPED = `
async function main(): Promise<boolean> {
  await ready();
  const set: PolicySet = await PolicySet.load([{ name: "policy.yaml", text: "" }]);
  const answer: AnswerDocument = await settle(set, { resource: {} }, new Artifacts(), [new RegistrySource()]);
  // @ts-expect-error: a verdict is no text
  const wrong: string = answer.admission.allowed;
  return answer.admission.allowed && wrong === "" && (await evaluate({}, {}, {})).status === "complete";
}
void main();
`;
const NAMES = "Artifacts, PolicySet, RegistrySource, evaluate, ready, settle, type AnswerDocument";

/** Checks with the compiler. Declarations of libraries are checked too: ours must not need what a project may lack. */
function typeCheck(name, source, options, types = []) {
  write(name, source);
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, target: "es2022", types, ...options };
  write("tsconfig.json", JSON.stringify({ compilerOptions, files: [name] }));
  run(process.execPath, [join(npmFolder, "node_modules/typescript/bin/tsc"), "-p", "."], { cwd: consumer });
}

test("types: an ESM and a CommonJS project with node16 resolution", () => {
  for (const name of ["@types/node", "undici-types"]) link(consumer, name);
  const node16 = { module: "node16", moduleResolution: "node16", lib: ["es2023"] };
  const nodeOnly = `import { dockerCredentials } from "vidimus";\nvoid dockerCredentials();\n`;
  typeCheck("types.mts", `import { ${NAMES} } from "vidimus";\n${nodeOnly}${TYPED}`, node16, ["node"]);
  typeCheck("types.cts", `import { ${NAMES} } from "vidimus";\n${nodeOnly}${TYPED}`, node16, ["node"]);
  typeCheck("types-require.cts", `import vidimus = require("vidimus");\nvoid vidimus.dockerCredentials();\n`, node16, ["node"]);
});

test("types: a browser project with bundler resolution, without those of Node", () => {
  const bundler = { module: "esnext", moduleResolution: "bundler", lib: ["es2023", "dom"] };
  typeCheck("types-bundler.ts", `import { ${NAMES} } from "vidimus";\n${TYPED}`, bundler);
  const nodeOnly = `// @ts-expect-error: there are no files in browsers\nimport { dockerCredentials } from "vidimus";\nvoid dockerCredentials;\n`;
  typeCheck("types-browser.ts", nodeOnly, bundler);
});

test("Vite builds it, and the wasm module is found beside the bundle", async () => {
  await build(viteProject());
  const assets = readdirSync(join(consumer, "dist/assets"));
  assert.match(assets.filter((name) => name.endsWith(".wasm")).join(), /^vidimus_bg-[\w-]{8}\.wasm$/);
  const code = assets.find((name) => name.endsWith(".js"));
  await serving(join(consumer, "dist"), async (origin) => assert.deepEqual(await inPage(`${origin}/assets/${code}`), VERDICTS));
});

test("Vite's development server serves it", async () => {
  const server = await createViteServer({ ...viteProject(), server: { host: "127.0.0.1", port: 0, hmr: false, ws: false, watch: null } });
  try {
    await server.listen();
    const { port } = server.httpServer.address();
    assert.deepEqual(await inPage(`http://127.0.0.1:${port}/main.js`), VERDICTS);
  } finally {
    await server.close();
  }
});

test("it is imported by URL, with nothing but what lies under that URL", async () => {
  write("url/main.js", `import * as library from "./dist/vidimus.js"; ${sampleConstants()} ${EVALUATE} console.log(JSON.stringify(verdicts));`);
  for (const name of ["vidimus.js", "wasm/vidimus_bg.wasm"]) cpSync(join(installed, "dist", name), join(consumer, "url/dist", name));
  await serving(join(consumer, "url"), async (origin) => assert.deepEqual(await inPage(`${origin}/main.js`), VERDICTS));
});

function viteProject() {
  write("index.html", '<!doctype html><script type="module" src="/main.js"></script>');
  write("main.js", `import * as library from "vidimus"; ${sampleConstants()} ${EVALUATE} console.log(JSON.stringify(verdicts));`);
  // The polyfill wants a document, which is not there.
  return { root: consumer, configFile: false, logLevel: "warn", build: { modulePreload: { polyfill: false } } };
}

const URL_MODULES = new URL("url-modules.mjs", import.meta.url).href;

/** Imports a module as a page does: by URL, and without `process`. Reads the verdicts that it prints. */
async function inPage(url) {
  const code = `delete globalThis.process; await import(${JSON.stringify(url)});`;
  // Not waited for in the way of the servers of this process.
  const child = spawn(process.execPath, ["--import", URL_MODULES, "--input-type=module", "--eval", code], { cwd: consumer });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].on("data", (text) => (output[name] += text));
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(status, 0, output.stderr);
  return JSON.parse(output.stdout);
}

const TYPES = { js: "text/javascript", wasm: "application/wasm" };

/** Serves the files of a folder while the work is done. */
async function serving(folder, work) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    try {
      response.writeHead(200, { "content-type": TYPES[path.split(".").at(-1)] ?? "text/plain" }).end(readFileSync(join(folder, path)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
  }
}
