// Evidence: what is recorded, that it is verified again, and that layouts and merged files say the same.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import {
  Artifacts,
  LayoutSource,
  OfflineSource,
  PolicySet,
  TrustRootSource,
  capture,
  layoutEvidence,
  layoutRoot,
  mergeEvidence,
  parseObjects,
  plan,
  ready,
  replay,
  rootFolder,
  settle,
  verdictOf,
} from "../dist/node.js";
import { keyPair } from "./registry-server.mjs";

const samples = new URL("../../../policies/", import.meta.url);
const folders = readdirSync(samples, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const names = folders.filter((name) => existsSync(new URL(`${name}/evidence.json`, samples)));
assert.ok(names.length >= 9, `only ${names}`);
await ready();

/** A sample, ready to be captured. */
async function sample(name, files) {
  const read = (file) => readFileSync(new URL(`${name}/${file}`, samples), "utf8");
  const [suite] = await parseObjects(read("kyverno-test.yaml"));
  const policies = suite.policies.map((file) => ({ name: file, text: read(file) }));
  const wanted = suite.resources.filter((file) => files === undefined || files.some((one) => file.includes(one)));
  const resources = (await Promise.all(wanted.map((file) => parseObjects(read(file))))).flat();
  const artifacts = new Artifacts();
  suite.artifacts.forEach((file) => artifacts.add(read(file)));
  const requests = resources.map((resource) => ({ resource, options: { now: suite.now } }));
  return { set: await PolicySet.load(policies), policies, requests, artifacts, sources: [new TrustRootSource(), new OfflineSource()] };
}

const captured = async (name, files) => (await capture(await sample(name, files))).document;
const copy = (document) => JSON.parse(JSON.stringify(document));
const isSame = async (document) => (await replay(document, "e")).replays.every(({ same }) => same);

for (const name of names) {
  test(`the evidence of ${name} leads to its verdicts again`, async () => {
    const input = await sample(name);
    const { document, answers } = await capture(input);
    const { replays, corrupt } = await replay(copy(document), name);
    assert.equal(replays.length, input.requests.length);
    assert.deepEqual(replays.map(({ answer }) => verdictOf(answer)), answers.map(verdictOf));
    assert.deepEqual([replays.flatMap(({ differences }) => differences), corrupt], [[], []]);
    assert.ok(document.verdict.some(({ admission }) => admission.allowed) && document.verdict.some(({ admission }) => !admission.allowed));
  });

  test(`the evidence of ${name} holds nothing that no verdict used`, async () => {
    const document = await captured(name);
    assert.ok(Object.keys(document.blobs).length > 0);
    for (const field of ["blobs", "tags"]) {
      for (const key of Object.keys(document[field])) {
        const less = copy(document);
        delete less[field][key];
        assert.equal(await isSame(less), false, key);
      }
    }
  });

  test(`the layouts of ${name} lead to the same verdicts, and to the same evidence`, async () => {
    const { document, answers } = await capture(await sample(name));
    const { files } = await layoutRoot(document);
    const source = new LayoutSource("layouts", { read: async (path) => files.get(path) }, rootFolder);
    const { set, requests } = await sample(name);
    const store = new Artifacts();
    for (const [index, request] of requests.entries()) {
      const answer = await settle(set, request, store, [source, new OfflineSource()]);
      assert.deepEqual(verdictOf(answer), verdictOf(answers[index]));
    }
    const folders = [...files.keys()].filter((path) => path.endsWith("/oci-layout")).map((path) => path.slice(0, -"/oci-layout".length));
    const again = folders.map(async (folder) => {
      const [registry, ...path] = folder.split("/");
      return { name: folder, document: await layoutEvidence(source, { registry, repository: path.join("/"), folder }) };
    });
    const { tags, blobs } = mergeEvidence(await Promise.all(again));
    // In a layout a list of referrers is an index under the fallback tag.
    for (const tag of Object.keys(tags).filter((name) => /:sha256-[0-9a-f]{64}$/.test(name) && !(name in document.tags))) {
      assert.ok(tag.replace(":sha256-", "@sha256:") in document.referrers, tag);
      delete blobs[tags[tag]];
      delete tags[tag];
    }
    assert.deepEqual([tags, blobs], [document.tags, document.blobs]);
  });
}

test("with `all`, what was given and not used is kept too", async () => {
  const input = await sample("require-signed-image", ["resources/signed"]);
  const { document } = await capture(input, { all: true });
  const used = await captured("require-signed-image", ["resources/signed"]);
  assert.ok(Object.keys(document.tags).length > Object.keys(used.tags).length);
  assert.equal(await isSame(document), true);
});

test("evidence written again is as old as what it comes from", async () => {
  const { capturedAt } = JSON.parse(readFileSync(new URL("require-signed-image/evidence.json", samples), "utf8"));
  assert.equal((await captured("require-signed-image")).capturedAt, capturedAt);
  const input = await sample("require-signed-image");
  input.artifacts = new Artifacts();
  const { document } = await capture(input);
  assert.ok(Date.now() - Date.parse(document.capturedAt) < 60_000, document.capturedAt);
});

test("a question without a time gets that of the capture", async () => {
  const input = await sample("require-signed-image");
  input.requests = [{ resource: input.requests[0].resource }];
  const { document } = await capture(input);
  assert.ok(!Number.isNaN(Date.parse(document.requests[0].options.now)));
  assert.equal(await isSame(document), true);
});

test("requests that failed are recorded, and fail again", async () => {
  const input = await sample("require-signed-image", ["resources/signed"]);
  const { document, answers } = await capture({ ...input, artifacts: new Artifacts() });
  assert.equal(answers[0].results[0].status, "error");
  assert.match(document.failures[0].error, /offline/);
  assert.equal(await isSame(document), true);
});

test("an altered blob is named, and no verdict rests on it", async () => {
  const document = await captured("require-signed-image", ["resources/signed"]);
  const [digest] = Object.keys(document.blobs);
  document.blobs[digest] = btoa(`${atob(document.blobs[digest])} `);
  const { corrupt, replays } = await replay(document, "e");
  assert.equal(corrupt[0].digest, digest);
  assert.match(corrupt[0].actual, /^sha256:[0-9a-f]{64}$/);
  assert.notEqual(corrupt[0].actual, digest);
  assert.equal(replays[0].same, false);
  assert.equal(replays[0].answer.admission.allowed, false);
});

test("each difference from the recorded verdict is named", async () => {
  const document = await captured("require-signed-image", ["unsigned"]);
  const verdict = document.verdict[0];
  verdict.admission.allowed = true;
  verdict.results[0].status = "pass";
  verdict.images[0].outcome = "pass";
  verdict.results.pop();
  const { replays } = await replay(document, "e");
  assert.deepEqual(replays[0].differences.map(({ what }) => what), [
    "admission.allowed",
    "require-signed-image/require-signed-image verify Pod/unsigned registry.example/shop/cart:v1 status",
    "require-signed-image/require-signed-image check Pod/unsigned registry.example/shop/cart@sha256:265152777c7b8e452783e173416587fe852df657f203e083c192a259a307fc10",
    "image /spec/containers/0/image",
  ]);
});

test("a record that is none is refused with what is wrong in it", async () => {
  const document = await captured("require-signed-image");
  const refused = (change) => assert.rejects(replay(change(copy(document)), "e.json"), { code: "input" });
  await refused(({ policies: _, ...rest }) => rest);
  await refused((rest) => ({ ...rest, verdict: rest.verdict.slice(1) }));
  await refused((rest) => ({ ...rest, verdict: rest.verdict.map(() => ({})) }));
  await refused((rest) => ({ ...rest, policies: [{ name: "p" }] }));
  await refused((rest) => ({ ...rest, schema: "vidimus.evidence/v2" }));
});

test("files that were judged alike merge with their verdicts", async () => {
  const parts = await Promise.all(["resources/signed", "unsigned"].map((file) => captured("require-signed-image", [file])));
  const merged = mergeEvidence(parts.map((document, index) => ({ name: `${index}.json`, document })));
  assert.equal(merged.verdict.length, 2);
  assert.equal(await isSame(merged), true);
  const other = await captured("two-of-three-signers");
  const mixed = mergeEvidence([{ name: "a", document: parts[0] }, { name: "b", document: other }]);
  assert.deepEqual([mixed.verdict, mixed.policies, mixed.requests], [undefined, undefined, undefined]);
  assert.equal(Object.keys(mixed.tags).length, Object.keys(parts[0].tags).length + Object.keys(other.tags).length);
});

test("a merge keeps what several files say once, and the oldest time", () => {
  const object = { kind: "ConfigMap", metadata: { name: "keys" } };
  const failure = { kind: "blob", digest: "sha256:0", error: "no", transport: true };
  const one = { schema: "vidimus.evidence/v1", tags: { "r/a:1": null }, objects: [object], failures: [failure], capturedAt: "2026-02-01T00:00:00Z" };
  const two = { ...one, tags: { "r/b:1": "sha256:1" }, blobs: { "sha256:1": "" }, capturedAt: "2026-01-01T00:00:00Z" };
  const merged = mergeEvidence([{ name: "1", document: one }, { name: "2", document: two }]);
  assert.deepEqual(merged.tags, { "r/a:1": null, "r/b:1": "sha256:1" });
  assert.deepEqual([merged.objects, merged.failures], [[object], [failure]]);
  assert.equal(merged.capturedAt, "2026-01-01T00:00:00Z");
});

test("files that contradict each other do not merge", () => {
  const file = (name, more) => ({ name, document: { schema: "vidimus.evidence/v1", ...more } });
  const refused = (message, ...files) => assert.throws(() => mergeEvidence(files), { code: "input", message });
  refused(/^a and b contradict each other about tags r\/a:1/, file("a", { tags: { "r/a:1": null } }), file("b", { tags: { "r/a:1": "sha256:1" } }));
  const map = (mode) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" }, data: { mode } });
  refused(/about the object v1 ConfigMap \/m/, file("a", { objects: [map("x")] }), file("b", { objects: [map("y")] }));
  const failure = { kind: "manifest", registry: "r", repository: "a", tag: "1", error: "no", transport: true };
  refused(/r\/a:1 is there, and the request for it failed: no/, file("a", { failures: [failure] }), file("b", { tags: { "r/a:1": null } }));
});

/** The sample's policy with the key in a Secret, beside what else such Secrets hold. */
async function fromSecret(more = {}) {
  const input = await sample("require-signed-image", ["resources/signed"]);
  const [{ name, text }] = input.policies;
  const pem = /-----BEGIN[^]*?-----END PUBLIC KEY-----/.exec(text)[0];
  const lines = text.slice(text.indexOf("            publicKeys:"), text.indexOf("            # These"));
  input.policies = [{ name, text: text.replace(lines, "            publicKeys: k8s://ops/cosign\n") }];
  input.set = await PolicySet.load(input.policies);
  const data = { "cosign.pub": btoa(pem.replace(/^ +/gm, "")), "cosign.key": btoa("very private"), "cosign.password": btoa("hunter22") };
  const metadata = { name: "cosign", namespace: "ops", annotations: { note: "hunter22" } };
  input.artifacts.addObject({ apiVersion: "v1", kind: "Secret", metadata, data, ...more });
  return input;
}

test("of a Secret nothing but the public key is kept", async () => {
  for (const all of [false, true]) {
    const { document, answers } = await capture(await fromSecret(), { all });
    assert.equal(answers[0].admission.allowed, true, answers[0].admission.message);
    const [secret] = document.objects;
    assert.deepEqual(Object.keys(secret.data), ["cosign.pub"]);
    assert.deepEqual(secret.metadata, { name: "cosign", namespace: "ops" });
    const text = JSON.stringify(document);
    for (const word of ["very private", btoa("very private"), "hunter22", btoa("hunter22")]) assert.ok(!text.includes(word), word);
    assert.equal(await isSame(document), true);
  }
});

test("a Secret that is evaluated, or a private key in any input, is not recorded", async () => {
  const input = await sample("require-signed-image");
  const key = keyPair().privateKey.export({ type: "pkcs8", format: "pem" });
  const refused = (resource, message) => assert.rejects(capture({ ...input, requests: [{ resource }] }), { code: "bad-call", message });
  const metadata = { name: "s", namespace: "shop" };
  await refused({ apiVersion: "v1", kind: "Secret", metadata, data: { token: btoa("x") } }, /requests\[0\]\.resource\.data\.token: what a Secret holds/);
  await refused({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { key } }, /requests\[0\]\.resource\.data\.key: a private key/);
  await refused({ apiVersion: "v1", kind: "Secret", metadata, data: { "cosign.pub": btoa(key) } }, /cosign\.pub: a private key/);
});

test("the trust root is recorded where it was asked for, and nowhere else", async () => {
  assert.equal((await captured("require-signed-image")).trustRoot, undefined);
  const input = await sample("require-signed-image", ["resources/signed"]);
  const [{ name, text }] = input.policies;
  input.policies = [{ name, text: text.replace("ignoreTlog: true", "url: https://rekor.example") }];
  input.set = await PolicySet.load(input.policies);
  const { document } = await capture(input);
  assert.match(document.trustRoot.mediaType, /trustedroot/);
  assert.equal(await isSame(document), true);
});

test("a plan names each request, for whom it is, and sends none", async () => {
  const { set, requests } = await sample("require-signed-image", ["resources/signed"]);
  const found = await plan(set, requests[0], new Artifacts(), []);
  assert.equal(found.complete, false);
  assert.equal(found.requests.length, 1);
  const [{ round, need, answeredBy, sentTo }] = found.requests;
  assert.deepEqual([round, need.kind, need.tag, answeredBy, sentTo], [1, "manifest", "v1", null, "registry.example"]);
  assert.deepEqual(need.askedBy, [{ policy: "require-signed-image", rule: "require-signed-image", attestor: ".attestors[0].entries[0].keys" }]);
});

test("a plan goes on from round to round with what is given", async () => {
  const { document } = await capture(await sample("require-signed-image", ["resources/signed"]));
  const { files } = await layoutRoot(document);
  const { set, requests } = await sample("require-signed-image", ["resources/signed"]);
  const layouts = new LayoutSource("layouts", { read: async (path) => files.get(path) }, rootFolder);
  const whole = await plan(set, requests[0], new Artifacts(), [layouts]);
  assert.equal(whole.complete, true);
  assert.deepEqual(whole.requests.map(({ round, need, answeredBy }) => [round, need.kind, answeredBy]), [
    [1, "manifest", "layouts"],
    [2, "manifest", "layouts"],
    [3, "blob", "layouts"],
  ]);
  const tagOnly = new Artifacts().addTag("registry.example/shop/checkout", "v1", document.tags["registry.example/shop/checkout:v1"]);
  const [next] = (await plan(set, requests[0], tagOnly, [])).requests;
  assert.match(next.need.tag, /^sha256-[0-9a-f]{64}\.sig$/);
});
