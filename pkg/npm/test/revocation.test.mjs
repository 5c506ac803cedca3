import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Artifacts, RevocationSource, momentsIn, ready, validUntil } from "../dist/node.js";

const asked = [];
let server;
let url;

before(async () => {
  await ready();
  server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      asked.push({ method: request.method, path: request.url, type: request.headers["content-type"], body: Buffer.concat(chunks).toString("base64") });
      if (request.url === "/ocsp") response.end("response");
      else if (request.url === "/list") response.end("a list");
      else if (request.url === "/moved") response.writeHead(302, { location: "/list" }).end();
      else if (request.url === "/slow") response.write("x");
      else response.writeHead(404).end("nothing");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${server.address().port}`;
});
after(() => (server.closeAllConnections(), server.close()));

const need = (kind, path, more = {}) => ({ kind, url: `${url}${path}`, maxBytes: 100, askedBy: [], ...more });

async function answered(question) {
  const artifacts = new Artifacts();
  assert.equal(await new RevocationSource().answer(question, artifacts), true);
  return artifacts.toDocument();
}

test("a responder is asked by POST, and its answer kept under the question's digest", async () => {
  const { revocation } = await answered(need("ocsp", "/ocsp", { body: "cXVlc3Rpb24=" }));
  assert.deepEqual(asked.at(-1), { method: "POST", path: "/ocsp", type: "application/ocsp-request", body: "cXVlc3Rpb24=" });
  const [[key, value]] = Object.entries(revocation);
  assert.match(key, new RegExp(`^${url}/ocsp#sha256:[0-9a-f]{64}$`));
  assert.equal(atob(value), "response");
});

test("a list is fetched, and kept under its address", async () => {
  const { revocation } = await answered(need("revocation-list", "/list"));
  assert.equal(asked.at(-1).method, "GET");
  assert.deepEqual(revocation, { [`${url}/list`]: btoa("a list") });
});

test("an error, a redirect, an answer that is too long and no answer are failures, and nothing is kept", async () => {
  for (const [path, more, expected] of [
    ["/none", {}, /answered 404/],
    ["/moved", {}, /redirect/],
    ["/list", { maxBytes: 3 }, /more than 3 bytes/],
  ]) {
    const { failures, revocation } = await answered(need("revocation-list", path, more));
    assert.equal(revocation, undefined);
    assert.equal(failures.length, 1);
    assert.match(failures[0].error, expected);
  }
  const { failures } = await answered({ kind: "revocation-list", url: "http://127.0.0.1:1/list", maxBytes: 10, askedBy: [] });
  assert.equal(failures[0].transport, true);
});

test("what the evidence keeps of it is read again", async () => {
  const document = await answered(need("ocsp", "/ocsp", { body: "cXVlc3Rpb24=" }));
  const again = new Artifacts().add(document).toDocument();
  assert.deepEqual(again.revocation, document.revocation);
});

test("the end of an answer is a time at which the verdict may change", async () => {
  const { now, cases } = JSON.parse(readFileSync(new URL("../../../tests/data/revocation/vectors.json", import.meta.url), "utf8"));
  const [answer] = Object.values(cases.find(({ name }) => name === "ocsp: expired").ocsp);
  const times = momentsIn(Buffer.from(answer, "base64"), "answer").map(({ time }) => time);
  const end = Date.parse(now) - 3_600_000;
  assert.ok(times.includes(end), `${new Date(end).toISOString()} is not among ${times.length} times`);
  const verdict = (allowed) => ({ admission: { allowed, message: "", warnings: [] }, results: [], images: [], patches: [] });
  const at = async (time) => verdict(Date.parse(time) <= end);
  const document = { schema: "vidimus.evidence/v1", revocation: { "http://ocsp.test#sha256:00": answer } };
  const { until, because } = await validUntil(at, new Date(end - 60_000).toISOString(), document);
  assert.equal(Date.parse(until), end);
  assert.deepEqual(because, ["answer of http://ocsp.test#sha256:00"]);
});
