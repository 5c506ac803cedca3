// The folder of content by digest: read only where it is what its name says, and never for what changes.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Artifacts, OfflineSource, PolicySet, RegistrySource, folderCache, ready, settle } from "../dist/node.js";
import { keyPair, keyPolicy, podOf, pushImage, signImage } from "./registry-server.mjs";
import { startStandIn } from "./stand-in-registry.mjs";

const keys = keyPair();
const folder = mkdtempSync(join(tmpdir(), "vidimus-cache-"));
let registry;

before(async () => {
  await ready();
  registry = await startStandIn();
  await signImage(registry.host, "team/app", await pushImage(registry.host, "team/app", "v1"), keys.privateKey);
});
after(() => {
  registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function evaluate(cache) {
  registry.requests.length = 0;
  const set = await PolicySet.load([keyPolicy(`${registry.host}/*`, keys.pem)]);
  const source = new RegistrySource({ cache, retries: 0 });
  const answer = await settle(set, { resource: podOf(`${registry.host}/team/app:v1`) }, new Artifacts(), [source, new OfflineSource()]);
  return { allowed: answer.admission.allowed, requests: registry.requests.length };
}

test("what has a digest is asked for once; tags are asked for each time", async () => {
  const cache = folderCache(join(folder, "one"));
  assert.deepEqual(await evaluate(cache), { allowed: true, requests: 3 });
  assert.deepEqual(await evaluate(cache), { allowed: true, requests: 2 });
  for (const hex of readdirSync(join(folder, "one/sha256"))) assert.match(hex, /^[0-9a-f]{64}$/);
});

test("a file that is not what its name says is not used, and is replaced", async () => {
  const at = join(folder, "altered");
  const cache = folderCache(at);
  await evaluate(cache);
  const [hex] = readdirSync(join(at, "sha256"));
  const good = readFileSync(join(at, "sha256", hex));
  writeFileSync(join(at, "sha256", hex), "something else");
  assert.deepEqual(await evaluate(cache), { allowed: true, requests: 3 });
  assert.deepEqual(readFileSync(join(at, "sha256", hex)), good);
});

test("a folder that cannot be written to changes no verdict", async () => {
  mkdirSync(join(folder, "file"));
  writeFileSync(join(folder, "file/sha256"), "no folder");
  assert.deepEqual(await evaluate(folderCache(join(folder, "file"))), { allowed: true, requests: 3 });
});

test("digests that are no file names are not looked for", async () => {
  const cache = folderCache(folder);
  for (const digest of ["sha256:../../etc/passwd", "sha512:00", "sha256:", `sha256:${"A".repeat(64)}`]) {
    assert.equal(await cache.read(digest), undefined);
    await cache.write(digest, new Uint8Array([1]));
  }
});
