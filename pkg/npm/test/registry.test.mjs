// The host against a real registry: images pushed and signed by the test itself.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Artifacts, OfflineSource, PolicySet, RegistrySource, settle } from "../dist/node.js";
import { keyPair, keyPolicy, podOf, pushImage, signImage, startRegistry } from "./registry-server.mjs";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vidimus-test-"));
const keys = keyPair();
let registry;
let signed;

before(async () => {
  registry = await startRegistry();
  signed = await pushImage(registry.host, "team/app", "v1");
  await signImage(registry.host, "team/app", signed, keys.privateKey);
  await pushImage(registry.host, "team/unsigned", "v1");
  const other = await pushImage(registry.host, "team/other", "v1");
  await signImage(registry.host, "team/other", other, keyPair().privateKey);
  writeFileSync(join(folder, "policy.yaml"), keyPolicy(`${registry.host}/team/*`, keys.pem));
});

after(() => {
  registry?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function apply(image, ...options) {
  const pod = join(folder, "pod.json");
  writeFileSync(pod, JSON.stringify(podOf(image)));
  return spawnSync(process.execPath, [main, "apply", join(folder, "policy.yaml"), "-r", pod, ...options], { encoding: "utf8" });
}

test("a signed image is admitted, and its tag becomes a digest", () => {
  const run = apply(`${registry.host}/team/app:v1`, "-o", "json");
  assert.equal(run.status, 0, run.stderr + run.stdout);
  const [answer] = JSON.parse(run.stdout);
  assert.equal(answer.admission.allowed, true);
  assert.equal(answer.resource.spec.containers[0].image, `${registry.host}/team/app:v1@${signed}`);
});

test("an image by digest is admitted without asking for its manifest", async () => {
  const set = await PolicySet.load([keyPolicy(`${registry.host}/team/*`, keys.pem)]);
  const source = new RegistrySource();
  const request = { resource: podOf(`${registry.host}/team/app@${signed}`) };
  const answer = await settle(set, request, new Artifacts(), [source]);
  assert.equal(answer.admission.allowed, true);
  assert.equal(source.log.length, 2, JSON.stringify(source.log));
});

test("unsigned, signed by another key and missing images are denied, each with its reason", () => {
  for (const [image, reason] of [
    ["team/unsigned:v1", "no signatures found"],
    ["team/other:v1", "no matching signatures: "],
    ["team/app:v2", "image tag not found: "],
  ]) {
    const run = apply(`${registry.host}/${image}`);
    assert.match(run.stdout, new RegExp(reason));
    assert.equal(run.status, image.endsWith("v2") ? 3 : 1, run.stdout);
  }
});

test("what was captured gives the same verdict without the registry", () => {
  const evidence = join(folder, "evidence.json");
  for (const [image, status] of [["team/app:v1", 0], ["team/unsigned:v1", 1], ["team/app:v2", 3]]) {
    const first = apply(`${registry.host}/${image}`, "--capture", evidence, "-o", "json");
    assert.equal(first.status, status);
    const again = apply(`${registry.host}/${image}`, "--artifacts", evidence, "--offline", "-o", "json");
    const results = (run) => JSON.parse(run.stdout)[0].results;
    assert.deepEqual(results(again), results(first));
    assert.equal(JSON.parse(readFileSync(evidence, "utf8")).schema, "vidimus.evidence/v1");
  }
});

test("a registry that cannot be reached is an error, not a denial", () => {
  const run = apply("localhost:1/team/app:v1", "--artifacts", join(folder, "evidence.json"));
  // No rule concerns this image.
  assert.equal(run.status, 0, run.stdout);
  writeFileSync(join(folder, "closed.yaml"), keyPolicy("localhost:1/*", keys.pem));
  const pod = join(folder, "pod.json");
  const closed = spawnSync(process.execPath, [main, "apply", join(folder, "closed.yaml"), "-r", pod], { encoding: "utf8" });
  assert.equal(closed.status, 3, closed.stdout);
  assert.match(closed.stdout, /error {3}failed to verify image localhost:1\/team\/app:v1/);
});

test("offline, what is not at hand cannot be evaluated", async () => {
  const set = await PolicySet.load([keyPolicy("r.example/*", keys.pem)]);
  const answer = await settle(set, { resource: podOf("r.example/a:1") }, new Artifacts(), [new OfflineSource()]);
  assert.equal(answer.admission.allowed, false);
  assert.ok(answer.results.some((result) => result.status === "error"));
});
