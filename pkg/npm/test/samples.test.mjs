// The samples: each resource ends as the sample's own test says.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { Artifacts, PolicySet, parseObjects, ready } from "../dist/node.js";

const policies = new URL("../../../policies/", import.meta.url);
await ready();

for (const { name } of readdirSync(policies, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const folder = new URL(`${name}/`, policies);
  const read = (file) => readFileSync(new URL(file, folder), "utf8");
  test(`the sample ${name} ends as it says`, async () => {
    const [suite] = await parseObjects(read("kyverno-test.yaml"));
    const set = await PolicySet.load(suite.policies.map((file) => ({ name: file, text: read(file) })));
    const artifacts = new Artifacts();
    suite.artifacts.forEach((file) => artifacts.add(read(file)));
    assert.equal(suite.results.length, suite.resources.length);
    for (const file of suite.resources) {
      const [resource] = await parseObjects(read(file));
      const answer = set.evaluate({ resource, options: { now: suite.now } }, artifacts);
      const row = suite.results.find((row) => row.resources.includes(resource.metadata.name) && row.kind === resource.kind);
      assert.equal(answer.status, "complete");
      const worst = answer.results.some((result) => result.status === "fail") ? "fail" : answer.results[0].status;
      assert.equal(worst, row.result, `${file}: ${JSON.stringify(answer.results)}`);
    }
  });
}
