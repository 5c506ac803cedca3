// OCI image layouts: a root of many, one alone, one in a tar; and what a layout does not hold.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { packTar } from "modern-tar";
import { Artifacts, LayoutSource, OfflineSource, PolicySet, evaluate, folderFiles, openArtifacts, ready, rootFolder, settle, tarFiles } from "../dist/node.js";
import { digestOf, keyPolicy, podOf } from "./registry-server.mjs";

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

test("a layout without a name is of one repository, and can be told which", async () => {
  const alone = await openArtifacts(single, new Artifacts());
  await allowed(alone, "registry.example/team/app:v1");
  await assert.rejects(allowed(alone, "registry.example/team/other:v1"), /say which with REPOSITORY=/);
  const bound = await openArtifacts(`registry.example/team/app=${single}`, new Artifacts());
  assert.equal((await allowed(bound, "registry.example/team/app:v1"))[0], true);
  assert.match((await allowed(bound, "registry.example/team/other:v1"))[1], /offline/);
  await assert.rejects(openArtifacts(`registry.example/team/app=${root}`, new Artifacts()), { code: "bad-call" });
});

test("what `cosign save` writes answers for its image alone", async () => {
  const index = JSON.parse(readFileSync(join(single, "index.json"), "utf8"));
  const [image, signatures] = index.manifests;
  const name = { "org.opencontainers.image.ref.name": "registry.example/team/app:v1" };
  image.annotations = { ...name, kind: "dev.cosignproject.cosign/image" };
  signatures.annotations = { ...name, kind: "dev.cosignproject.cosign/sigs" };
  const saved = (manifests) => {
    const files = folderFiles(single);
    const read = async (path, max) => (path === "index.json" ? Buffer.from(JSON.stringify({ manifests })) : files.read(path, max));
    return new LayoutSource("saved", { read }, () => "");
  };
  const signed = saved([image, signatures]);
  assert.equal((await allowed(signed, "registry.example/team/app:v1"))[0], true);
  assert.match((await allowed(signed, "registry.example/team/app:v2"))[1], /offline/);
  assert.match((await allowed(signed, "registry.example/team/other:v1"))[1], /offline/);
  assert.match((await allowed(saved([image]), "registry.example/team/app:v1"))[1], /no signatures found/);
});

test("referrers are described by their manifests, or listed under the fallback tag", async () => {
  const bytes = (value) => Buffer.from(JSON.stringify(value));
  const subject = digestOf("image");
  const referrer = bytes({ subject: { digest: subject }, config: { mediaType: "application/x-config" }, annotations: { a: "b" } });
  const other = bytes({ manifests: [{ mediaType: "m", digest: digestOf("listed"), size: 1 }] });
  const descriptor = (content, annotations) => ({ mediaType: "m", digest: digestOf(content), size: content.length, annotations });
  const ask = async (...manifests) => {
    const contents = [referrer, other, Buffer.from("not json")];
    const blobs = contents.map((content) => [`blobs/sha256/${digestOf(content).slice(7)}`, content]);
    const files = new Map([["index.json", bytes({ manifests })], ...blobs]);
    const artifacts = new Artifacts();
    const need = { kind: "referrers", registry: "r.example", repository: "a", digest: subject, askedBy: [] };
    await new LayoutSource("l", { read: async (path) => files.get(path) }, () => "").answer(need, artifacts);
    return artifacts.toDocument().referrers[`r.example/a@${subject}`];
  };
  const api = await ask(descriptor(Buffer.from("not json")), descriptor(referrer, { "org.opencontainers.image.ref.name": "x" }));
  assert.equal(api.source, "api");
  assert.deepEqual(api.descriptors.map(({ artifactType, annotations }) => [artifactType, annotations]), [["application/x-config", { a: "b" }]]);
  const listed = await ask(descriptor(other, { "org.opencontainers.image.ref.name": subject.replace(":", "-") }));
  assert.deepEqual([listed.source, listed.descriptors[0].digest], ["fallback-tag", digestOf("listed")]);
  assert.deepEqual(await ask(), { source: "api", descriptors: [] });
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
