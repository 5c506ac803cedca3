// docs/api.md: its examples, run, print what stands below them; and it names all that there is.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as library from "../dist/node.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(repository, "docs/api.md"), "utf8");
const sample = join(repository, "policies/require-signed-image");
const folder = mkdtempSync(join(tmpdir(), "vidimus-docs-"));
after(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(join(folder, "node_modules"));
symlinkSync(join(repository, "pkg/npm"), join(folder, "node_modules/vidimus"), "dir");
cpSync(join(sample, "require-signed-image.yaml"), join(folder, "policy.yaml"));
for (const name of ["evidence.json", "resources/signed.yaml", "resources/unsigned.yaml"]) cpSync(join(sample, name), join(folder, name.split("/").at(-1)));

// The registry of the examples: it answers what the evidence holds.
writeFileSync(
  join(folder, "registry.mjs"),
  `import { readFileSync } from "node:fs";
  const { tags, blobs } = JSON.parse(readFileSync("evidence.json", "utf8"));
  globalThis.fetch = async (input) => {
    const url = new URL(input.url ?? input);
    const [, repository, kind, name] = /^\\/v2\\/(.+)\\/(manifests|blobs)\\/([^/]+)$/.exec(url.pathname) ?? [];
    if (url.host !== "registry.example") throw new TypeError("there is no network here: " + url);
    const digest = name?.startsWith("sha256:") ? name : tags[url.host + "/" + repository + ":" + name];
    const bytes = digest && blobs[digest] && Buffer.from(blobs[digest], "base64");
    if (!bytes) return new Response('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}', { status: 404 });
    const type = kind === "blobs" ? "application/octet-stream" : JSON.parse(bytes).mediaType;
    return new Response(bytes, { headers: { "content-type": type, "docker-content-digest": digest } });
  };`,
);

const blocks = [...page.matchAll(/\n## (.*)\n|```(js|cjs)\n([^]*?)```\n\n```text\n([^]*?)```/g)];
const examples = [];
let heading = "";
for (const [, title, language, code, expected] of blocks) {
  if (title === undefined) examples.push({ heading, language, code, expected });
  else heading = title;
}

test("every example has its output below it", () => {
  assert.equal(examples.length, [...page.matchAll(/```c?js\n/g)].length);
  assert.ok(examples.length >= 8);
});

for (const [index, { heading, language, code, expected }] of examples.entries()) {
  test(`example ${index + 1}, ${heading}`, () => {
    const file = `example-${index}.${language === "cjs" ? "cjs" : "mjs"}`;
    writeFileSync(join(folder, file), code);
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "./registry.mjs", file], { cwd: folder, encoding: "utf8" });
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(stdout, expected);
  });
}

test("everything that is exported is named", () => {
  const named = new Set([...page.matchAll(/`[^`\n]+`/g)].flatMap(([code]) => code.match(/\w+/g)));
  assert.deepEqual(Object.keys(library).filter((name) => !named.has(name)), []);
});

test("every code of an error is explained", () => {
  const source = readFileSync(new URL("../src/engine/error.ts", import.meta.url), "utf8");
  const [, union] = /export type ErrorCode =([^;]+);/.exec(source);
  const codes = [...union.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code);
  const [, rows] = /\n\| code \| \|\n\| --- \| --- \|\n([^]*?)\n\n/.exec(page);
  assert.deepEqual([...rows.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code).sort(), codes.sort());
});

test("every option of an evaluation is explained", () => {
  const types = readFileSync(new URL("../src/engine/types.ts", import.meta.url), "utf8");
  const [, fields] = /export type OptionsDocument = \{([^]*?)\n?\};/.exec(types);
  const [, rows] = /\n\| option \| \|\n\| --- \| --- \|\n([^]*?)\n\n/.exec(page);
  for (const [, name] of fields.matchAll(/^(\w+)\?:/gm)) assert.match(rows, new RegExp(`\`${name}\``), name);
});
