// Asks the conformance cases of real registries: `node pkg/npm/scripts/registries.mjs`, where Go and docker-registry are
// installed. Builds olareg, which has the referrers API, from its Go module.

import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caseNames, compareCases, hasFixtures, pushFixtures, replayCases } from "../test/fixture-cases.mjs";
import { USER, pushAuthorization, startGuarded } from "../test/guard.mjs";
import { startBasicRegistry, startBearerRegistry } from "../test/registry-auth.mjs";
import { freePort, startRegistry } from "../test/registry-server.mjs";

const OLAREG = "github.com/olareg/olareg@v0.1.2";
const folder = mkdtempSync(join(tmpdir(), "vidimus-olareg-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

if (!hasFixtures) fail("the conformance data `shared/fixtures` is not beside this checkout");
const olareg = buildOlareg();
const registries = [
  ["docker-registry", undefined, startRegistry],
  ["docker-registry", "Basic", startBasicRegistry],
  ["docker-registry", "Bearer", startBearerRegistry],
  ...(olareg === undefined ? [] : [undefined, "Basic", "Bearer"].map((scheme) => ["olareg", scheme, () => startOlareg(scheme)])),
];
let differing = 0;
for (const [name, scheme, start] of registries) {
  const registry = await start();
  const authorize = (repository) => pushAuthorization(scheme, registry.tokenHost ?? registry.host, repository);
  const refused = await pushFixtures(registry.host, { hasReferrers: name === "olareg", authorize });
  const credentials = scheme && (() => USER);
  const { different, requests } = await compareCases(caseNames(), registry.host, credentials);
  const altered = await replayCases(caseNames(), registry.host, credentials);
  registry.stop();
  differing += different.length + altered.length;
  const outcome = `${different.length} answered otherwise, ${altered.length} replayed otherwise, ${refused.length} pushes refused`;
  console.log(`${name}, ${scheme ?? "open"}: ${caseNames().length} cases, ${requests} requests: ${outcome}`);
  for (const problem of [...refused, ...different.map((found) => JSON.stringify(found, undefined, 2)), ...altered]) console.log(problem);
}
process.exitCode = differing === 0 ? 0 : 1;

/** The program; undefined where Go is not installed. */
function buildOlareg() {
  const found = spawnSync("go", ["mod", "download", "-json", OLAREG], { encoding: "utf8" });
  if (found.error !== undefined) {
    console.log("SKIPPED: olareg: Go is not installed");
    return undefined;
  }
  if (found.status !== 0) fail(found.stderr + found.stdout);
  cpSync(JSON.parse(found.stdout).Dir, join(folder, "source"), { recursive: true });
  // What Go downloads is read-only.
  spawnSync("chmod", ["-R", "u+w", folder]);
  const built = spawnSync("go", ["build", "-o", join(folder, "olareg"), "./cmd/olareg"], { cwd: join(folder, "source"), encoding: "utf8" });
  if (built.status !== 0) fail(built.stderr);
  return join(folder, "olareg");
}

async function startOlareg(scheme) {
  const port = await freePort();
  const child = spawn(olareg, ["serve", "--addr", "127.0.0.1", "--port", String(port), "--store-type", "mem"], { stdio: "ignore" });
  const host = `localhost:${port}`;
  for (let attempt = 0; !(await fetch(`http://${host}/v2/`).then((answer) => answer.ok, () => false)); attempt++) {
    if (attempt > 200) fail("olareg does not answer");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const guard = scheme && (await startGuarded(scheme, host));
  const stop = () => {
    guard?.stop();
    child.kill();
  };
  return { host: guard?.host ?? host, stop };
}

function fail(why) {
  console.error(`error: ${why}`);
  process.exit(2);
}
