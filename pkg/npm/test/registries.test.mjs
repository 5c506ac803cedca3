// The conformance cases from registries: a real one without the referrers API and with tokens, and one with it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { caseNames, compareCases, hasFixtures, pushFixtures, replayCases } from "./fixture-cases.mjs";
import { USER, pushAuthorization } from "./guard.mjs";
import { startBearerRegistry } from "./registry-auth.mjs";
import { keyPair, keyPolicy, podOf, pushImage, signImage, startRegistry } from "./registry-server.mjs";
import { startStandIn } from "./stand-in-registry.mjs";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const REGISTRIES = [
  { what: "docker-registry, tokens, fallback tags", scheme: "Bearer", hasReferrers: false, start: startBearerRegistry },
  { what: "referrers in pages, passwords", scheme: "Basic", hasReferrers: true, start: () => startStandIn({ auth: "Basic" }) },
];

for (const { what, scheme, hasReferrers, start } of REGISTRIES) {
  test(`every case pushed to a registry has the answer that it has from the layouts: ${what}`, async (t) => {
    if (!hasFixtures) {
      console.error("SKIPPED: the conformance data `shared/fixtures` is not beside this checkout");
      return t.skip("shared/fixtures is not beside this checkout");
    }
    const registry = await start();
    t.after(registry.stop);
    const authorize = (repository) => pushAuthorization(scheme, registry.tokenHost ?? registry.host, repository);
    assert.deepEqual(await pushFixtures(registry.host, { hasReferrers, authorize }), []);
    const names = caseNames();
    assert.ok(names.length > 700, `only ${names.length} cases`);
    const { different, requests } = await compareCases(names, registry.host, () => USER);
    assert.deepEqual(different, []);
    const some = names.filter((_, index) => index % 10 === 0);
    assert.deepEqual(await replayCases(some, registry.host, () => USER), []);
    t.diagnostic(`${names.length} cases, ${requests} requests, ${some.length} of them captured and replayed`);
  });
}

test("100 pods of 20 images send the requests that the evidence needs, and no more", async (t) => {
  const registry = await startRegistry();
  const folder = mkdtempSync(join(tmpdir(), "vidimus-requests-"));
  t.after(() => {
    registry.stop();
    rmSync(folder, { recursive: true });
  });
  const { privateKey, pem } = keyPair();
  for (let image = 0; image < 20; image++) {
    await signImage(registry.host, `team/app-${image}`, await pushImage(registry.host, `team/app-${image}`, "v1"), privateKey);
  }
  const pods = Array.from({ length: 100 }, (_, index) => podOf(`${registry.host}/team/app-${index % 20}:v1`));
  writeFileSync(join(folder, "pods.yaml"), pods.map((pod) => JSON.stringify(pod)).join("\n---\n"));
  writeFileSync(join(folder, "policy.yaml"), keyPolicy(`${registry.host}/team/*`, pem));
  const args = ["apply", join(folder, "policy.yaml"), "-r", join(folder, "pods.yaml"), "--request-log", join(folder, "log.json")];
  const run = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr + run.stdout);
  assert.match(run.stdout, /100 admitted, 0 denied/);
  const sent = JSON.parse(readFileSync(join(folder, "log.json"), "utf8"));
  // Of each image: what its tag names, the signatures behind the signature tag, the payload that was signed.
  assert.equal(sent.length, 20 * 3);
  assert.equal(new Set(sent.map(({ url }) => url)).size, sent.length);
  t.diagnostic(`${sent.length} requests for 100 pods of 20 images`);
});
