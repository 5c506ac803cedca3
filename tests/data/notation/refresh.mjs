// Asks the `notation` command about every fixture that it can be asked about, and writes `fixtures.json`.
//
//   node tests/data/notation/refresh.mjs NOTATION [FIXTURES]
//
// NOTATION is the command (v1.3.2), FIXTURES the folder of the signed images; it lies beside the checkout by default.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { parseAllDocuments } = createRequire(join(here, "../../../pkg/npm/package.json"))("yaml");
const [command, fixtures = join(here, "../../../../shared/fixtures")] = process.argv.slice(2);
if (command === undefined) throw new Error("usage: node refresh.mjs NOTATION [FIXTURES]");

const REGISTRY = "localhost:5000/";

const answers = {};
const ids = readdirSync(join(fixtures, "cases")).sort();
for (const id of ids) {
  const question = questionOf(id);
  if (question !== undefined) answers[id] = ask(question);
}
writeFileSync(join(here, "fixtures.json"), `${JSON.stringify(answers, null, 1)}\n`);
const refused = Object.values(answers).filter((answer) => answer !== "").length;
console.log(`${execFileSync(command, ["version"], { encoding: "utf8" }).match(/Version:\s*(\S+)/)[1]}: asked about ${Object.keys(answers).length} of ${ids.length} cases, ${refused} refused`);

/** One entry with one attestor of certificates, and one image that the reference is meant for: that notation can be asked. */
function questionOf(id) {
  const [policy, ...more] = documents(join(fixtures, "cases", id, "policy.yaml"));
  const resource = documents(join(fixtures, "cases", id, "resource.yaml"))[0];
  const rules = policy?.spec?.rules ?? [];
  const [entry, ...entries] = rules[0]?.verifyImages ?? [];
  if (more.length > 0 || rules.length !== 1 || entries.length > 0 || entry?.type !== "Notary") return undefined;
  if (entry.attestations !== undefined || entry.attestors?.length !== 1 || entry.attestors[0].entries.length !== 1) return undefined;
  const certificates = entry.attestors[0].entries[0].certificates;
  const images = (resource?.spec?.containers ?? []).map(({ image }) => image);
  if (certificates === undefined || images.length !== 1 || !images[0].startsWith(REGISTRY)) return undefined;
  const store = [certificates.cert, certificates.certChain].filter(Boolean);
  const target = targetOf(images[0].slice(REGISTRY.length));
  return store.length === 0 || target === undefined ? undefined : { store, target };
}

/** `LAYOUT@DIGEST` of an image; undefined where the registry had none. */
function targetOf(image) {
  const [name, pinned] = image.split("@");
  const [repository, tag = "latest"] = name.split(":");
  const layout = join(fixtures, "images", "localhost_5000_", repository);
  if (!existsSync(layout)) return undefined;
  const { manifests } = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const named = manifests.find(({ annotations }) => annotations?.["org.opencontainers.image.ref.name"] === tag);
  const digest = pinned ?? named?.digest;
  return digest === undefined ? undefined : `${resolve(layout)}@${digest}`;
}

/** The reason why notation refuses the image; empty where it verifies. */
function ask({ store, target }) {
  const home = mkdtempSync(join(tmpdir(), "notation-"));
  const folder = join(home, "notation");
  mkdirSync(join(folder, "truststore/x509/ca/kyverno"), { recursive: true });
  store.forEach((text, index) => writeFileSync(join(folder, `truststore/x509/ca/kyverno/${index}.pem`), text));
  const statement = {
    name: "kyverno",
    registryScopes: ["*"],
    signatureVerification: { level: "strict" },
    trustStores: ["ca:kyverno"],
    trustedIdentities: ["*"],
  };
  writeFileSync(join(folder, "trustpolicy.json"), JSON.stringify({ version: "1.0", trustPolicies: [statement] }), { mode: 0o600 });
  const env = { ...process.env, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, NOTATION_EXPERIMENTAL: "1" };
  const asked = spawnSync(command, ["verify", "--oci-layout", "--scope", "local/x", target], { env, encoding: "utf8" });
  rmSync(home, { recursive: true });
  if (asked.error !== undefined) throw asked.error;
  return asked.status === 0 ? "" : asked.stderr.replace(/^[^]*?Error: /, "").replaceAll(resolve(fixtures), "FIXTURES").trim();
}

function documents(path) {
  try {
    return parseAllDocuments(readFileSync(path, "utf8")).map((document) => document.toJS()).filter((value) => value !== null);
  } catch {
    return [];
  }
}
