// Registries on bad days: whatever they do, the outcome has a code, nothing is admitted, and the call ends.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Artifacts, OfflineSource, PolicySet, RegistrySource, ready, settle } from "../dist/node.js";
import { keyPair, keyPolicy, podOf, pushImage, signImage } from "./registry-server.mjs";
import { startStandIn } from "./stand-in-registry.mjs";

const LIMITS = { timeout: 100, retries: 2, backoff: 1 };
const JSON_TYPE = { "content-type": "application/vnd.oci.image.manifest.v1+json" };
const isTag = (url) => url.endsWith("/manifests/v1");
const isSignature = (url) => url.endsWith(".sig");
const isBlob = (url) => url.includes("/blobs/");
const keys = keyPair();
let registry;
let fault = () => false;
let elsewhere;
let leaked = [];

before(async () => {
  await ready();
  registry = await startStandIn({ fault: (request, response) => request.method === "GET" && fault(request.url, response, request) });
  await signImage(registry.host, "team/app", await pushImage(registry.host, "team/app", "v1"), keys.privateKey);
  const server = createServer((request, response) => {
    leaked.push(request.headers.authorization);
    response.writeHead(401, { "www-authenticate": "Basic realm=elsewhere" }).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  elsewhere = { host: `localhost:${server.address().port}`, stop: () => server.closeAllConnections() ?? server.close() };
});
after(() => {
  registry.stop();
  elsewhere.stop();
});

/** What an evaluation leads to while the registry fails so. */
async function evaluate(failing, options = {}) {
  fault = failing;
  registry.requests.length = 0;
  const set = await PolicySet.load([keyPolicy(`${registry.host}/*`, keys.pem)]);
  const artifacts = new Artifacts();
  const source = new RegistrySource({ ...LIMITS, ...options });
  const request = { resource: podOf(`${registry.host}/team/app:v1`) };
  const answer = await settle(set, request, artifacts, [source, new OfflineSource()]);
  return { answer, failures: artifacts.toDocument().failures ?? [], log: source.log };
}

/** Refuses by this code, whatever else is said. */
function assertRefused({ answer }, code) {
  assert.equal(answer.admission.allowed, false);
  assert.equal(answer.status, "complete");
  const codes = answer.results.flatMap((result) => [result.code, ...codesIn(result.trace)]);
  assert.ok(codes.includes(code), `expected ${code}, found ${codes}: ${answer.results.map(({ message }) => message)}`);
}

const codesIn = (step) => (step === undefined ? [] : [step.code, ...(step.steps ?? []).flatMap(codesIn)]);

const send = (status, headers = {}, body = "") => (_, response) => response.writeHead(status, headers).end(body) && true;
const only = (where, how) => (url, response, request) => where(url) && how(url, response, request);

/** Says that it sends more than it does, and ends the connection. */
function cut(_, response) {
  response.writeHead(200, { ...JSON_TYPE, "content-length": 1000 }).write("{");
  setTimeout(() => response.destroy(), 5);
  return true;
}

/** A byte now and then, for ever. */
function drip(_, response) {
  response.writeHead(200, JSON_TYPE).write(" ");
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
  return true;
}

const FAULTS = [
  ["nothing fails", () => false, undefined],
  ["a manifest that ends too early", only(isTag, cut), "registry-unreachable"],
  ["a blob that ends too early", only(isBlob, cut), "registry-unreachable"],
  ["bytes that are not those of the digest", only(isBlob, send(200, {}, "other bytes")), "digest-mismatch"],
  ["404 for one blob", only(isBlob, send(404)), "registry-error"],
  ["401 without end, Basic", send(401, { "www-authenticate": "Basic realm=r" }), "registry-error"],
  ["401 without end, Bearer", (url, response) => (url.startsWith("/token") ? send(200, {}, '{"token":"t"}')(url, response) : send(401, { "www-authenticate": `Bearer realm="http://${registry.host}/token"` })(url, response)), "registry-error"],
  ["a challenge that is none", send(401, { "www-authenticate": "???" }), "registry-error"],
  ["a redirect loop", (url, response) => send(307, { location: url })(url, response), "registry-unreachable"],
  ["a redirect out of the protocol", send(307, { location: "file:///etc/passwd" }), "registry-unreachable"],
  ["a redirect to who wants credentials", (url, response) => send(307, { location: `http://${elsewhere.host}/x` })(url, response), "registry-error"],
  ["a byte now and then", only(isBlob, drip), "registry-unreachable"],
  ["no answer", () => true, "registry-unreachable"],
  ["429", send(429, { "retry-after": "0" }), "registry-error"],
  ["429 until tomorrow", send(429, { "retry-after": "86400" }), "registry-error"],
  ["500", send(500), "registry-error"],
  ["503 with words", send(503, {}, '{"errors":[{"code":"UNAVAILABLE","message":"\u001b[31mred"}]}'), "registry-error"],
  ["a manifest that says it is too long", only(isTag, send(200, { ...JSON_TYPE, "content-length": 1 << 26 }, "x".repeat(1 << 10))), "registry-error"],
  ["a manifest that is too long", only(isTag, send(200, JSON_TYPE, Buffer.alloc(9 << 20, " "))), "registry-error"],
  ["signatures that are not JSON", only(isSignature, send(200, JSON_TYPE, "{")), "manifest-malformed"],
  ["signatures that are JSON of another kind", only(isSignature, send(200, JSON_TYPE, "[]")), "manifest-malformed"],
  ["a page in place of what a tag names", only(isTag, send(200, { "content-type": "text/html" }, "<html>")), "registry-error"],
  ["a page in place of signatures", only(isSignature, send(200, { "content-type": "text/html" }, "<html>")), "registry-error"],
  ["204 without content", send(204), "registry-error"],
];

for (const [what, how, code] of FAULTS) {
  test(what, { timeout: 20_000 }, async () => {
    leaked = [];
    const outcome = await evaluate(how, { credentials: () => ({ username: "u", password: "s3cret" }) });
    if (code === undefined) return assert.equal(outcome.answer.admission.allowed, true);
    assertRefused(outcome, code);
    assert.ok(leaked.every((authorization) => authorization === undefined), "credentials went elsewhere");
    assert.ok(!JSON.stringify([outcome.failures, outcome.log]).includes("s3cret"));
    for (const failure of outcome.failures) assert.equal(failure.transport, failure.status === undefined);
  });
}

test("what may pass is tried again, and no more often than said", { timeout: 20_000 }, async () => {
  const attempts = async (how) => (await evaluate(how)).log.length;
  assert.equal(await attempts(send(500)), 1 + LIMITS.retries);
  assert.equal(await attempts(send(429, { "retry-after": "0" })), 1 + LIMITS.retries);
  assert.equal(await attempts(send(429, { "retry-after": "86400" })), 1);
  assert.equal(await attempts(send(403)), 1);
  let failed = 0;
  const { answer } = await evaluate((url, response) => failed++ === 0 && send(503)(url, response));
  assert.equal(answer.admission.allowed, true);
});

test("a blob that is too long is read up to its bound, and refused", { timeout: 20_000 }, async () => {
  let written = 0;
  const endless = (_, response) => {
    response.writeHead(200);
    const part = Buffer.alloc(1 << 20, "x");
    const more = () => {
      while (!response.destroyed && response.write(part)) written += part.length;
      if (!response.destroyed) response.once("drain", more);
    };
    more();
    return true;
  };
  const outcome = await evaluate(only(isBlob, endless), { timeout: 5_000, retries: 0 });
  assertRefused(outcome, "too-large");
  assert.ok(written < 1 << 28, `${written} bytes were sent`);
});

test("an aborted call ends, and says so", { timeout: 5_000 }, async () => {
  fault = () => true;
  const set = await PolicySet.load([keyPolicy(`${registry.host}/*`, keys.pem)]);
  const source = new RegistrySource({ timeout: 60_000 });
  const request = { resource: podOf(`${registry.host}/team/app:v1`) };
  const running = settle(set, request, new Artifacts(), [source], { signal: AbortSignal.timeout(50) });
  await assert.rejects(running, { name: "TimeoutError" });
});

test("the same question at the same time is asked once, and answered to all", async () => {
  fault = () => false;
  registry.requests.length = 0;
  const source = new RegistrySource(LIMITS);
  const need = { kind: "manifest", registry: registry.host, repository: "team/app", tag: "v1", askedBy: [] };
  const stores = Array.from({ length: 5 }, () => new Artifacts());
  await Promise.all(stores.map((store) => source.answer(need, store)));
  assert.equal(registry.requests.length, 1);
  for (const store of stores) assert.ok(`${registry.host}/team/app:v1` in store.toDocument().tags);
});
