// Output that others read: pipes that close early, and colour that only terminals get.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(repository, "pkg/npm/dist/cli/main.js");
const sample = join(repository, "policies/require-signed-image");
const folder = mkdtempSync(join(tmpdir(), "vidimus-pipes-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const apply = (resource) => ["apply", join(sample, "require-signed-image.yaml"), "-r", resource, "--artifacts", join(sample, "evidence.json"), "--offline"];
const resource = (name) => join(sample, `resources/${name}.yaml`);

/** Many pods, so that the output is longer than what a pipe holds. */
function many(name) {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, Array.from({ length: 200 }, () => readFileSync(resource(name), "utf8")).join("\n---\n"));
  return file;
}

/** Runs with a reader of standard output, or of standard error, who leaves at once. */
async function unread(args, stream) {
  const child = spawn(process.execPath, [main, ...args]);
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += text));
  child[stream].destroy();
  const status = await new Promise((resolve) => child.on("close", resolve));
  return { status, stderr };
}

test("a reader who has seen enough is no error, and changes no verdict", async () => {
  assert.deepEqual(await unread([...apply(many("signed")), "-o", "json"], "stdout"), { status: 0, stderr: "" });
  assert.deepEqual(await unread([...apply(many("tampered")), "--explain"], "stdout"), { status: 1, stderr: "" });
  assert.deepEqual(await unread(["jp", "function"], "stdout"), { status: 0, stderr: "" });
  assert.deepEqual(await unread(["test", sample, "-o", "json"], "stdout"), { status: 0, stderr: "" });
});

test("nobody who reads standard error is no error either", async () => {
  assert.equal((await unread(["aply"], "stderr")).status, 2);
});

test("a disk that is full is told", { skip: process.platform !== "linux" && "there is no /dev/full" }, () => {
  const { status, stderr } = spawnSync("sh", ["-c", `"$0" "$@" > /dev/full`, process.execPath, main, "jp", "function"], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /^error: cannot write the output: .*ENOSPC/);
});

/** What is printed where standard output is, or says to be, a terminal. */
function print(args, terminal, environment = {}) {
  const asTerminal = ["--import", "data:text/javascript,process.stdout.isTTY=true"];
  const env = { ...process.env, ...environment };
  if (!("NO_COLOR" in environment)) delete env.NO_COLOR;
  return spawnSync(process.execPath, [...(terminal ? asTerminal : []), main, ...args], { encoding: "utf8", env }).stdout;
}

for (const [name, args] of [["apply", apply(resource("signed"))], ["test", ["test", sample]]]) {
  test(`${name} colours results on a terminal, unless NO_COLOR is set, and never in a pipe`, () => {
    assert.match(print(args, true), /\u001b\[32m/);
    assert.match(print(args, true, { NO_COLOR: "" }), /\u001b\[32m/, "an empty NO_COLOR says nothing");
    const plain = print(args, false);
    assert.ok(plain.includes("pass") && !plain.includes("\u001b"));
    assert.equal(print(args, true, { NO_COLOR: "1" }), plain);
    assert.equal(print(args, false, { FORCE_COLOR: "1" }), plain);
  });
}
