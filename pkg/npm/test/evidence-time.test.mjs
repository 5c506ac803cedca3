// Until when a verdict holds, and why.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Artifacts, OfflineSource, PolicySet, TrustRootSource, capture, ready, replay } from "../dist/node.js";
import { authority, certificate, signedWith } from "./certificates.mjs";
import { podOf } from "./registry-server.mjs";

const NOW = "2026-03-14T09:26:53Z";
await ready();

/** Captures one question, and searches how long its verdict holds. */
async function searched(policy, resource, artifacts = new Artifacts(), options = {}) {
  const policies = [{ name: "p.yaml", text: typeof policy === "string" ? policy : JSON.stringify(policy) }];
  const sources = [new TrustRootSource(), new OfflineSource()];
  const set = await PolicySet.load(policies);
  const { document, answers } = await capture({ set, policies, requests: [{ resource, options: { now: NOW } }], artifacts, sources });
  const { replays } = await replay(JSON.parse(JSON.stringify(document)), "e", { validUntil: true, ...options });
  return { ...replays[0], document, allowed: answers[0].admission.allowed, message: answers[0].results[0]?.message };
}

const map = (data) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "shop" }, data });

/** A rule that denies ConfigMaps for which an expression is true. */
const denying = (expression) => ({
  apiVersion: "kyverno.io/v1",
  kind: "ClusterPolicy",
  metadata: { name: "time" },
  spec: {
    background: false,
    rules: [
      {
        name: "time",
        match: { any: [{ resources: { kinds: ["ConfigMap"] } }] },
        validate: {
          failureAction: "Enforce",
          message: "no",
          deny: { conditions: { any: [{ key: `{{ ${expression} }}`, operator: "Equals", value: true }] } },
        },
      },
    ],
  },
});

const repository = "registry.example/team/app";

function certifiedPolicy(chain) {
  const attestor = { certificates: { certChain: chain, rekor: { ignoreTlog: true }, ctlog: { ignoreSCT: true } } };
  const verifyImages = [{ imageReferences: ["registry.example/*"], failureAction: "Enforce", attestors: [{ entries: [attestor] }] }];
  const rule = { name: "signed", match: { any: [{ resources: { kinds: ["Pod"] } }] }, verifyImages };
  return { apiVersion: "kyverno.io/v1", kind: "ClusterPolicy", metadata: { name: "signed" }, spec: { rules: [rule] } };
}

/** An image that is signed with a certificate which ends then, below a root which ends so. */
function certified(leafEnd, rootEnd) {
  const [root, signer] = [authority("root"), authority("signer")];
  const pem = certificate(root, signer, "2026-01-01T00:00:00Z", leafEnd);
  const chain = certificate(root, root, "2025-01-01T00:00:00Z", rootEnd);
  return [certifiedPolicy(chain), podOf(`${repository}:v1`), new Artifacts().add(signedWith(signer, pem, repository))];
}

test("a verdict holds until the end of the certificate that signed", async () => {
  const { allowed, message, validUntil } = await searched(...certified("2027-05-06T07:08:09Z", "2030-01-01T00:00:00Z"));
  assert.equal(allowed, true, message);
  assert.equal(validUntil.until, "2027-05-06T07:08:09Z");
  assert.match(validUntil.because.join(), /dev\.sigstore\.cosign\/certificate: certificate: end of a certificate/);
  assert.deepEqual(validUntil.changes[0], { what: "admission.allowed", recorded: true, found: false });
});

test("where the root ends first, it is the root that is named", async () => {
  const { validUntil } = await searched(...certified("2029-01-01T00:00:00Z", "2028-02-29T12:00:00Z"));
  assert.equal(validUntil.until, "2028-02-29T12:00:00Z");
  assert.deepEqual(validUntil.because, ["p.yaml.spec.rules[0].verifyImages[0].attestors[0].entries[0].certificates.certChain: certificate: end of a certificate"]);
});

test("a denial holds until the certificate begins to be valid", async () => {
  const [root, signer] = [authority("root"), authority("signer")];
  const pem = certificate(root, signer, "2026-08-01T00:00:00Z", "2027-01-01T00:00:00Z");
  const chain = certificate(root, root, "2025-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
  const store = new Artifacts().add(signedWith(signer, pem, repository));
  const { allowed, validUntil } = await searched(certifiedPolicy(chain), podOf(`${repository}:v1`), store);
  assert.equal(allowed, false);
  assert.ok(Math.abs(Date.parse(validUntil.until) - Date.parse("2026-08-01T00:00:00Z")) <= 1000, validUntil.until);
  assert.deepEqual(validUntil.changes[0], { what: "admission.allowed", recorded: false, found: true });
});

test("a condition on a time that the resource names changes the verdict then", async () => {
  const policy = denying("time_after(time_now_utc(), request.object.data.end)");
  const { allowed, validUntil } = await searched(policy, map({ end: "2026-06-01T00:00:00Z" }));
  assert.equal(allowed, true);
  assert.equal(validUntil.until, "2026-06-01T00:00:00Z");
  assert.deepEqual(validUntil.because, ["requests[0].resource.data.end"]);
  assert.equal(validUntil.computesWithTime, true);
});

test("a condition that adds a duration to a time is found where it ends", async () => {
  const policy = denying("time_after(time_now_utc(), time_add(request.object.data.scanned, '720h'))");
  const { validUntil } = await searched(policy, map({ scanned: "2026-03-01T00:00:00Z" }));
  assert.equal(validUntil.until, "2026-03-31T00:00:00Z");
  assert.deepEqual(validUntil.because, ["requests[0].resource.data.scanned, and 720h after it"]);
});

test("a time that is written nowhere is searched, and said to be a condition's", async () => {
  const policy = denying("time_after(time_now_utc(), time_parse('2006-01-02', request.object.data.day))");
  const { validUntil } = await searched(policy, map({ day: "2026-07-01" }));
  assert.deepEqual([validUntil.because, validUntil.until.slice(0, 19)], [["a condition that computes with time"], "2026-07-01T00:00:00"]);
});

test("a verdict that no time changes has no end, as far as was searched", async () => {
  const { validUntil } = await searched(denying("request.object.data.mode == 'x'"), map({ mode: "y" }));
  assert.equal(validUntil.until, null);
  assert.deepEqual([validUntil.because, validUntil.changes, validUntil.computesWithTime], [[], [], false]);
  assert.equal(validUntil.searchedUntil, "2036-03-11T09:26:53Z");
});

test("at another time the verdict may be another, which is named", async () => {
  const policy = denying("time_after(time_now_utc(), request.object.data.end)");
  const { same, differences, now } = await searched(policy, map({ end: "2026-06-01T00:00:00Z" }), new Artifacts(), { now: "2026-07-01T00:00:00Z" });
  assert.deepEqual([same, now], [false, "2026-07-01T00:00:00Z"]);
  assert.deepEqual(differences[0], { what: "admission.allowed", recorded: true, found: false });
});
