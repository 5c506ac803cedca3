// What stands in place of a cluster and of Sigstore: values, users, objects, trust roots, transparency logs.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Artifacts, PUBLIC_GOOD, TransparencyLogSource, TrustRootSource, ready } from "../dist/node.js";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vidimus-"));
const file = (name, content) => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
};
const vidimus = (...args) => spawnSync(process.execPath, [main, "apply", ...args], { encoding: "utf8" });

/** A rule that denies what `key` says, for ConfigMaps. */
const policy = (name, key, more = {}) =>
  file(`${name}.json`, {
    apiVersion: "kyverno.io/v1",
    kind: "ClusterPolicy",
    metadata: { name },
    spec: {
      background: false,
      rules: [
        {
          name,
          match: { any: [{ resources: { kinds: ["ConfigMap"] } }] },
          validate: {
            failureAction: "Enforce",
            message: `{{ ${key} }}`,
            deny: { conditions: { any: [{ key: `{{ ${key} }}`, operator: "NotEquals", value: "nothing" }] } },
          },
          ...more,
        },
      ],
    },
  });
const object = file("object.json", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", namespace: "shop" } });
const said = ({ stdout }) => stdout.split("\n")[1]?.split(/ {2,}/).slice(2).join(" ");

test("values come from a file and from the call, which goes before it", () => {
  const values = file("values.yaml", "apiVersion: cli.kyverno.io/v1alpha1\nkind: Values\nglobalValues: {colour: red}\n");
  const rule = policy("colour", "colour");
  assert.equal(said(vidimus(rule, "-r", object, "--values", values)), "fail red");
  assert.equal(said(vidimus(rule, "-r", object, "-f", values, "--set", "colour=blue")), "fail blue");
  const wrong = vidimus(rule, "-r", object, "--set", "colour");
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /--set: expected NAME=VALUE, found `colour`/);
});

test("a values file that is none is told with its place", () => {
  const values = file("wrong.yaml", "apiVersion: cli.kyverno.io/v1alpha1\nkind: Values\nglobalValue: {colour: red}\n");
  const { status, stderr } = vidimus(policy("c", "colour"), "-r", object, "--values", values);
  assert.equal(status, 2);
  assert.match(stderr, /wrong\.yaml:3:1/);
});

test("the user of the request is read", () => {
  const user = file("user.yaml", "apiVersion: cli.kyverno.io/v1alpha1\nkind: UserInfo\nmetadata: {name: u}\nuserInfo: {username: alice}\n");
  assert.equal(said(vidimus(policy("user", "request.userInfo.username"), "-r", object, "--userinfo", user)), "fail alice");
});

test("policies read objects of the cluster that are given", () => {
  const map = file("map.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: ops}\ndata: {mode: strict}\n");
  const context = [{ name: "settings", configMap: { name: "settings", namespace: "ops" } }];
  const rule = policy("settings", "settings.data.mode", { context });
  assert.equal(said(vidimus(rule, "-r", object, "--cluster-object", map, "--offline")), "fail strict");
});

test("random begins where the seed says, and needs one", () => {
  const rule = policy("random", "random('[a-z]{8}')");
  const first = said(vidimus(rule, "-r", object, "--seed", "7"));
  assert.match(first, /^fail [a-z]{8}$/);
  assert.equal(said(vidimus(rule, "-r", object, "--seed", "7")), first);
  assert.match(said(vidimus(rule, "-r", object)), /^error /);
});

test("a trust root that is none is told", () => {
  const { status, stderr } = vidimus(keyed(), "-r", pod(), "--trust-root", file("root.json", "{}"), "--offline");
  assert.equal(status, 2);
  assert.match(stderr, /trust root: expected mediaType application\/vnd\.dev\.sigstore/);
});

test("a fresh trust root is asked for over the network alone, and its failure told", () => {
  const both = vidimus(keyed(), "-r", pod(), "--refresh-trust-root", "--offline");
  assert.equal(both.status, 2);
  assert.match(both.stderr, /--refresh-trust-root and --offline exclude each other/);
});

test("the public-good trust root is one, and says where it comes from", async () => {
  await ready();
  const artifacts = new Artifacts();
  assert.equal(await new TrustRootSource().answer({ kind: "trust-root", askedBy: [] }, artifacts), true);
  assert.match(new TrustRootSource().name, new RegExp(PUBLIC_GOOD.date));
  assert.equal(await new TrustRootSource().answer({ kind: "blob", askedBy: [] }, artifacts), false);
});

test("a log is asked with the search as it is, and its answer kept", async () => {
  await ready();
  const seen = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      seen.push([request.method, request.url, JSON.parse(body)]);
      response.writeHead(request.url.startsWith("/down") ? 503 : 200, { "content-type": "application/json" });
      response.end(request.url.startsWith("/odd") ? "<html>" : "[]");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  const source = new TransparencyLogSource();
  const body = { entries: [{ kind: "hashedrekord", apiVersion: "0.0.1" }] };
  const artifacts = new Artifacts();
  for (const path of ["", "/down", "/odd"]) await source.answer({ kind: "rekor-entry", url: url + path, body, askedBy: [] }, artifacts);
  server.close();
  assert.deepEqual(seen[0], ["POST", "/api/v1/log/entries/retrieve", body]);
  const { logEntries, failures } = artifacts.toDocument();
  assert.deepEqual(Object.values(logEntries), [[]]);
  assert.deepEqual(failures.map(({ status, transport }) => [status, transport]), [[503, false], [200, false]]);
  await source.answer({ kind: "rekor-entry", url: "http://127.0.0.1:1", body, askedBy: [] }, artifacts);
  assert.equal(artifacts.toDocument().failures.filter(({ transport }) => transport).length, 1);
});

/** A key rule that wants a log entry, so that the trust root is needed. */
function keyed() {
  const publicKeys =
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE4uScN7uwF/ON631NYwvcSq4L7E6s\ni0DQY/7/OTsF4G7w1NHNYkmkU100hSK/iFYgNPu0piQytzWfVW5whnBBaw==\n-----END PUBLIC KEY-----\n";
  return file("keyed.json", {
    apiVersion: "kyverno.io/v1",
    kind: "ClusterPolicy",
    metadata: { name: "keyed" },
    spec: {
      rules: [
        {
          name: "keyed",
          match: { any: [{ resources: { kinds: ["Pod"] } }] },
          verifyImages: [{ imageReferences: ["*"], failureAction: "Enforce", attestors: [{ entries: [{ keys: { publicKeys } }] }] }],
        },
      ],
    },
  });
}

function pod() {
  return file("pod.json", {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image: "registry.example/a:v1" }] },
  });
}
