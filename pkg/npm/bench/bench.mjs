// What an evaluation costs in wasm, beside Node's own signature check of the same bytes. Prints medians and ratios.

import { spawnSync } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Artifacts, PolicySet, ready } from "../dist/node.js";

const repository = new URL("../../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, repository), "utf8");
const sample = "policies/require-signed-image";
const policy = read(`${sample}/require-signed-image.yaml`);
const resource = read(`${sample}/resources/signed.yaml`);
const evidence = read(`${sample}/evidence.json`);

await ready();

/** The median time of one call in microseconds, over batches that last long enough to be measured. */
function median(calls, work) {
  for (let i = 0; i < calls; i++) work(i);
  const samples = Array.from({ length: 15 }, () => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) work(i);
    return Number(process.hrtime.bigint() - start) / 1000 / calls;
  });
  return samples.sort((a, b) => a - b)[7];
}

const rows = [];
const add = (what, microseconds, baseline) =>
  rows.push([what, `${microseconds.toFixed(1)} µs`, baseline === undefined ? "" : `${(microseconds / baseline).toFixed(2)} x`]);

const { blobs } = JSON.parse(evidence);
const documents = Object.values(blobs).map((text) => Buffer.from(text, "base64"));
const key = createPublicKey(/-----BEGIN PUBLIC KEY-----[^]*?-----END PUBLIC KEY-----/.exec(policy)[0].replace(/^ +/gm, ""));
const { payload, signature } = signedBy(key);
const baseline = median(200, () => verify("sha256", payload, key, signature));
add("Node's own P-256 verification (baseline)", baseline, baseline);

const set = await PolicySet.load([policy]);
const request = { resourceText: resource, options: { trace: "none" } };
const fresh = median(20, () => {
  const artifacts = new Artifacts().add(evidence);
  if (!set.evaluate(request, artifacts).admission.allowed) throw new Error("the sample is not admitted");
  artifacts.store.free();
});
add("evaluate one signed pod, evidence new", fresh, baseline);
const artifacts = new Artifacts().add(evidence);
const warm = median(100, () => set.evaluate(request, artifacts));
add("evaluate one signed pod, evidence seen before", warm, baseline);
add("1,000 pods of one image", median(1, () => {
  const store = new Artifacts().add(evidence);
  for (let i = 0; i < 1000; i++) set.evaluate(request, store);
  store.store.free();
}), baseline);
add("compile the policy", await compiling(), baseline);

const main = fileURLToPath(new URL("pkg/npm/dist/cli/main.js", repository));
const whole = median(1, () => {
  const file = (name) => fileURLToPath(new URL(`${sample}/${name}`, repository));
  const args = ["apply", file("require-signed-image.yaml"), "-r", file("resources/signed.yaml"), "--artifacts", file("evidence.json"), "--offline"];
  const run = spawnSync(process.execPath, [main, ...args]);
  if (run.status !== 0) throw new Error(String(run.stderr) + run.stdout);
});
add("vidimus apply, whole process", whole, baseline);

const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "));

/** Compiling is asynchronous, so it is measured on its own. */
async function compiling() {
  const samples = [];
  for (let i = 0; i < 60; i++) {
    const start = process.hrtime.bigint();
    (await PolicySet.load([policy])).free();
    samples.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return samples.sort((a, b) => a - b)[30];
}

/** The signed payload in the evidence that this key signed. */
function signedBy(key) {
  for (const document of documents) {
    const layers = document[0] === 0x7b ? (JSON.parse(document).layers ?? []) : [];
    for (const { digest, annotations } of layers) {
      const payload = blobs[digest] && Buffer.from(blobs[digest], "base64");
      const signature = Buffer.from(annotations?.["dev.cosignproject.cosign/signature"] ?? "", "base64");
      if (payload && verify("sha256", payload, key, signature)) return { payload, signature };
    }
  }
  throw new Error("the evidence holds no signature by this key");
}
