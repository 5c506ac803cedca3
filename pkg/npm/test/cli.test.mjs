// The command line: what it prints where, and its exit codes.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(repository, "pkg/npm/dist/cli/main.js");
const sample = join(repository, "policies/require-signed-image");
const policy = join(sample, "require-signed-image.yaml");
const evidence = ["--artifacts", join(sample, "evidence.json"), "--offline"];
const resource = (name) => join(sample, `resources/${name}.yaml`);
const folder = mkdtempSync(join(tmpdir(), "vidimus-cli-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (args, input) => spawnSync(process.execPath, [main, ...args], { encoding: "utf8", input });

test("help and version", () => {
  assert.equal(run(["--help"]).status, 0);
  assert.match(run(["apply", "--help"]).stdout, /examples:/);
  assert.match(run(["--version"]).stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal(run([]).status, 2);
});

test("a call that is wrong says what is wrong with it", () => {
  for (const [args, message] of [
    [["aply"], /unknown command `aply`/],
    [["apply"], /no policy given/],
    [["apply", policy], /no resource given/],
    [["apply", policy, "-r", "nowhere.yaml"], /nowhere\.yaml: no such file or folder/],
    [["apply", policy, "-r", resource("signed"), "--colour"], /Unknown option '--colour'/],
    [["apply", policy, "-r", resource("signed"), "-o", "xml"], /--output: expected table, json, yaml, policyreport, openreports, sarif, junit, markdown, github, found `xml`/],
    [["apply", policy, "-r", resource("signed"), ...evidence, "--now", "yesterday"], /options\.now: expected a time/],
    [["apply", policy, "-r", resource("signed"), "--artifacts", policy, "--offline"], /require-signed-image\.yaml: error\[evidence-malformed\]: evidence: /],
  ]) {
    const { status, stdout, stderr } = run(args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, message);
    assert.equal(stdout, "", args.join(" "));
  }
});

test("a mistyped field is shown in its line, and nothing is evaluated", () => {
  const wrong = join(folder, "wrong.yaml");
  writeFileSync(wrong, readFileSync(policy, "utf8").replace("attestors:", "attestor:"));
  const { status, stdout, stderr } = run(["apply", wrong, policy, "-r", resource("signed"), ...evidence]);
  assert.equal(status, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /wrong\.yaml:\d+:7: error\[unknown-field\]: .*\(did you mean `attestors`\?\)\n +\d+ \| +attestor:\n +\| +\^/);
  const json = run(["apply", wrong, "-r", resource("signed"), ...evidence, "-o", "json"]);
  assert.equal(json.status, 2);
  assert.equal(JSON.parse(json.stdout).diagnostics[0].code, "unknown-field");
});

test("where a program reads the output, a wrong call is a document too", () => {
  const missing = ["apply", policy, "-r", "nowhere.yaml"];
  const [diagnostic] = JSON.parse(run([...missing, "-o", "json"]).stdout).diagnostics;
  assert.deepEqual([diagnostic.code, diagnostic.severity], ["bad-call", "error"]);
  const { status, stdout } = run([...missing, "-o", "yaml"]);
  assert.equal(status, 2);
  assert.deepEqual(parse(stdout).diagnostics, [diagnostic]);
});

test("what others wrote does not reach the terminal as control characters", () => {
  const pod = parse(readFileSync(resource("unsigned"), "utf8"));
  pod.metadata.name = "a\u001b[2Jb\u202e";
  const { stdout } = run(["apply", policy, "-r", "-", ...evidence, "--explain"], JSON.stringify(pod));
  assert.match(stdout, /Pod\/a\\u\{1b\}\[2Jb\\u\{202e\} /);
  assert.ok(!/[\u001b\u202e]/.test(stdout));
});

test("evidence that cannot be written is told, and nothing is printed", () => {
  const nowhere = run(["apply", policy, "-r", resource("signed"), ...evidence, "--capture", join(folder, "no/where.json")]);
  assert.deepEqual([nowhere.status, nowhere.stdout], [2, ""]);
});

test("json and yaml are the same list of answers", () => {
  const args = ["apply", policy, "-r", resource("signed"), "-r", resource("unsigned"), ...evidence];
  const json = JSON.parse(run([...args, "-o", "json"]).stdout);
  assert.deepEqual(parse(run([...args, "-o", "yaml"]).stdout), json);
  assert.deepEqual(json.map((answer) => answer.admission.allowed), [true, false]);
});

test("the worst of several resources decides the exit code", () => {
  const exit = (...args) => run(["apply", policy, ...args]).status;
  assert.equal(exit("-r", resource("signed"), ...evidence), 0);
  assert.equal(exit("-r", resource("signed"), "-r", resource("tampered"), ...evidence), 1);
  assert.equal(exit("-r", resource("signed"), "-r", resource("tampered"), "--offline"), 3);
});

test("resources come from standard input, folders and lists", () => {
  const pods = ["signed", "unsigned"].map((name) => parse(readFileSync(resource(name), "utf8")));
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: pods });
  const piped = run(["apply", policy, "-r", "-", ...evidence, "-o", "json"], list);
  assert.equal(JSON.parse(piped.stdout).length, 2);
  const all = run(["apply", policy, "-r", join(sample, "resources"), ...evidence, "-o", "json"]);
  assert.equal(JSON.parse(all.stdout).length, 4);
});

test("in a folder, files that are no policies are left out and said to be", () => {
  const { status, stderr } = run(["apply", sample, "-r", resource("signed"), ...evidence]);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^note: not policies, left out: .*evidence\.json, .*kyverno-test\.yaml/);
  assert.equal(run(["apply", join(sample, "resources"), "-r", resource("signed"), ...evidence]).status, 2);
});

test("a resource that names no namespace is in `default`", () => {
  const objects = ["Pod", "Namespace"].map((kind) => ({ apiVersion: "v1", kind, metadata: { name: "x" }, spec: { containers: [] } }));
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const answers = JSON.parse(run(["apply", policy, "-r", "-", ...evidence, "-o", "json"], list).stdout);
  assert.deepEqual(answers.map((answer) => answer.resource.metadata.namespace), ["default", undefined]);
});

test("an exception lifts the rule", () => {
  const exception = join(folder, "exception.yaml");
  writeFileSync(
    exception,
    `apiVersion: kyverno.io/v2
kind: PolicyException
metadata: {name: legacy, namespace: shop}
spec:
  exceptions: [{policyName: require-signed-image, ruleNames: [require-signed-image]}]
  match: {any: [{resources: {kinds: [Pod], names: [unsigned]}}]}
`,
  );
  const { status, stdout } = run(["apply", policy, "-r", resource("unsigned"), ...evidence, "--exception", exception]);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /policy exceptionsshop\/legacy/);
});

test("no colour where it is not a terminal", () => {
  assert.ok(!run(["apply", policy, "-r", resource("signed"), ...evidence]).stdout.includes("\u001b"));
});

test("on DELETE no image is verified", () => {
  const { status, stdout } = run(["apply", policy, "-r", resource("unsigned"), "--operation", "DELETE", "--offline"]);
  assert.equal(status, 0);
  assert.match(stdout, /no rule applies/);
});

test("in a folder of policies, those in JSON of one line and with comments beside their kind are found", () => {
  const policies = join(folder, "policies");
  mkdirSync(policies);
  const text = readFileSync(policy, "utf8");
  writeFileSync(join(policies, "line.json"), JSON.stringify({ ...parse(text), metadata: { name: "line" } }));
  writeFileSync(join(policies, "comment.yaml"), text.replace("kind: ClusterPolicy", "kind: ClusterPolicy # of the shop").replaceAll("/shop/", "/other/"));
  writeFileSync(join(policies, "pod.json"), JSON.stringify(parse(readFileSync(resource("signed"), "utf8"))));
  const { status, stdout, stderr } = run(["apply", policies, "-r", resource("signed"), ...evidence]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /line\/require-signed-image +pass/);
  assert.match(stderr, /^note: not policies, left out: \S*pod\.json\n$/);
});
