// The registry client against servers that behave as real ones do on bad days.

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Artifacts, RegistrySource, dockerCredentials, ready } from "../dist/node.js";
import { parseChallenge } from "../dist/registry/auth.js";
import { askHelper } from "../dist/registry/credential-helper-node.js";
import { retryAfter } from "../dist/registry/fetch.js";
import { wireName, isLoopback } from "../dist/registry/name.js";
import { digestOf } from "./registry-server.mjs";

await ready();
const servers = [];
after(() => servers.forEach((server) => server.closeAllConnections() ?? server.close()));

/** Starts a server; its host. */
function serve(handler) {
  return new Promise((resolve) => {
    const server = createServer(handler).listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${server.address().port}`));
    servers.push(server);
  });
}

const manifest = JSON.stringify({ schemaVersion: 2, layers: [] });
const quick = { backoff: 1, timeout: 300, retries: 2 };
const tagNeed = (host, more = {}) => ({ kind: "manifest", registry: host, repository: "team/app", tag: "v1", askedBy: [], ...more });

async function answer(need, options = {}) {
  const artifacts = new Artifacts();
  const source = new RegistrySource({ ...quick, ...options });
  await source.answer(need, artifacts);
  return { document: artifacts.toDocument(), log: source.log };
}

test("challenges are parsed, quoted or not", () => {
  assert.deepEqual(parseChallenge('Bearer realm="https://a/token",service="r",scope="x:y"'), {
    scheme: "bearer",
    parameters: { realm: "https://a/token", service: "r", scope: "x:y" },
  });
  assert.equal(parseChallenge("Basic realm=x").parameters.realm, "x");
  assert.equal(parseChallenge(""), undefined);
});

test("names on the wire", () => {
  assert.deepEqual(wireName("docker.io", "nginx"), { host: "registry-1.docker.io", path: "library/nginx" });
  assert.deepEqual(wireName("docker.io", "a/b"), { host: "registry-1.docker.io", path: "a/b" });
  assert.deepEqual(wireName("r.example:5000", "a"), { host: "r.example:5000", path: "a" });
  assert.ok(isLoopback("localhost:5000") && isLoopback("127.0.0.1") && isLoopback("[::1]:80"));
  assert.ok(!isLoopback("localhost.example") && !isLoopback("127.0.0.1.example"));
});

test("an anonymous bearer token is fetched with our own scope", async () => {
  const seen = [];
  const host = await serve((request, response) => {
    seen.push(request.url);
    if (request.url.startsWith("/token")) return response.end(JSON.stringify({ access_token: "t0k" }));
    if (request.headers.authorization !== "Bearer t0k") {
      response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}/token",service="s",scope="repository:user/image:pull"` });
      return response.end();
    }
    response.end(manifest);
  });
  const { document } = await answer(tagNeed(host));
  assert.equal(document.tags[`${host}/team/app:v1`], digestOf(manifest));
  assert.equal(seen[1], "/token?service=s&scope=repository%3Ateam%2Fapp%3Apull");
});

test("credentials go to the host that they are for, and not along with a redirect", async () => {
  const elsewhere = [];
  const other = await serve((request, response) => {
    elsewhere.push(request.headers.authorization);
    response.end(manifest);
  });
  const host = await serve((request, response) => {
    if (request.headers.authorization === undefined) {
      response.writeHead(401, { "www-authenticate": "Basic realm=r" });
      return response.end();
    }
    response.writeHead(307, { location: `http://${other}/blob` });
    response.end();
  });
  const credentials = (asked) => (asked === host ? { username: "u", password: "p" } : undefined);
  const { document, log } = await answer(tagNeed(host), { credentials });
  assert.equal(document.tags[`${host}/team/app:v1`], digestOf(manifest));
  assert.deepEqual(elsewhere, [undefined]);
  assert.ok(!JSON.stringify(log).includes("dTpw"));
});

test("whom a registry redirects to gets no credentials by a challenge of its own", async () => {
  const leaked = [];
  const evil = await serve((request, response) => {
    leaked.push(request.headers.authorization);
    response.writeHead(401, { "www-authenticate": `Bearer realm="http://${evil}/token"` }).end();
  });
  const host = await serve((_, response) => response.writeHead(307, { location: `http://${evil}/blob` }).end());
  const { document } = await answer(tagNeed(host), { credentials: () => ({ username: "u", password: "p" }) });
  assert.equal(document.failures[0].status, 401);
  assert.deepEqual(leaked, [undefined]);
});

test("only 200 is content", async () => {
  const host = await serve((_, response) => response.writeHead(204).end());
  assert.equal((await answer(tagNeed(host))).document.failures[0].status, 204);
});

test("a host that cannot be asked is a failure of its need alone", async () => {
  assert.equal((await answer(tagNeed("localhost:99999"))).document.failures[0].transport, true);
});

test("requests at the same time share one token", async () => {
  let tokens = 0;
  const host = await serve((request, response) => {
    if (request.url.startsWith("/token")) {
      tokens += 1;
      return setTimeout(() => response.end(JSON.stringify({ token: "t" })), 20);
    }
    if (request.headers.authorization === "Bearer t") return response.end(manifest);
    response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}/token"` }).end();
  });
  const source = new RegistrySource(quick);
  const artifacts = new Artifacts();
  await Promise.all(["v1", "v2", "v3"].map((tag) => source.answer(tagNeed(host, { tag }), artifacts)));
  assert.equal(Object.keys(artifacts.toDocument().tags).length, 3);
  assert.equal(tokens, 1);
});

test("docker's credentials are found by exact host, whichever way the login wrote it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "vidimus-docker-"));
  const auth = (text) => ({ auth: Buffer.from(text).toString("base64") });
  const write = (text) => writeFileSync(join(folder, "config.json"), text);
  const auths = {
    "https://index.docker.io/v1/": auth("hub:a:b"),
    "r.example:5000": auth("u:p"),
    "https://old.example/v2/": { username: "o", password: "q" },
    "helper.example": {},
  };
  write(JSON.stringify({ auths }));
  const credentials = dockerCredentials(folder);
  assert.deepEqual(await credentials("registry-1.docker.io"), { username: "hub", password: "a:b" });
  assert.deepEqual(await credentials("r.example:5000"), { username: "u", password: "p" });
  assert.deepEqual(await credentials("old.example"), { username: "o", password: "q" });
  for (const host of ["r.example", "sub.r.example:5000", "helper.example", "constructor"]) {
    assert.equal(await credentials(host), undefined, host);
  }
  write("{");
  await assert.rejects(dockerCredentials(folder)("r.example"), { code: "bad-call", message: /config\.json: / });
  rmSync(folder, { recursive: true });
  assert.equal(await dockerCredentials(folder)("r.example"), undefined);
});

test("a token service that is not on HTTPS gets no credentials", async () => {
  const host = await serve((_, response) => {
    response.writeHead(401, { "www-authenticate": 'Bearer realm="http://tokens.example/token"' });
    response.end();
  });
  const { document } = await answer(tagNeed(host), { credentials: () => ({ username: "u", password: "p" }) });
  assert.equal(document.failures[0].status, 401);
});

test("a registry elsewhere sends nobody to services on this machine", async () => {
  let asked = 0;
  const local = await serve((_, response) => {
    asked += 1;
    response.end("{}");
  });
  const elsewhere = async (url) =>
    new URL(url).host === "r.example"
      ? new Response("", { status: 401, headers: { "www-authenticate": `Bearer realm="http://${local}/token"` } })
      : fetch(url);
  const { document } = await answer(tagNeed("r.example"), { fetch: elsewhere });
  assert.equal(document.failures[0].status, 401);
  assert.equal(asked, 0);
});

test("answers that are no documents of the protocol are failures", async () => {
  const index = { "content-type": "application/vnd.oci.image.index.v1+json" };
  for (const body of ["<html>", "null", "{}", '{"manifests":[null]}', '{"manifests":[{"digest":1}]}', '{"manifests":[{"digest":"md5:x","size":1,"mediaType":"m"}]}']) {
    const host = await serve((_, response) => response.writeHead(200, index).end(body));
    const need = { kind: "referrers", registry: host, repository: "team/app", digest: digestOf("s"), askedBy: [] };
    assert.equal((await answer(need)).document.failures[0].transport, false, body);
  }
  const confused = await serve((_, response) => response.writeHead(500).end());
  const need = { kind: "referrers", registry: confused, repository: "team/app", digest: digestOf("s"), askedBy: [] };
  assert.equal((await answer(need, { retries: 0 })).document.failures[0].status, 500);
  const tokens = await serve((request, response) =>
    request.url.startsWith("/token")
      ? response.end("not json")
      : response.writeHead(401, { "www-authenticate": `Bearer realm="http://${tokens}/token"` }).end(),
  );
  assert.equal((await answer(tagNeed(tokens))).document.failures[0].status, 401);
});

test("429 and 5xx are tried again, after the pause that is asked for", async () => {
  let count = 0;
  const host = await serve((_, response) => {
    count += 1;
    if (count === 1) response.writeHead(429, { "retry-after": "0" }).end();
    else if (count === 2) response.writeHead(503).end();
    else response.end(manifest);
  });
  const { document } = await answer(tagNeed(host));
  assert.equal(count, 3);
  assert.equal(document.tags[`${host}/team/app:v1`], digestOf(manifest));
  assert.equal(retryAfter(new Headers({ "retry-after": "7" })), 7000);
  assert.equal(retryAfter(new Headers({ "retry-after": "Thu, 01 Jan 1970 00:00:05 GMT" }), 1000), 4000);
  assert.equal(retryAfter(new Headers({ "retry-after": "soon" })), undefined);
});

test("a registry that asks for a longer pause than anybody waits is not asked again", async () => {
  let count = 0;
  const host = await serve((_, response) => {
    count += 1;
    response.writeHead(429, { "retry-after": "31" }).end();
  });
  assert.equal((await answer(tagNeed(host))).document.failures[0].status, 429);
  assert.equal(count, 1);
});

test("a body that keeps coming may take longer than the time-out, one that stops may not", async () => {
  const drip = (pieces) => serve(async (_, response) => {
    for (let i = 0; i < pieces; i++) {
      response.write(i === 0 ? manifest : " ");
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    if (pieces > 1) response.end();
  });
  const steady = await drip(5);
  const { document } = await answer(tagNeed(steady), { timeout: 200, retries: 0 });
  assert.deepEqual(document.failures, []);
  const stuck = await drip(1);
  const [failure] = (await answer(tagNeed(stuck), { timeout: 50, retries: 0 })).document.failures;
  assert.match(failure.error, /no answer within 50 ms/);
  assert.equal(failure.transport, true);
});

test("a call that is taken back ends at once, in a pause too", async () => {
  const host = await serve((_, response) => response.writeHead(503).end());
  const controller = new AbortController();
  const source = new RegistrySource({ ...quick, backoff: 60_000 });
  const asked = source.answer(tagNeed(host), new Artifacts(), controller.signal);
  setTimeout(() => controller.abort(new Error("stop")), 50);
  await assert.rejects(asked, /stop/);
});

test("the platform's fetch is called as a function, and a browser's opaque redirect is followed by the browser", async (t) => {
  const calls = [];
  t.mock.method(globalThis, "fetch", async function (url, { redirect }) {
    // What a browser does: "Illegal invocation" for any other `this`.
    assert.ok(this === undefined || this === globalThis);
    calls.push(redirect);
    if (redirect === "follow") return new Response(manifest);
    return Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
  });
  const { document } = await answer(tagNeed("r.example"));
  assert.deepEqual(calls, ["manual", "follow"]);
  assert.equal(document.tags["r.example/team/app:v1"], digestOf(manifest));
});

test("absence, refusal and silence are three things", async () => {
  const missing = await serve((_, response) => response.writeHead(404).end());
  assert.equal((await answer(tagNeed(missing))).document.tags[`${missing}/team/app:v1`], null);
  const refusing = await serve((_, response) => response.writeHead(403).end('{"errors":[{"code":"DENIED","message":"no"}]}'));
  const [refused] = (await answer(tagNeed(refusing))).document.failures;
  assert.equal(refused.status, 403);
  assert.match(refused.error, /DENIED: no/);
  const silent = await serve(() => undefined);
  const [late] = (await answer(tagNeed(silent), { timeout: 50, retries: 0 })).document.failures;
  assert.equal(late.transport, true);
  assert.match(late.error, /no answer within 50 ms/);
});

test("no more than the limit is read", async () => {
  const host = await serve((_, response) => response.end("x".repeat(100_000)));
  const { document } = await answer(tagNeed(host, { maxBytes: 1000 }));
  assert.match(document.failures[0].error, /more than 1000 bytes/);
  const digest = digestOf("y");
  const blob = { kind: "blob", registry: host, repository: "team/app", digest, maxBytes: 1000, askedBy: [] };
  const bytes = Buffer.from((await answer(blob)).document.blobs[digest], "base64");
  assert.equal(bytes.length, 1001);
});

test("redirects are bounded and do not leave HTTPS", async () => {
  const host = await serve((request, response) => response.writeHead(302, { location: request.url }).end());
  const [failure] = (await answer(tagNeed(host), { retries: 0 })).document.failures;
  assert.match(failure.error, /more than 5 redirects/);
  const leaving = await serve((_, response) => response.writeHead(302, { location: "ftp://x/y" }).end());
  assert.match((await answer(tagNeed(leaving), { retries: 0 })).document.failures[0].error, /refused/);
  const asked = [];
  const elsewhere = async (url) => {
    asked.push(String(url));
    return new Response(undefined, { status: 307, headers: { location: asked.length % 2 === 1 ? "https://127.0.0.1/x" : "http://a.example/x" } });
  };
  for (const target of ["https://127.0.0.1", "http://a.example"]) {
    const { document } = await answer(tagNeed("r.example"), { fetch: elsewhere });
    assert.match(document.failures[0].error, new RegExp(`redirect to ${target} refused`));
  }
  assert.equal(asked.length, 2, "a redirect that is refused is not tried again");
});

test("a registry that says another digest than its bytes have is refused", async () => {
  const host = await serve((_, response) => {
    response.setHeader("docker-content-digest", digestOf("something else"));
    response.end(manifest);
  });
  assert.match((await answer(tagNeed(host))).document.failures[0].error, /whose digest is/);
});

test("referrers come page by page, or from the fallback tag", async () => {
  const index = "application/vnd.oci.image.index.v1+json";
  const descriptor = (text) => ({ mediaType: "m", digest: digestOf(text), size: 1 });
  const host = await serve((request, response) => {
    response.setHeader("content-type", index);
    if (request.url.includes("page=2")) return response.end(JSON.stringify({ manifests: [descriptor("b")] }));
    response.setHeader("link", `<${request.url}?page=2>; rel="next"`);
    response.end(JSON.stringify({ manifests: [descriptor("a")] }));
  });
  const digest = digestOf("subject");
  const need = { kind: "referrers", registry: host, repository: "team/app", digest, askedBy: [] };
  const paged = (await answer(need)).document.referrers[`${host}/team/app@${digest}`];
  assert.deepEqual([paged.source, paged.descriptors.length], ["api", 2]);
  const old = await serve((request, response) => {
    if (request.url.includes("/referrers/")) return response.writeHead(404).end();
    response.setHeader("content-type", index);
    response.end(JSON.stringify({ manifests: [descriptor("c")] }));
  });
  const fallback = (await answer({ ...need, registry: old })).document.referrers[`${old}/team/app@${digest}`];
  assert.deepEqual([fallback.source, fallback.descriptors.length], ["fallback-tag", 1]);
});

test("a list of referrers without elements is written as null by some", async () => {
  const host = await serve((_, response) => response.writeHead(200, { "content-type": "application/vnd.oci.image.index.v1+json" }).end('{"manifests":null}'));
  const digest = digestOf("subject");
  const { document } = await answer({ kind: "referrers", registry: host, repository: "team/app", digest, askedBy: [] });
  assert.deepEqual(document.referrers[`${host}/team/app@${digest}`], { source: "api", descriptors: [] });
});

test("an identity token is exchanged by OAuth2, and is in no URL", async () => {
  const seen = [];
  const host = await serve(async (request, response) => {
    if (request.url === "/token") {
      let body = "";
      for await (const part of request) body += part;
      seen.push([request.method, Object.fromEntries(new URLSearchParams(body))]);
      return response.end(JSON.stringify({ access_token: "t" }));
    }
    if (request.headers.authorization === "Bearer t") return response.end(manifest);
    response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}/token",service="s"` }).end();
  });
  const credentials = () => ({ username: "", password: "", identityToken: "secret" });
  const { document, log } = await answer(tagNeed(host), { credentials });
  assert.equal(document.tags[`${host}/team/app:v1`], digestOf(manifest));
  const form = { grant_type: "refresh_token", refresh_token: "secret", client_id: "vidimus", service: "s", scope: "repository:team/app:pull" };
  assert.deepEqual(seen, [["POST", form]]);
  assert.ok(!JSON.stringify(log).includes("secret"));
});

test("an identity token that a registry repeats is in no failure", async () => {
  const host = await serve((request, response) =>
    request.url === "/token"
      ? response.end(JSON.stringify({ access_token: "t" }))
      : response
          .writeHead(request.headers.authorization === undefined ? 401 : 403, { "www-authenticate": `Bearer realm="http://${host}/token"` })
          .end('{"errors":[{"code":"DENIED","message":"identity-secret"}]}'),
  );
  const credentials = () => ({ username: "", password: "", identityToken: "identity-secret" });
  const { document } = await answer(tagNeed(host), { credentials });
  assert.equal(document.failures[0].status, 403);
  assert.match(document.failures[0].error, /DENIED: \[redacted\]/);
});

test("a form with a secret follows no redirect", async () => {
  let leaked = 0;
  const other = await serve((_, response) => {
    leaked += 1;
    response.end();
  });
  const host = await serve((request, response) =>
    request.url === "/token"
      ? response.writeHead(307, { location: `http://${other}/` }).end()
      : response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}/token"` }).end(),
  );
  const { document } = await answer(tagNeed(host), { credentials: () => ({ username: "", password: "", identityToken: "x" }) });
  assert.match(document.failures[0].error, /redirect of a request with a secret refused/);
  assert.equal(leaked, 0);
});

test("credential helpers are asked by host, with Docker Hub's own name, before the file", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "vidimus-helper-"));
  const path = process.env.PATH;
  t.after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  const program = (name, text) => {
    writeFileSync(join(folder, `docker-credential-${name}`), `#!/bin/sh\nread -r server\n${text}\n`);
    chmodSync(join(folder, `docker-credential-${name}`), 0o755);
  };
  program("own", `printf '{"Username":"<token>","Secret":"id"}'`);
  program("all", `case $server in https://index.docker.io/v1/) printf '{"Username":"hub","Secret":"s"}';; *) echo credentials not found in native keychain; exit 1;; esac`);
  program("bad", "exit 3");
  process.env.PATH = `${folder}:${path}`;
  const auths = { "r.example": { username: "u", password: "p" } };
  const config = { auths, credsStore: "all", credHelpers: { "own.example": "own", "bad.example": "bad", "odd.example": "../x" } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const credentials = dockerCredentials(folder);
  assert.deepEqual(await credentials("registry-1.docker.io"), { username: "hub", password: "s" });
  assert.deepEqual(await credentials("own.example"), { username: "", password: "", identityToken: "id" });
  assert.deepEqual(await credentials("r.example"), { username: "u", password: "p" });
  await assert.rejects(credentials("bad.example"), { code: "bad-call", message: /found exit code 3/ });
  await assert.rejects(credentials("odd.example"), { code: "bad-call", message: /expected a name/ });
});

test("an auth.json of the containers' tools knows credentials by repository, the longest name first", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "vidimus-containers-"));
  const known = { DOCKER_CONFIG: process.env.DOCKER_CONFIG, REGISTRY_AUTH_FILE: process.env.REGISTRY_AUTH_FILE };
  t.after(() => {
    for (const [name, value] of Object.entries(known)) value === undefined ? delete process.env[name] : (process.env[name] = value);
    rmSync(folder, { recursive: true });
  });
  const entry = (username) => ({ auth: Buffer.from(`${username}:p`).toString("base64") });
  const auths = { "r.example": entry("all"), "r.example/team": entry("team"), "r.example/team/app": entry("app"), "only.example/a": entry("a") };
  writeFileSync(join(folder, "auth.json"), JSON.stringify({ auths }));
  Object.assign(process.env, { DOCKER_CONFIG: join(folder, "none"), REGISTRY_AUTH_FILE: join(folder, "auth.json") });
  const credentials = dockerCredentials();
  const nameOf = async (host, repository) => (await credentials(host, repository))?.username;
  assert.equal(await nameOf("r.example", "team/app"), "app");
  assert.equal(await nameOf("r.example", "team/application"), "team");
  assert.equal(await nameOf("r.example", "teams/app"), "all");
  assert.equal(await nameOf("r.example"), "all");
  assert.equal(await nameOf("only.example", "b"), undefined);
  assert.equal(await nameOf("only.example", "a/b"), "a");
});

test("a configuration that cannot be read repeats nothing of what is in it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "vidimus-docker-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "config.json"), '{"auths":{"r.example":{"auth":"s3cret" "x"}}}');
  await assert.rejects(dockerCredentials(folder)("r.example"), (error) => !error.message.includes("s3cret") && error.code === "bad-call");
});

test("a helper that hangs, or talks without end, is ended", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "vidimus-helper-"));
  const path = process.env.PATH;
  t.after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });
  for (const [name, text] of [["hangs", "exec sleep 60"], ["talks", "exec yes"]]) {
    writeFileSync(join(folder, `docker-credential-${name}`), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, `docker-credential-${name}`), 0o755);
  }
  process.env.PATH = `${folder}:${path}`;
  await assert.rejects(askHelper("hangs", "r.example", 100), { code: "bad-call", message: /no answer within 100 ms/ });
  await assert.rejects(askHelper("talks", "r.example", 5_000), { code: "bad-call", message: /docker-credential-talks: more than/ });
});

test("referrers of one type are listed, whether or not the registry filters", async () => {
  const index = { "content-type": "application/vnd.oci.image.index.v1+json" };
  const descriptor = (artifactType) => ({ mediaType: "m", digest: digestOf(artifactType), size: 1, artifactType });
  const seen = [];
  const host = await serve((request, response) => {
    seen.push(request.url);
    response.writeHead(200, index).end(JSON.stringify({ manifests: [descriptor("a/b+json"), descriptor("c/d")] }));
  });
  const listed = await new RegistrySource(quick).referrers(host, "team/app", digestOf("s"), "a/b+json");
  assert.deepEqual(listed, { source: "api", descriptors: [descriptor("a/b+json")] });
  assert.match(seen[0], /\?artifactType=a%2Fb%2Bjson$/);
  const broken = await serve((_, response) => response.writeHead(500).end());
  await assert.rejects(new RegistrySource(quick).referrers(broken, "team/app", digestOf("s")), { code: "registry", message: /HTTP 500/ });
});
