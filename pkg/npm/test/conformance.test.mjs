// Every fixture case through the wasm package: byte for byte what the native core answers, which the native suite judges.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Artifacts, LayoutSource, OfflineSource, PolicySet, VidimusError, folderFiles, parseObjects, rootFolder, settle } from "../dist/node.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const shared = join(repository, "..", "shared", "fixtures");
const native = join(repository, "target", "conformance", "native.jsonl");

test("wasm answers every fixture case byte for byte as the native core does", async (t) => {
  if (!existsSync(shared)) {
    console.error("SKIPPED: the conformance data `shared/fixtures` is not beside this checkout");
    return t.skip("shared/fixtures is not beside this checkout");
  }
  assert.ok(existsSync(native), "no native answers: run `cargo test -p vidimus-tests --test conformance` first");
  const expected = new Map(
    readFileSync(native, "utf8").trim().split("\n").map((line) => JSON.parse(line)).map(({ id, sha256 }) => [id, sha256]),
  );
  assert.ok(expected.size > 700, `only ${expected.size} native answers`);
  const different = [];
  for (const [id, sha256] of expected) {
    const text = await ask(join(shared, "cases", id));
    if (createHash("sha256").update(text).digest("hex") !== sha256) different.push(id);
  }
  assert.deepEqual(different, []);
  t.diagnostic(`${expected.size} cases, identical native and wasm`);
});

async function ask(folder) {
  const read = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : undefined);
  const exceptions = read("exceptions.yaml");
  let set;
  try {
    set = await PolicySet.load(
      [{ name: "policy.yaml", text: read("policy.yaml") }],
      exceptions === undefined ? [] : [{ name: "exceptions.yaml", text: exceptions }],
    );
  } catch (error) {
    if (error instanceof VidimusError) return JSON.stringify(error.diagnostics);
    throw error;
  }
  const [resource] = await parseObjects(read("resource.yaml"));
  const layout = new LayoutSource("images", folderFiles(join(shared, "images")), rootFolder);
  const request = { resource, options: { trace: "full", evidence: true } };
  const artifacts = new Artifacts();
  await settle(set, request, artifacts, [layout, new OfflineSource()]);
  const text = set.evaluateText(request, artifacts);
  set.free();
  return text;
}
