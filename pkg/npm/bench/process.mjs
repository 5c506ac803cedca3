// What whole calls cost, beside `kyverno` where it is installed: both ask the same registry on the loopback interface.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyPair, keyPolicy, podOf, pushImage, signImage, startRegistry } from "../test/registry-server.mjs";
import { VIDIMUS, cells, installed, measure, printTable } from "./processes.mjs";

const folder = mkdtempSync(join(tmpdir(), "vidimus-bench-"));
const kyverno = installed("kyverno");
const registry = await startRegistry();
const rows = [["", "vidimus", "peak", "kyverno", "peak", "time", "peak"]];

try {
  const { image, policy } = await signedImage();
  const one = write("one.yaml", [podOf(image)]);
  const thousand = write("thousand.yaml", Array.from({ length: 1000 }, (_, index) => named(podOf(image), `pod-${index}`)));
  await compare("one signed pod", [policy, "-r", one], 7);
  await compare("1,000 pods of one signed image", [policy, "-r", thousand], 5);
  await compare("100 policies on 500 resources", [manyPolicies(100), "-r", write("resources.yaml", manyResources(500))], 3);
  await offline("one signed pod, from captured evidence", policy, one, 7);
  await offline("1,000 pods, from captured evidence", policy, thousand, 5);
  printTable(rows);
  if (kyverno === undefined) console.log("kyverno is not installed: nothing to compare with");
} finally {
  registry.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** One line: the same call of both programs. */
async function compare(what, args, runs) {
  const ours = await measure([...VIDIMUS, "apply", ...args], { runs, stdout: /, 0 denied \(/ });
  const theirs = kyverno && (await measure([...kyverno, "apply", ...args, "--registry"], { runs, stdout: /fail: 0,.*error: 0/ }));
  rows.push([what, ...cells(ours), ...(theirs === undefined ? ["", "", "", ""] : [...cells(theirs), ...ratios(ours, theirs)])]);
}

/** Ours over theirs. */
function ratios(ours, theirs) {
  const ratio = (field) => (ours[field] === undefined ? "" : `${(ours[field] / theirs[field]).toFixed(2)} x`);
  return [ratio("milliseconds"), ratio("mebibytes")];
}

async function offline(what, policy, resources, runs) {
  const evidence = join(folder, "evidence.json");
  await measure([...VIDIMUS, "capture", policy, "-r", resources, "-o", evidence], { runs: 1 });
  const args = ["apply", policy, "-r", resources, "--artifacts", evidence, "--offline"];
  rows.push([what, ...cells(await measure([...VIDIMUS, ...args], { runs, stdout: /, 0 denied \(/ })), "", "", "", ""]);
}

async function signedImage() {
  const { privateKey, pem } = keyPair();
  await signImage(registry.host, "bench/app", await pushImage(registry.host, "bench/app", "v1"), privateKey);
  const policy = join(folder, "policy.yaml");
  writeFileSync(policy, keyPolicy(`${registry.host}/bench/*`, pem));
  return { image: `${registry.host}/bench/app:v1`, policy };
}

/** JSON is YAML. */
function write(name, objects) {
  writeFileSync(join(folder, name), objects.map((object) => JSON.stringify(object)).join("\n---\n"));
  return join(folder, name);
}

function named(pod, name) {
  return { ...pod, metadata: { ...pod.metadata, name } };
}

/** Policies of the usual kinds: a pattern, a condition with a variable, a label. */
function manyPolicies(count) {
  const path = join(folder, "policies");
  mkdirSync(path);
  for (let index = 0; index < count; index++) {
    const rules = [
      { validate: { message: "limits are wanted", pattern: { spec: { containers: [{ resources: { limits: { memory: "?*" } } }] } } } },
      { validate: { message: "no host network", deny: { conditions: { any: [{ key: "{{ request.object.spec.hostNetwork || `false` }}", operator: "Equals", value: true }] } } } },
      { validate: { message: "a label is wanted", pattern: { metadata: { labels: { [`team-${index}`]: "?*" } } } } },
    ];
    const match = { any: [{ resources: { kinds: ["Pod"] } }] };
    const spec = { validationFailureAction: "Audit", background: true, rules: [{ name: "rule", match, ...rules[index % rules.length] }] };
    write(`policies/policy-${index}.yaml`, [{ apiVersion: "kyverno.io/v1", kind: "ClusterPolicy", metadata: { name: `policy-${index}` }, spec }]);
  }
  return path;
}

function manyResources(count) {
  const labels = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`team-${index}`, "a"]));
  return Array.from({ length: count }, (_, index) => {
    const pod = named(podOf(`example.com/app:v${index}`), `pod-${index}`);
    pod.metadata.labels = labels;
    pod.spec.containers[0].resources = { limits: { memory: "64Mi" } };
    return pod;
  });
}
