// Evidence from registries that want credentials: these are in no document, even where a registry repeats them.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Artifacts, PolicySet, RegistrySource, capture, ready, replay } from "../dist/node.js";
import { keyPair, keyPolicy, podOf, pushImage, signImage, startRegistry } from "./registry-server.mjs";

const USER = { username: "robot$ci", password: "pa55-w0rd/with+signs" };
const BASIC = Buffer.from(`${USER.username}:${USER.password}`).toString("base64");
/** Longer than any message that is kept: where it were cut first, a part of it would remain. */
const TOKEN = `t0k3n.${"abcdefgh".repeat(100)}`;
const SECRETS = [USER.password, BASIC, TOKEN, TOKEN.slice(0, 40), encodeURIComponent(USER.password)];
const keys = keyPair();
const servers = [];
let registry;

before(async () => {
  await ready();
  registry = await startRegistry();
});
after(() => {
  servers.forEach((server) => server.closeAllConnections() ?? server.close());
  registry.stop();
});

/** A registry behind a door: `scheme` is what it wants, `isBroken` which requests it answers with an error that repeats what it was sent. */
function guarded(scheme, isBroken = () => false) {
  return new Promise((resolve) => {
    const server = createServer(async (request, response) => {
      const { authorization } = request.headers;
      if (request.url.startsWith("/token")) {
        const known = authorization === `Basic ${BASIC}`;
        return response.writeHead(known ? 200 : 401).end(known ? JSON.stringify({ token: TOKEN }) : "");
      }
      const host = `localhost:${server.address().port}`;
      const challenge = scheme === "Basic" ? "Basic realm=r" : `Bearer realm="http://${host}/token",service="r"`;
      if (authorization !== (scheme === "Basic" ? `Basic ${BASIC}` : `Bearer ${TOKEN}`)) {
        return response.writeHead(401, { "www-authenticate": challenge }).end();
      }
      if (isBroken(request.url)) {
        const message = `refused ${authorization} of ${USER.username} with ${USER.password} at ${encodeURIComponent(USER.password)}`;
        return response.writeHead(403, { "content-type": "application/json" }).end(JSON.stringify({ errors: [{ code: "DENIED", message }] }));
      }
      const answer = await fetch(`http://${registry.host}${request.url}`, { headers: { accept: request.headers.accept ?? "*/*" } });
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
      response.end(Buffer.from(await answer.arrayBuffer()));
    }).listen(0, "127.0.0.1", () => {
      servers.push(server);
      resolve(`localhost:${server.address().port}`);
    });
  });
}

async function captureFrom(host, repository, options = {}) {
  const policies = [{ name: "p.yaml", text: keyPolicy(`${host}/*`, keys.pem) }];
  const source = new RegistrySource({ credentials: (asked) => (asked === host ? USER : undefined) });
  const requests = [{ resource: podOf(`${host}/${repository}:v1`), options: { now: "2026-03-14T09:26:53Z" } }];
  return capture({ set: await PolicySet.load(policies), policies, requests, artifacts: new Artifacts(), sources: [source] }, options);
}

function refuseSecrets(document) {
  const text = JSON.stringify(document);
  for (const secret of SECRETS) assert.ok(!text.includes(secret), secret);
}

for (const scheme of ["Basic", "Bearer"]) {
  for (const all of [false, true]) {
    test(`what a registry with ${scheme} gives is recorded without credentials${all ? ", all of it" : ""}`, async () => {
      const repository = `team/${scheme.toLowerCase()}${all ? "-all" : ""}`;
      await signImage(registry.host, repository, await pushImage(registry.host, repository, "v1"), keys.privateKey);
      const { document, answers } = await captureFrom(await guarded(scheme), repository, { all });
      assert.equal(answers[0].admission.allowed, true, answers[0].admission.message);
      refuseSecrets(document);
      const { replays } = await replay(JSON.parse(JSON.stringify(document)), "e");
      assert.deepEqual([replays[0].same, replays[0].answer.admission.allowed], [true, true]);
    });
  }

  test(`what a registry with ${scheme} repeats of credentials is cut out of its errors, and fails again`, async () => {
    const repository = `broken/${scheme.toLowerCase()}`;
    await signImage(registry.host, repository, await pushImage(registry.host, repository, "v1"), keys.privateKey);
    for (const isBroken of [() => true, (url) => url.includes(".sig"), (url) => url.includes("/blobs/")]) {
      const { document, answers } = await captureFrom(await guarded(scheme, isBroken), repository);
      assert.equal(answers[0].admission.allowed, false);
      assert.equal(document.failures[0].status, 403);
      assert.match(document.failures[0].error, /DENIED: refused \w+ \[redacted\] of robot\$ci with \[redacted\]/);
      assert.ok(!JSON.stringify(answers).includes(USER.password));
      refuseSecrets(document);
      assert.equal((await replay(JSON.parse(JSON.stringify(document)), "e")).replays[0].same, true);
    }
  });
}
