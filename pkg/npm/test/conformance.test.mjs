// Every fixture case through the wasm package: byte for byte what the native core answers, which the native suite judges.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Artifacts, LayoutSource, OfflineSource, PolicySet, VidimusError, folderFiles, parseObjects, rootFolder, settle } from "../dist/node.js";
import { ready } from "../dist/engine/ready.js";
import { query } from "../dist/wasm/vidimus.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const shared = join(repository, "..", "shared", "fixtures");
const native = join(repository, "target", "conformance", "native.jsonl");

test("wasm answers every fixture case byte for byte as the native core does", async (t) => {
  if (!existsSync(shared)) {
    console.error("SKIPPED: the conformance data `shared/fixtures` is not beside this checkout");
    return t.skip("shared/fixtures is not beside this checkout");
  }
  assert.ok(existsSync(native), "no native answers: run `cargo test -p vidimus-tests --test conformance` first");
  const expected = new Map(
    readFileSync(native, "utf8").trim().split("\n").map((line) => JSON.parse(line)).map(({ id, sha256 }) => [id, sha256]),
  );
  assert.ok(expected.size > 700, `only ${expected.size} native answers`);
  const different = [];
  for (const [id, sha256] of expected) {
    const text = await ask(join(shared, "cases", id));
    if (createHash("sha256").update(text).digest("hex") !== sha256) different.push(id);
  }
  assert.deepEqual(different, []);
  t.diagnostic(`${expected.size} cases, identical native and wasm`);
});

async function ask(folder) {
  const read = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : undefined);
  const exceptions = read("exceptions.yaml");
  let set;
  try {
    set = await PolicySet.load(
      [{ name: "policy.yaml", text: read("policy.yaml") }],
      exceptions === undefined ? [] : [{ name: "exceptions.yaml", text: exceptions }],
    );
  } catch (error) {
    if (error instanceof VidimusError) return JSON.stringify(error.diagnostics);
    throw error;
  }
  const [resource] = await parseObjects(read("resource.yaml"));
  const layout = new LayoutSource("images", folderFiles(join(shared, "images")), rootFolder);
  const { now, trust } = JSON.parse(read("case.json"));
  const root = join(shared, trust === undefined ? "trust" : `trust-${trust}`, "trusted_root.json");
  const trustRoot = JSON.parse(readFileSync(root, "utf8"));
  const request = { resource, options: { trace: "full", evidence: true, now, trustRoot } };
  const artifacts = new Artifacts();
  await settle(set, request, artifacts, [layout, new OfflineSource()]);
  const text = set.evaluateText(request, artifacts);
  set.free();
  return text;
}

test("wasm answers every expression byte for byte as the native core does", async (t) => {
  const answers = join(repository, "target", "conformance", "jmespath.json");
  if (!existsSync(shared)) return t.skip("shared/fixtures is not beside this checkout");
  assert.ok(existsSync(answers), "no native answers: run `cargo test -p vidimus-tests --test jmespath` first");
  await ready();
  const native = JSON.parse(readFileSync(answers, "utf8"));
  assert.ok(native.answers.length > 1_800, `only ${native.answers.length} native answers`);
  for (const [expression, answer] of native.answers) {
    assert.equal(query(expression, native.input, "input", "2026-11-01T12:00:00Z"), answer, expression);
  }
  t.diagnostic(`${native.answers.length} expressions, identical native and wasm`);
});

test("wasm gives every row of every suite as the native core does", async (t) => {
  const rows = join(repository, "target", "conformance", "suites.jsonl");
  const corpus = join(shared, "..", "corpus");
  if (!existsSync(corpus)) return t.skip("shared/corpus is not beside this checkout");
  assert.ok(existsSync(rows), "no native rows: run `cargo test -p vidimus-tests --test suites` first");
  const native = readFileSync(rows, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const { stdout } = spawnSync(
    process.execPath,
    [join(repository, "pkg/npm/dist/cli/main.js"), "test", join(corpus, "kyverno-cli"), join(corpus, "kyverno-policies"), "-o", "json"],
    { encoding: "utf8", maxBuffer: 1 << 28 },
  );
  const found = JSON.parse(stdout).results.map(line).sort();
  const expected = native.flatMap(({ rows }) => rows).map(line).sort();
  assert.ok(expected.length > 3_000, `only ${expected.length} native rows`);
  assert.deepEqual(found, expected);
  t.diagnostic(`${expected.length} rows, identical native and wasm`);
});

/** A row as text; words about the network are the host's. */
const line = ({ policy, rule, resource, expected, actual, message }) =>
  [policy, rule, resource, expected, actual, /offline|fetch|network/.test(message) ? "" : message].join(" | ");
