// `vidimus test`: what it finds, what it prints, and its exit codes.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { elements } from "./junit-schema.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(repository, "pkg/npm/dist/cli/main.js");
const samples = join(repository, "policies");
const folder = mkdtempSync(join(tmpdir(), "vidimus-test-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (args, options = {}) => spawnSync(process.execPath, [main, "test", ...args], { encoding: "utf8", cwd: folder, ...options });
const json = (args) => JSON.parse(run([...args, "-o", "json"]).stdout);

function write(path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const HEAD = "apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nmetadata: { name: own }\n";
const sample = join(samples, "require-signed-image");

/** A suite of the sample policy on two of its pods. */
function writeSuite(path, results, more = "") {
  write(
    path,
    `${HEAD}policies: [${sample}/require-signed-image.yaml]\nresources: [${sample}/resources/signed.yaml, ${sample}/resources/unsigned.yaml]\n` +
      `artifacts: [${sample}/evidence.json]\n${more}results:\n${results}`,
  );
}

const PASS = "- { policy: require-signed-image, rule: require-signed-image, resources: [signed], kind: Pod, result: pass }\n";
const FAIL = "- { policy: require-signed-image, rule: require-signed-image, resources: [unsigned], kind: Pod, result: fail }\n";
const WRONG = "- { policy: require-signed-image, rule: require-signed-image, resources: [unsigned], kind: Pod, result: pass }\n";

writeSuite("good/kyverno-test.yaml", PASS + FAIL);
writeSuite("good/node_modules/x/kyverno-test.yaml", WRONG);
writeSuite("good/.git/x/kyverno-test.yaml", WRONG);
writeSuite("hidden/.kyverno-test/kyverno-test.yaml", PASS);
writeSuite("bad/kyverno-test.yaml", PASS + WRONG);

test("the samples' own tests are as expected", () => {
  const { status, stdout } = run([samples]);
  assert.equal(status, 0);
  assert.match(stdout, /^ {2}ID +POLICY +RULE +RESOURCE +RESULT +REASON$/m);
  assert.match(stdout, /Pod\/shop\/tampered +Pass +Ok\n/);
  assert.match(stdout, /\nTest Summary: \d+ tests passed and 0 tests failed\n$/);
});

test("folders are searched, but neither node_modules nor .git", () => {
  assert.deepEqual(json(["good"]).summary, { tests: 1, passed: 4, failed: 0, skipped: 0 });
  assert.equal(json(["hidden"]).summary.tests, 1);
  assert.equal(json([]).summary.tests, 3);
  assert.equal(json(["good/kyverno-test.yaml", "good"]).summary.tests, 1);
});

test("a result that is not as expected says what it is, and why", () => {
  const { status, stdout } = run(["bad"]);
  assert.equal(status, 1);
  assert.match(stdout, /Pod\/shop\/unsigned +Fail +Want pass, got fail\n {6}.*no signatures found/);
  assert.match(stdout, /Test Summary: 2 tests passed and 2 tests failed/);
  const only = run([".", "--fail-only"]).stdout;
  assert.ok(!only.includes("good/") && !only.includes("Pass"), only);
  assert.match(only, /Test Summary: 2 out of \d+ tests failed/);
});

test("the document has one entry for each row", () => {
  const { results, summary, diagnostics } = json(["bad", "--fail-only"]);
  assert.deepEqual(summary, { tests: 1, passed: 2, failed: 2, skipped: 0 });
  assert.equal(diagnostics, undefined);
  const [{ message, ...row }] = results;
  assert.match(message, /unsigned|no signatures found|missing digest/);
  assert.deepEqual(row, {
    test: join("bad", "kyverno-test.yaml"),
    name: "own",
    policy: "require-signed-image",
    rule: "require-signed-image",
    kind: "Pod",
    resource: "shop/unsigned",
    expected: "pass",
    actual: "fail",
    ok: false,
    code: "unexpected-result",
    reason: "Want pass, got fail",
  });
});

test("results can be chosen", () => {
  assert.equal(run(["bad", "-t", "resource=signed"]).status, 0);
  assert.equal(json(["bad", "-t", "policy=require-*,rule=*image,resource=un*"]).summary.failed, 2);
  assert.equal(json(["bad", "-t", "policy=other"]).results.length, 0);
  const { status, stderr } = run(["bad", "-t", "kind=Pod"]);
  assert.equal(status, 2);
  assert.match(stderr, /error\[selector-key\]: expected policy, rule or resource, found `kind`/);
});

test("without its artifacts a test cannot be evaluated", () => {
  write("offline/kyverno-test.yaml", `${HEAD}policies: [${sample}/*.yaml]\nresources: [${sample}/resources/signed.yaml]\nresults:\n${PASS}`);
  write("offline/only.yaml", `${HEAD}policies: [${sample}/require-*.yaml]\nresources: [${sample}/resources/signed.yaml]\nresults:\n${PASS}`);
  const { status, stdout } = run(["offline", "-f", "only.yaml"]);
  assert.equal(status, 3);
  assert.match(stdout, /Want pass, got error\n.*offline: not in the artifacts that were given/);
  // The pattern names the test file of the sample, too, which is no policy.
  assert.match(run(["offline"]).stderr, /kyverno-test\.yaml:.*error\[unsupported-kind\]/);
});

test("kinds that are not built are errors that name the kind", () => {
  write("kinds/policy.yaml", "apiVersion: policies.kyverno.io/v1\nkind: ValidatingPolicy\nmetadata: { name: v }\nspec: {}\n");
  write("kinds/kyverno-test.yaml", `${HEAD}policies: [policy.yaml]\nresources: [${sample}/resources/signed.yaml]\nresults:\n- { policy: v, resources: [signed], result: error }\n`);
  const { status, stdout } = run(["kinds"]);
  assert.equal(status, 3);
  assert.match(stdout, /Not available\n {6}ValidatingPolicy \(policies\.kyverno\.io\/v1\) is not available\n/);
  rmSync(join(folder, "kinds"), { recursive: true });
});

test("a wrong test file is shown in its line, and nothing is evaluated", () => {
  write("wrong/kyverno-test.yaml", `${HEAD}policy: [a.yaml]\n`);
  const { status, stdout, stderr } = run(["wrong", "good"]);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /kyverno-test\.yaml:4:1: error\[unknown-field\]: .*\(did you mean `policies`\?\)\n +4 \| policy: \[a\.yaml\]\n +\| \^/);
  assert.equal(json(["wrong"]).diagnostics[0].code, "unknown-field");
  write("wrong/kyverno-test.yaml", "name: old\npolicies: [a.yaml]\n");
  assert.match(run(["wrong"]).stderr, /test file .*kyverno-test\.yaml uses a deprecated schema — please migrate to the latest format/);
  rmSync(join(folder, "wrong"), { recursive: true });
});

test("a file that a test names and that is not there is an error of that test alone", () => {
  write("missing/kyverno-test.yaml", `${HEAD}policies: [nowhere.yaml, 'https://example.com/p.yaml']\nresults: []\n`);
  const { status, stdout, stderr } = run(["missing", "good"]);
  assert.equal(status, 2);
  assert.match(stderr, /kyverno-test\.yaml:4:12: error\[file-missing\]: nowhere\.yaml: no such file or folder/);
  assert.match(stderr, /URLs are not supported/);
  assert.match(stdout, /Test Summary: 4 tests passed and 0 tests failed/);
  rmSync(join(folder, "missing"), { recursive: true });
});

test("no test is no mistake, unless tests are required", () => {
  mkdirSync(join(folder, "empty"), { recursive: true });
  const none = run(["empty"]);
  assert.equal(none.status, 0);
  assert.match(none.stderr, /no tests: no kyverno-test\.yaml in empty/);
  assert.equal(run(["empty", "--require-tests"]).status, 2);
});

test("markdown is one table a test", () => {
  const { stdout } = run(["bad", "-o", "markdown", "--detailed-results"]);
  assert.match(stdout, /^\| ID \| POLICY \| RULE \| RESOURCE \| RESULT \| REASON \| MESSAGE \|\n\| --- \|/m);
  assert.match(stdout, /\| Pod\/shop\/unsigned \| Fail \| Want pass, got fail \| .* \|\n/);
});

test("junit is valid, whatever the names in it", () => {
  writeSuite("names/<&\">.yaml", `${PASS}- { policy: "a<&\\"\\u0001", resources: [signed], kind: Pod, result: pass }\n`);
  const { status, stdout } = run(["bad", "names/<&\">.yaml", "-o", "junit"]);
  assert.equal(status, 1);
  const found = elements(stdout);
  const [all] = found;
  assert.deepEqual([all.values.tests, all.values.failures, all.values.errors], ["7", "3", "0"]);
  assert.equal(found.filter(({ name }) => name === "testcase").length, 7);
  assert.equal(found.filter(({ name }) => name === "failure").length, 3);
  assert.ok(found.some(({ values }) => values.classname?.startsWith("a&lt;&amp;&quot;\uFFFD")));
  assert.ok(found.some(({ values }) => values.message === "Not found"));
  rmSync(join(folder, "names"), { recursive: true });
});

test("help, and calls that are wrong", () => {
  assert.match(run(["--help"]).stdout, /usage: vidimus test/);
  for (const [args, message] of [
    [["nowhere"], /nowhere: no such file or folder/],
    [["-o", "xml"], /--output: expected table, json, junit, markdown, found `xml`/],
    [["--colour"], /Unknown option '--colour'.*try vidimus test --help/],
  ]) {
    const { status, stdout, stderr } = run(args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, message);
    assert.equal(stdout, "");
  }
});
