// The samples: each resource ends as the sample's own test says, and each example of the gallery as the gallery says.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Artifacts, PolicySet, parseObjects, ready } from "../dist/node.js";

const root = new URL("../../../", import.meta.url);
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const read = (path) => readFileSync(new URL(path, root), "utf8");
const gallery = JSON.parse(read("policies/gallery.json"));
const folders = readdirSync(new URL("policies/", root), { withFileTypes: true });
const samples = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
await ready();

for (const name of samples) {
  test(`the sample ${name} ends as it says`, async () => {
    const folder = fileURLToPath(new URL(`policies/${name}`, root));
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, "test", folder, "--require-tests", "-o", "json"], { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    const { results, diagnostics } = JSON.parse(stdout);
    assert.equal(diagnostics, undefined);
    for (const file of readdirSync(new URL(`policies/${name}/resources/`, root))) {
      const [{ kind, metadata }] = await parseObjects(read(`policies/${name}/resources/${file}`));
      assert.ok(results.some(({ resource }) => resource.split("/").at(-1) === metadata.name), `${kind} ${metadata.name} has no row`);
    }
  });
}

for (const { id, policy, resource: path, evidence, now, expect, because } of gallery) {
  test(`the example ${id} is ${expect}, for the reason that it is there for`, async () => {
    const set = await PolicySet.load([{ name: policy, text: read(policy) }]);
    assert.deepEqual(set.diagnostics(), []);
    const artifacts = new Artifacts();
    if (evidence !== undefined) artifacts.add(read(evidence));
    const [resource] = await parseObjects(read(path));
    const { status, admission, results } = set.evaluate({ resource, options: now === undefined ? {} : { now } }, artifacts);
    assert.equal(status, "complete");
    assert.equal(admission.allowed ? "admitted" : "denied", expect, JSON.stringify(results));
    const telling = results.filter((result) => (expect === "denied" ? result.status === "fail" : result.status === "pass"));
    assert.ok(telling.some(({ message }) => message.includes(because)), JSON.stringify(telling));
  });
}

test("every sample is in the gallery and in the list", () => {
  const listed = read("policies/README.md");
  assert.deepEqual([...new Set(gallery.map(({ policy }) => policy.split("/")[1]))].sort(), [...samples].sort());
  const rows = [...listed.matchAll(/^\| \[`([^`]+)`\]\(\1\) \|/gm)].map(([, name]) => name);
  assert.deepEqual(rows.sort(), [...samples].sort());
});

test("the gallery is small, and its names are its own", () => {
  assert.equal(new Set(gallery.map(({ id }) => id)).size, gallery.length);
  assert.equal(new Set(gallery.map(({ title }) => title)).size, gallery.length);
  for (const { evidence, text } of gallery) {
    assert.ok(text.length <= 160, text);
    if (evidence !== undefined) assert.ok(read(evidence).length < 60_000, evidence);
  }
});

test("a sample without evidence names no time, one with evidence does", () => {
  for (const name of samples) {
    const suite = read(`policies/${name}/kyverno-test.yaml`);
    const has = existsSync(new URL(`policies/${name}/evidence.json`, root));
    assert.equal(/^now: /m.test(suite), has, name);
    assert.equal(/^artifacts:\n- evidence\.json$/m.test(suite), has, name);
  }
});
