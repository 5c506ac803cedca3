// `vidimus preflight` and `inspect`: why an image is not admitted, edits that were tried, and what the image carries.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Artifacts, LayoutSource, OfflineSource, PolicySet, TrustRootSource, folderFiles, inspect, preflight, ready, rootFolder } from "../dist/node.js";
import { hasFixtures } from "./fixture-cases.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(repository, "pkg/npm/dist/cli/main.js");
const shared = join(repository, "..", "shared", "fixtures");
const folder = mkdtempSync(join(tmpdir(), "vidimus-preflight-"));
after(() => rmSync(folder, { recursive: true, force: true }));
await ready();

const read = (path) => readFileSync(join(repository, "policies", path), "utf8");
const NOW = "2026-03-20T00:00:00Z";

/** Asks with the policy and the evidence of a sample. */
function ask(sample, image, change = (text) => text) {
  const policies = [{ name: "policy.yaml", text: change(read(`${sample}/${sample}.yaml`)) }];
  const artifacts = new Artifacts().add(read(`${sample}/evidence.json`));
  const sources = [new TrustRootSource(), new OfflineSource()];
  return preflight({ policies, image: `registry.example/shop/${image}`, artifacts, sources, options: { now: NOW } });
}

const edits = ({ advice }) => advice.flatMap((one) => one.edits.flat().map(({ path, after }) => [path, after]));

test("an image that is admitted needs no advice", async () => {
  const found = await ask("keyless-release", "checkout:v1");
  assert.deepEqual([found.isAdmitted, found.isConcerned, found.advice], [true, true, []]);
});

test("another identity: the one that signed, to be trusted or not", async () => {
  const found = await ask("keyless-release", "search:v1");
  assert.equal(found.isAdmitted, false);
  const [{ code, attestor, edits: sets, found: words }] = found.advice;
  assert.deepEqual([code, attestor], ["subject-mismatch", ".attestors[0].entries[0].keyless"]);
  assert.match(words, /subject mismatch: expected .*release\.yml.*, received .*nightly\.yml/);
  assert.deepEqual(edits(found), [
    ["spec.rules[0].verifyImages[0].attestors[0].entries[0].keyless.subject", "https://github.com/acme/shop/.github/workflows/nightly.yml@refs/heads/main"],
  ]);
  assert.match(sets[0][0].caution, /only if you trust this signer/);
});

test("a certificate that had ended is nothing that an edit mends", async () => {
  const found = await ask("keyless-release", "payment:v1");
  assert.equal(found.advice.length, 1);
  assert.match(found.advice[0].found, /certificate expired before observed time/);
  assert.deepEqual(edits(found), []);
});

test("a signature without log entry: the field that does without, and what it gives up", async () => {
  const found = await ask("require-signed-image", "checkout:v1", (text) => text.replace(/\n +rekor:\n(?: +#.*\n)* +ignoreTlog: true/, ""));
  assert.equal(found.isAdmitted, false, "the sample relies on ignoreTlog");
  assert.deepEqual(edits(found), [["spec.rules[0].verifyImages[0].attestors[0].entries[0].keys.rekor.ignoreTlog", true]]);
  assert.match(found.advice[0].edits[0][0].caution, /nothing proves/);
});

test("an attestation of another type: the one that is there", async () => {
  const found = await ask("require-sbom", "checkout:v1", (text) => text.replace(/type: https:\/\/spdx\.dev\/Document\S*/, "type: https://example.org/other"));
  assert.equal(found.isAdmitted, false);
  assert.deepEqual(edits(found), [["spec.rules[0].verifyImages[0].attestations[0].type", "https://spdx.dev/Document"]]);
});

test("no attestation and no edit: what to do is said", async () => {
  const found = await ask("require-sbom", "cart:v1");
  assert.deepEqual(edits(found), []);
  assert.match(found.advice[0].fix, /cosign attest/);
});

test("an image that no rule verifies is admitted, and said not to be verified", async () => {
  const found = await ask("require-sbom", "../other/app:v1".replace("../", ""), (text) => text.replaceAll("registry.example/shop", "registry.example/elsewhere"));
  assert.deepEqual([found.isConcerned, found.isAdmitted], [false, true]);
});

test("an edit keeps the comments of the policy, and is loaded again", async () => {
  const { advice } = await ask("keyless-release", "search:v1");
  assert.equal(advice[0].edits.length, 1);
  assert.ok((await PolicySet.load([read("keyless-release/keyless-release.yaml")])) instanceof PolicySet);
});

test("a rule that reads other signatures than the image has: the type", async (t) => {
  if (!hasFixtures) {
    console.error("SKIPPED: the conformance data `shared/fixtures` is not beside this checkout");
    return t.skip("shared/fixtures is not beside this checkout");
  }
  const { now, trust } = JSON.parse(readFileSync(join(shared, "cases/bundle-key/case.json"), "utf8"));
  const text = readFileSync(join(shared, "cases/bundle-key/policy.yaml"), "utf8");
  assert.match(text, /type: SigstoreBundle/);
  const image = /image: (\S+)/.exec(readFileSync(join(shared, "cases/bundle-key/resource.yaml"), "utf8"))[1];
  const trustRoot = JSON.parse(readFileSync(join(shared, trust === undefined ? "trust" : `trust-${trust}`, "trusted_root.json"), "utf8"));
  const layout = new LayoutSource("images", folderFiles(join(shared, "images")), rootFolder);
  const policies = [{ name: "policy.yaml", text: text.replace(/\n *type: SigstoreBundle/, "").replace("- type: SigstoreBundle\n     ", "-") }];
  const input = { policies, image, artifacts: new Artifacts(), sources: [layout, new OfflineSource()], options: { now, trustRoot } };
  const found = await preflight(input);
  assert.equal(found.isAdmitted, false);
  assert.ok(edits(found).some(([path, after]) => path.endsWith(".type") && after === "SigstoreBundle"), JSON.stringify(found.advice, undefined, 1));
});

test("inspect decodes, and verifies nothing", async () => {
  const artifacts = new Artifacts().add(read("keyless-release/evidence.json"));
  const { root } = await inspect("registry.example/shop/search:v1", artifacts, [new OfflineSource()]);
  const [signature] = root.children[0].children;
  assert.equal(signature.kind, "cosign-signature");
  const [leaf] = signature.signature.certificates;
  assert.deepEqual(leaf.names, ["https://github.com/acme/shop/.github/workflows/nightly.yml@refs/heads/main"]);
  assert.equal(leaf.extensions.oidcIssuer, "https://token.actions.githubusercontent.com");
  await assert.rejects(inspect("no image:", artifacts, []), { code: "input" });
});

const run = (...args) => spawnSync(process.execPath, [main, ...args], { encoding: "utf8", cwd: repository });
const sample = "policies/keyless-release";
const evidence = ["--artifacts", `${sample}/evidence.json`, "--offline"];

test("the commands print it, with exit codes", () => {
  const policy = `${sample}/keyless-release.yaml`;
  const call = (image) => run("preflight", policy, "--image", `registry.example/shop/${image}`, ...evidence, "--now", NOW);
  assert.deepEqual([call("checkout:v1").status, call("search:v1").status], [0, 1]);
  assert.match(call("search:v1").stdout, /with this edit the rule passes:\n {4}policies\/keyless-release\/keyless-release\.yaml: spec\.rules\[0\].*\.subject\n {6}- ".*\n {6}\+ ".*nightly/);
  const [json] = JSON.parse(run("preflight", policy, "--image", "registry.example/shop/search:v1", ...evidence, "--now", NOW, "-o", "json").stdout);
  assert.equal(json.advice[0].code, "subject-mismatch");
  const tree = run("inspect", "registry.example/shop/search:v1", ...evidence);
  assert.equal(tree.status, 0);
  assert.match(tree.stdout, /cosign-signature sha256:.*\n.*claims sha256:.*\n.*certificate https:\/\/github\.com\/acme/);
  assert.equal(run("inspect", "registry.example/none:v1", ...evidence).status, 3);
  for (const [args, words] of [
    [["preflight", policy], /no image given: add --image IMAGE/],
    [["preflight", "--image", "a"], /no policy given/],
    [["inspect"], /no image given/],
    [["inspect", "a", "-o", "xml"], /--output: expected tree, json/],
  ]) {
    const { status, stderr } = run(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, words);
  }
});

test("a policy that is wrong is told, with its place", () => {
  writeFileSync(join(folder, "wrong.yaml"), "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: { name: a }\nspec: { rulez: [] }\n");
  const { status, stderr } = run("preflight", join(folder, "wrong.yaml"), "--image", "a", "--offline");
  assert.equal(status, 2);
  assert.match(stderr, /wrong\.yaml:4:\d+: error\[unknown-field\]/);
});
