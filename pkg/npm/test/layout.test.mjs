// OCI image layouts: a root of many, one alone, one in a tar; and what a layout does not hold.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packTar } from "modern-tar";
import { Artifacts, LayoutSource, OfflineSource, PolicySet, evaluate, folderFiles, openArtifacts, ready, rootFolder, settle, tarFiles } from "../dist/node.js";
import { keyPolicy, podOf } from "./registry-server.mjs";

const data = fileURLToPath(new URL("../../../tests/data/", import.meta.url));
const root = join(data, "layouts");
const single = join(root, "registry.example/team/app");
const { keys } = JSON.parse(readFileSync(join(data, "evidence/manifest.json"), "utf8")).find(({ name }) => name === "unsigned");
const policy = keyPolicy("registry.example/*", keys[0].pem);
await ready();

async function allowed(source, image) {
  const set = await PolicySet.load([policy]);
  const answer = await settle(set, { resource: podOf(image) }, new Artifacts(), [source, new OfflineSource()]);
  return [answer.admission.allowed, answer.results[0].message];
}

/** A tar of a folder, its files below `prefix`. */
function tar(folder = single, prefix = "") {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return packTar(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const body = readFileSync(path);
      return { header: { name: prefix + path.slice(folder.length + 1), size: body.length }, body };
    }),
  );
}

test("a layout root, one layout and a tar of it give the same verdicts", async () => {
  for (const source of [
    await openArtifacts(root, new Artifacts()),
    await openArtifacts(single, new Artifacts()),
    new LayoutSource("tar", tarFiles(await tar()), () => ""),
  ]) {
    assert.equal((await allowed(source, "registry.example/team/app:v1"))[0], true, source.name);
    const [unsigned, message] = await allowed(source, "registry.example/team/app:v2");
    assert.equal(unsigned, false);
    assert.match(message, /no signatures found/);
    assert.match((await allowed(source, "registry.example/team/app:v3"))[1], /image tag not found/);
  }
});

test("a tar keeps names that are longer than its header", async () => {
  const prefix = `${"deep/".repeat(60)}registry.example/team/app/`;
  const source = new LayoutSource("tar", tarFiles(await tar(single, prefix)), () => prefix.slice(0, -1));
  assert.equal((await allowed(source, "registry.example/team/app:v1"))[0], true);
});

test("a tar that is cut short is refused, not taken for one with less in it", async () => {
  const whole = await tar();
  for (const part of [whole.subarray(0, whole.length - 3000), Buffer.alloc(5000, "x"), Buffer.alloc(100)]) {
    const source = new LayoutSource("tar", tarFiles(part), () => "");
    await assert.rejects(allowed(source, "registry.example/team/app:v1"), { code: "artifact-source" });
  }
});

test("a layout root says nothing of repositories that it does not have", async () => {
  const source = await openArtifacts(root, new Artifacts());
  const [, message] = await allowed(source, "registry.example/team/other:v1");
  assert.match(message, /offline/);
});

test("no path leads out of the layout", async () => {
  const files = folderFiles(single);
  assert.equal(await files.read("../../../../evidence/manifest.json", 100), undefined);
  assert.equal(rootFolder({ kind: "blob", registry: "..", repository: "a", askedBy: [] }), undefined);
  assert.equal(rootFolder({ kind: "blob", registry: "localhost:5000", repository: "a/b", askedBy: [] }), "localhost_5000_/a/b");
});

test("no more of a file than the limit is read", async () => {
  for (const files of [folderFiles(single), tarFiles(await tar())]) {
    assert.equal((await files.read("index.json", 10)).length, 11);
    assert.equal(await files.read("nothing", 10), undefined);
  }
});

test("evaluate answers with the artifacts at hand", async () => {
  const evidence = JSON.parse(readFileSync(join(data, "evidence/signed-p256.json"), "utf8"));
  const answer = await evaluate(evidence.policies[0].text, evidence.resource, evidence, { trace: "full", evidence: true });
  assert.equal(answer.status, "complete");
  assert.equal(answer.admission.allowed, true);
  assert.equal(answer.evidence.schema, "vidimus.evidence/v1");
  const missing = await evaluate(evidence.policies[0].text, evidence.resource, { schema: "vidimus.evidence/v1" });
  assert.equal(missing.status, "needs-artifacts");
  assert.equal(missing.admission.allowed, false);
  await assert.rejects(evaluate("a: [", evidence.resource, evidence), { name: "VidimusError", code: "input" });
  await assert.rejects(evaluate(policy, { kind: "Pod" }, evidence), { code: "input" });
  assert.throws(() => new Artifacts().add({ schema: "other" }), { code: "input" });
});
