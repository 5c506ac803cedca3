// A real container registry (Debian's docker-registry) on a free loopback port, and pushing to it.

import { spawn } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Starts the registry; `stop` ends it and removes its storage. `auth`: the lines of its configuration that say whom it
 * lets in, given its folder.
 */
export async function startRegistry(auth = () => "") {
  const folder = mkdtempSync(join(tmpdir(), "vidimus-registry-"));
  const port = await freePort();
  const config = join(folder, "config.yml");
  writeFileSync(
    config,
    `version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: ${folder}/data\nhttp:\n  addr: 127.0.0.1:${port}\nlog:\n  level: error\n${auth(folder)}`,
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: ["ignore", "ignore", "pipe"] });
  const failed = new Promise((_, reject) => {
    child.on("error", () => reject(new Error("docker-registry is not installed: apt-get install docker-registry")));
    child.on("exit", (code) => reject(new Error(`docker-registry ended with ${code}`)));
  });
  failed.catch(() => undefined);
  const host = `localhost:${port}`;
  const up = async () => {
    for (let i = 0; i < 200; i++) {
      if (await fetch(`http://${host}/v2/`).then((r) => r.ok || r.status === 401, () => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error("docker-registry does not answer");
  };
  await Promise.race([up(), failed]);
  return {
    host,
    stop() {
      child.removeAllListeners("exit");
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export const digestOf = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** The descriptor of a manifest as lists of referrers have it. */
export function referrerOf(mediaType, digest, bytes, manifest) {
  const artifactType = manifest.artifactType || manifest.config?.mediaType;
  const { annotations } = manifest;
  return { mediaType, digest, size: bytes.length, ...(artifactType && { artifactType }), ...(annotations && { annotations }) };
}

/** Pushes a blob; its descriptor. */
export async function pushBlob(host, repository, bytes, mediaType) {
  const digest = digestOf(bytes);
  const started = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: "POST" });
  const url = new URL(started.headers.get("location"), `http://${host}`);
  url.searchParams.set("digest", digest);
  const done = await fetch(url, { method: "PUT", body: bytes, headers: { "content-type": "application/octet-stream" } });
  if (done.status !== 201) throw new Error(`blob: ${done.status} ${await done.text()}`);
  return { mediaType, digest, size: bytes.length };
}

/** Pushes a manifest under a tag; its digest. */
export async function pushManifest(host, repository, tag, manifest) {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const done = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
    method: "PUT",
    body: bytes,
    headers: { "content-type": mediaType },
  });
  if (done.status !== 201) throw new Error(`manifest: ${done.status} ${await done.text()}`);
  return digestOf(bytes);
}

/** Pushes a small image; its digest. */
export async function pushImage(host, repository, tag) {
  const config = await pushBlob(host, repository, Buffer.from("{}"), "application/vnd.oci.image.config.v1+json");
  const layer = await pushBlob(host, repository, Buffer.from(`layer of ${repository}:${tag}`), "application/vnd.oci.image.layer.v1.tar");
  return pushManifest(host, repository, tag, manifestOf(config, [layer]));
}

const manifestOf = (config, layers) => ({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config,
  layers,
});

/** A key pair for one test run. */
export function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey, pem: publicKey.export({ type: "spki", format: "pem" }) };
}

/** Signs an image as cosign does in its tag layout. */
export async function signImage(host, repository, digest, privateKey) {
  const payload = Buffer.from(
    JSON.stringify({
      critical: {
        identity: { "docker-reference": `${host}/${repository}` },
        image: { "docker-manifest-digest": digest },
        type: "cosign container image signature",
      },
      optional: null,
    }),
  );
  const config = await pushBlob(host, repository, Buffer.from("{}"), "application/vnd.oci.image.config.v1+json");
  const layer = await pushBlob(host, repository, payload, "application/vnd.dev.cosign.simplesigning.v1+json");
  layer.annotations = { "dev.cosignproject.cosign/signature": sign("sha256", payload, privateKey).toString("base64") };
  await pushManifest(host, repository, `${digest.replace(":", "-")}.sig`, manifestOf(config, [layer]));
}

/** A policy that wants the key on every image below a prefix. */
export const keyPolicy = (pattern, pem) => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: signed
spec:
  rules:
  - name: signed
    match:
      any:
      - resources:
          kinds: [Pod]
    verifyImages:
    - imageReferences: ["${pattern}"]
      failureAction: Enforce
      attestors:
      - entries:
        - keys:
            publicKeys: |
${pem.trim().split("\n").map((line) => `              ${line}`).join("\n")}
            rekor:
              ignoreTlog: true
`;

/** A pod with one image. */
export const podOf = (image) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "workload", namespace: "default" },
  spec: { containers: [{ name: "app", image }] },
});
