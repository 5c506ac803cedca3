// Kubernetes objects and pull secrets from an API server, by a kubeconfig.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { BASIC, USER } from "./guard.mjs";
import { keyPair, keyPolicy, podOf, pushImage, signImage } from "./registry-server.mjs";
import { startBasicRegistry } from "./registry-auth.mjs";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vidimus-cluster-"));
const keys = keyPair();
const base64 = (text) => Buffer.from(text).toString("base64");
const TOKEN = "cluster-token-7f3a";
const asked = [];
let objects = {};
let server;
let host;

before(async () => {
  server = createServer((request, response) => {
    asked.push(request.url);
    const send = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(401, { kind: "Status", message: "Unauthorized" });
    const object = objects[request.url];
    return object === undefined ? send(404, { kind: "Status", message: `${request.url} not found` }) : send(200, object);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `http://127.0.0.1:${server.address().port}`;
  kubeconfig("config", TOKEN);
  kubeconfig("stranger", "another");
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function kubeconfig(name, token) {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: host, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { token } }],
    contexts: [{ name: "there", context: { cluster: "c", user: "u" } }],
    "current-context": "there",
  };
  writeFileSync(join(folder, name), JSON.stringify(config));
}

const write = (name, document) => {
  writeFileSync(join(folder, name), typeof document === "string" ? document : JSON.stringify(document));
  return join(folder, name);
};

/** Runs the command while the API server of this process answers. */
function vidimus(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, KUBECONFIG: join(folder, "config"), DOCKER_CONFIG: folder } });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) child[name].on("data", (text) => (output[name] += text));
    child.on("close", (status) => resolve({ status, ...output }));
  });
}

const object = (kind, namespace, name, more) => ({ apiVersion: "v1", kind, metadata: { ...(namespace && { namespace }), name, creationTimestamp: "2026-01-01T00:00:00Z" }, ...more });
const policy = (rule) => ({
  apiVersion: "kyverno.io/v1",
  kind: "ClusterPolicy",
  metadata: { name: "p" },
  spec: { validationFailureAction: "Enforce", rules: [{ name: "r", match: { any: [{ resources: { kinds: ["Pod"] } }] }, ...rule }] },
});
const allowed = policy({
  context: [{ name: "settings", configMap: { name: "settings", namespace: "platform" } }],
  validate: { message: "image", deny: { conditions: { any: [{ key: "{{ request.object.spec.containers[0].image }}", operator: "NotEquals", value: "{{ settings.data.image }}" }] } } },
});

test("a ConfigMap that a policy names is read from the cluster", async () => {
  objects = { "/api/v1/namespaces/platform/configmaps/settings": object("ConfigMap", "platform", "settings", { data: { image: "a:v1" } }) };
  asked.length = 0;
  const args = ["apply", write("p.yaml", allowed), "-r", write("pod.yaml", podOf("a:v1"))];
  const found = await vidimus(...args, "--cluster");
  assert.equal(found.status, 0, found.stdout + found.stderr);
  assert.deepEqual(asked, ["/api/v1/namespaces/platform/configmaps/settings"]);
  assert.equal((await vidimus("apply", args[1], "-r", write("pod.yaml", podOf("a:v2")), "--cluster")).status, 1);
});

test("without --cluster nobody asks it, and the rule cannot be evaluated", async () => {
  asked.length = 0;
  const { status } = await vidimus("apply", write("p.yaml", allowed), "-r", write("pod.yaml", podOf("a:v1")));
  assert.equal(status, 3);
  assert.deepEqual(asked, []);
});

test("what the cluster refuses, or does not have, cannot be evaluated, and says why", async () => {
  objects = {};
  const args = ["apply", write("p.yaml", allowed), "-r", write("pod.yaml", podOf("a:v1")), "--cluster", "-o", "json"];
  const absent = await vidimus(...args);
  assert.equal(absent.status, 3, absent.stdout);
  assert.match(absent.stdout, /ConfigMap platform\/settings/);
  const stranger = await vidimus(...args, "--kubeconfig", join(folder, "stranger"));
  assert.equal(stranger.status, 3);
  assert.match(stranger.stdout, /401/);
  assert.ok(!(stranger.stdout + stranger.stderr).includes("another"));
});

test("what is captured from a cluster is replayed without it", async () => {
  objects = { "/api/v1/namespaces/platform/configmaps/settings": object("ConfigMap", "platform", "settings", { data: { image: "a:v1" } }) };
  const evidence = join(folder, "evidence.json");
  const captured = await vidimus("capture", write("p.yaml", allowed), "-r", write("pod.yaml", podOf("a:v1")), "--cluster", "-o", evidence);
  assert.equal(captured.status, 0, captured.stderr);
  assert.ok(!readFileSync(evidence, "utf8").includes(TOKEN));
  assert.equal((await vidimus("replay", evidence)).status, 0);
});

test("labels of namespaces are those of the cluster", async () => {
  const selected = policy({ validate: { message: "no", deny: {} } });
  selected.spec.rules[0].match.any[0].resources.namespaceSelector = { matchLabels: { strict: "true" } };
  const args = ["apply", write("selected.yaml", selected), "-r", write("pod.yaml", podOf("a:v1")), "--cluster"];
  for (const [strict, status] of [["true", 1], ["false", 0]]) {
    objects = { "/api/v1/namespaces/default": object("Namespace", "", "default", { metadata: { name: "default", labels: { strict } } }) };
    assert.equal((await vidimus(...args)).status, status, strict);
  }
});

test("a public key is read from a Secret of the cluster, and pull secrets open the registry", async (t) => {
  const registry = await startBasicRegistry();
  t.after(registry.stop);
  const push = globalThis.fetch;
  globalThis.fetch = (url, init = {}) => push(url, { ...init, headers: { ...init.headers, authorization: BASIC } });
  t.after(() => (globalThis.fetch = push));
  await signImage(registry.host, "team/app", await pushImage(registry.host, "team/app", "v1"), keys.privateKey);
  globalThis.fetch = push;
  const wanted = write("key.yaml", keyPolicy(`${registry.host}/*`, keys.pem).replace(/publicKeys: \|\n(?: {14}.*\n)+/, "publicKeys: k8s://platform/cosign\n"));
  const dockerConfig = JSON.stringify({ auths: { [registry.host]: { auth: base64(`${USER.username}:${USER.password}`) } } });
  const pull = object("Secret", "platform", "pull", { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": base64(dockerConfig) } });
  objects = {
    "/api/v1/namespaces/platform/secrets/cosign": object("Secret", "platform", "cosign", { data: { "cosign.pub": base64(keys.pem) } }),
    "/api/v1/namespaces/platform/secrets/pull": pull,
  };
  const args = ["apply", wanted, "-r", write("pod.yaml", podOf(`${registry.host}/team/app:v1`)), "--cluster"];
  assert.equal((await vidimus(...args)).status, 3, "the registry wants credentials");
  const opened = await vidimus(...args, "--pull-secret", "platform/pull");
  assert.equal(opened.status, 0, opened.stdout + opened.stderr);
  const given = await vidimus("apply", write("text.yaml", keyPolicy(`${registry.host}/*`, keys.pem)), "-r", join(folder, "pod.yaml"), "--cluster-object", write("pull.yaml", pull), "--pull-secret", "platform/pull");
  assert.equal(given.status, 0, given.stdout + given.stderr);
});

test("a wrong call says what is wrong with it", async () => {
  const base = ["apply", write("p.yaml", allowed), "-r", write("pod.yaml", podOf("a:v1"))];
  for (const [args, words] of [
    [["--context", "there"], /--kubeconfig and --context go with --cluster/],
    [["--cluster", "--offline"], /exclude each other/],
    [["--cluster", "--context", "nowhere"], /--context: expected there, found `nowhere`/],
    [["--cluster", "--kubeconfig", join(folder, "absent")], /kubeconfig: .*absent/],
    [["--pull-secret", "pull"], /expected NAMESPACE\/NAME, found `pull`/],
    [["--pull-secret", "platform/absent"], /no such Secret in --cluster-object/],
    [["--cluster", "--pull-secret", "platform/absent"], /Secret platform\/absent: HTTP 404/],
    [["--timeout", "0"], /--timeout: expected a number above 0/],
    [["--concurrency", "many"], /--concurrency: expected a whole number/],
  ]) {
    const { status, stderr } = await vidimus(...base, ...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, words);
  }
});
