// Reports: each is valid against its schema, says as much as the answers do, and turns nobody's words into markup.

import Ajv from "ajv";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { REPORT_FORMATS, report } from "../dist/node.js";
import { elements } from "./junit-schema.mjs";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(repository, "pkg/npm/dist/cli/main.js");
const sample = "policies/require-signed-image";
const folder = mkdtempSync(join(tmpdir(), "vidimus-reports-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const schema = (name) => JSON.parse(readFileSync(new URL(`schemas/${name}.json`, import.meta.url), "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const SARIF = ajv.compile(schema("sarif-2.1.0"));
const POLICY_REPORTS = schema("policy-reports");
const HOSTILE = '<img src=x onerror=alert(1)> | `code` [link](javascript:1) \u001b[31m\n::error::forged\r\n%0A ]]> & "quoted" \u0000\u2028 \ud800';
const TIME = "2026-03-14T09:26:53Z";
const POLICY = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: require-signed-image
  annotations:
    policies.kyverno.io/title: Signed images
    policies.kyverno.io/category: Supply Chain
    policies.kyverno.io/severity: high
    policies.kyverno.io/description: Every image is signed.
spec: { rules: [] }
`;

let real;
before(() => {
  const { stdout, status, stderr } = apply("-o", "json");
  assert.equal(status, 1, stderr);
  real = JSON.parse(stdout);
});

function apply(...args) {
  const paths = [`${sample}/require-signed-image.yaml`, "-r", `${sample}/resources`, "--artifacts", `${sample}/evidence.json`];
  return spawnSync(process.execPath, [main, "apply", ...paths, "--offline", "--now", TIME, ...args], { encoding: "utf8", cwd: repository });
}

/** The real answers, and one with every status, in and outside of namespaces, whose texts are hostile. */
function answers() {
  const [{ results }] = real;
  const [base] = results;
  const statuses = ["pass", "fail", "warn", "error", "skip"].flatMap((status) => ["Enforce", "Audit"].map((failureAction) => [status, failureAction]));
  const hostile = statuses.map(([status, failureAction], index) => ({
    ...base,
    policy: "team/p,:%|<b>",
    rule: HOSTILE,
    status,
    failureAction,
    message: HOSTILE,
    image: HOSTILE,
    resource: { apiVersion: "v1", kind: index % 2 === 0 ? "Namespace" : "Pod", namespace: index % 2 === 0 ? "" : "shop", name: "a:b..C_" },
    location: { ...base.location, source: "dir/a b,c:%.yaml" },
    properties: { failMessage: "own words" },
  }));
  return [...real, { ...real[0], results: hostile }];
}

const rows = () => answers().flatMap(({ results }) => results);
const count = (status) => rows().filter((row) => row.status === status).length;
const make = (format) => report(answers(), format, { time: TIME, policies: [{ name: "p.yaml", text: POLICY }] });

function assertValid(validator, document) {
  assert.ok(validator(document), JSON.stringify(validator.errors, undefined, 1));
}

test("sarif is valid, has every result at its place, and says what to do", async () => {
  const log = JSON.parse(await make("sarif"));
  assertValid(SARIF, log);
  const [{ results, tool }] = log.runs;
  assert.equal(results.length, rows().length);
  assert.equal(results.filter(({ kind }) => kind === "pass").length, count("pass"));
  assert.equal(results.filter(({ kind }) => kind === "notApplicable").length, count("skip"));
  assert.equal(new Set(results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints))).size > real.length, true);
  for (const { ruleId, ruleIndex, kind, level } of results) {
    assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
    assert.ok(kind === "fail" ? ["error", "warning"].includes(level) : level === "none");
  }
  const { physicalLocation } = results[0].locations[0];
  assert.equal(physicalLocation.artifactLocation.uri, `${sample}/require-signed-image.yaml`);
  const text = readFileSync(join(repository, physicalLocation.artifactLocation.uri), "utf8").split("\n")[physicalLocation.region.startLine - 1];
  assert.match(text, /name: require-signed-image/);
  const [rule] = tool.driver.rules;
  assert.match(rule.help.markdown, /`no-signatures`: .* What to do: sign the image/);
  assert.equal(rule.properties["security-severity"], "8.0");
  assert.equal(results.at(-1).locations[0].physicalLocation.artifactLocation.uri, "dir/a%20b%2Cc%3A%25.yaml");
});

for (const [format, group, kinds] of [
  ["policyreport", "wgpolicyk8s.io/v1alpha2", ["PolicyReport", "ClusterPolicyReport"]],
  ["openreports", "openreports.io/v1alpha1", ["Report", "ClusterReport"]],
]) {
  test(`${format} is valid against the definitions of ${group}`, async () => {
    const documents = parseAllDocuments(await make(format)).map((document) => document.toJS());
    assert.deepEqual(new Set(documents.map(({ kind }) => kind)), new Set(kinds));
    for (const document of documents) {
      assertValid(ajv.compile(closed(POLICY_REPORTS[`${group}/${document.kind}`])), document);
      assert.match(document.metadata.name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
      assert.equal("namespace" in document.metadata, !document.kind.startsWith("Cluster"));
      for (const [status, number] of Object.entries(document.summary)) {
        assert.equal(document.results.filter(({ result }) => result === status).length, number);
      }
    }
    const results = documents.flatMap((document) => document.results);
    assert.equal(results.length, rows().length);
    const [first] = results;
    assert.deepEqual([first.category, first.severity, first.scored, first.timestamp.seconds], ["Supply Chain", "high", true, Date.parse(TIME) / 1000]);
    assert.ok(results.some(({ result, message }) => result === "fail" && message === "own words"));
  });
}

/** A schema that has no room for fields that it does not name: an API server would drop them. */
function closed(part) {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== "object" || part === null) return part;
  const own = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
  return part.type === "object" && part.properties !== undefined ? { ...own, additionalProperties: false } : own;
}

test("junit is valid, and counts failures, errors and what was skipped", async () => {
  const found = elements(await make("junit"));
  const all = found.filter(({ name }) => name === "testcase");
  assert.equal(all.length, rows().length);
  const [{ values }] = found;
  assert.deepEqual([values.tests, values.failures, values.errors], [rows().length, count("fail"), count("error")].map(String));
  assert.equal(found.filter(({ name }) => name === "skipped").length, count("skip"));
});

test("github annotations are one line for each problem, and nobody forges one", async () => {
  const lines = (await make("github")).split("\n").filter((line) => line !== "");
  const problems = rows().filter(({ status }) => ["fail", "error", "warn"].includes(status));
  assert.equal(lines.length, problems.length);
  for (const line of lines) {
    assert.match(line, /^::(error|warning) file=[^,:\r\n]+,line=\d+,col=\d+,title=[^,:\r\n]+::[^\r\n]+$/);
  }
  assert.ok(!lines.some((line) => line.startsWith("::error::")));
});

test("markdown is one row for each result, without the markup of others", async () => {
  const text = await make("markdown");
  const [summary, ...table] = text.trim().split("\n").filter((line) => line !== "");
  assert.match(summary, /^\*\*\d+ admitted, \d+ denied\*\*$/);
  assert.equal(table.length - 2, rows().length);
  for (const line of table.slice(2)) {
    assert.equal(line.split("|").length, 7, line);
    assert.doesNotMatch(line, /<(?!br>)|\]\(|`|javascript:\/\//);
  }
});

test("json and yaml are the answers themselves", async () => {
  assert.deepEqual(JSON.parse(await report(real, "json")), real);
  assert.deepEqual(parseAllDocuments(await report(real, "yaml"))[0].toJS(), real);
});

test("no result is a report too", async () => {
  for (const format of REPORT_FORMATS) assert.equal(typeof (await report([], format)), "string", format);
  assertValid(SARIF, JSON.parse(await report([], "sarif")));
  elements(await report([], "junit"));
});

test("vidimus apply prints each format, with the exit code of the verdict", () => {
  for (const format of REPORT_FORMATS) {
    const { status, stdout, stderr } = apply("-o", format);
    assert.deepEqual([status, stderr], [1, ""], format);
    assert.ok(stdout.length > 100, format);
  }
});

test("vidimus apply writes a report to a file, and prints the table", () => {
  const file = join(folder, "report.sarif");
  const { status, stdout } = apply("-o", "sarif", "--output-file", file);
  assert.equal(status, 1);
  assert.match(stdout, /admitted, .* denied/);
  assertValid(SARIF, JSON.parse(readFileSync(file, "utf8")));
  assert.match(apply("--output-file", file).stderr, /--output-file: say with --output what to write/);
  const nowhere = apply("-o", "sarif", "--output-file", join(folder, "none/report"));
  assert.equal(nowhere.status, 2);
  assert.match(nowhere.stderr, /--output-file .*ENOENT/);
});
