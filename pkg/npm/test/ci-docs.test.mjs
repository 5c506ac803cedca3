// docs/ci.md and examples/policy-repository: workflows that are YAML, policies that load, commands that exist, tests that pass.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseAllDocuments } from "yaml";
import { parseArguments } from "../dist/cli/arguments.js";
import { COMMANDS } from "../dist/cli/commands.js";
import { readCalls } from "../dist/cli/completion/calls.js";
import { PolicySet } from "../dist/node.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const example = join(repository, "examples/policy-repository");
const read = (path) => readFileSync(join(repository, path), "utf8");
const main = join(repository, "pkg/npm/dist/cli/main.js");
const calls = await readCalls();

/** YAML that must be good, without warnings. */
function yaml(text) {
  return parseAllDocuments(text).map((document) => {
    assert.deepEqual([...document.errors, ...document.warnings].map(String), []);
    return document.toJS();
  });
}

const page = read("docs/ci.md");
const documents = [...page.matchAll(/```yaml\n([^]*?)```/g)].flatMap(([, text]) => yaml(text));
const workflows = documents.filter((document) => document.jobs !== undefined);

test("the workflows are ones: jobs, steps that do one thing, and names that are defined", () => {
  assert.equal(workflows.length, 2);
  for (const { jobs, env = {} } of workflows) {
    for (const job of Object.values(jobs)) {
      assert.ok([job.needs ?? []].flat().every((name) => name in jobs));
      const ids = job.steps.flatMap(({ id }) => (id === undefined ? [] : [id]));
      for (const step of job.steps) checkStep(step, { ...env, ...job.env, ...step.env });
      for (const [, id] of JSON.stringify(job).matchAll(/steps\.(\w+)\.outputs/g)) assert.ok(ids.includes(id), id);
    }
    for (const [, name, output] of JSON.stringify(jobs).matchAll(/needs\.(\w+)\.outputs\.(\w+)/g)) assert.ok(output in jobs[name].outputs, output);
  }
});

function checkStep(step, environment) {
  assert.notEqual("uses" in step, "run" in step, JSON.stringify(step));
  if (step.uses !== undefined) assert.match(step.uses, /^[\w.-]+\/[\w./-]+@v\d+(\.\d+)*$/);
  for (const [, name] of (step.run ?? "").matchAll(/\$([A-Z_]+)/g)) assert.ok(name in environment || name.startsWith("GITHUB_"), name);
}

test("the policies of the page load without a warning", async () => {
  const policies = documents.filter(({ kind }) => kind === "ClusterPolicy");
  assert.equal(policies.length, 1);
  assert.deepEqual((await PolicySet.load(policies)).diagnostics(), []);
});

test("the page's hook is the example's", () => {
  const [hook] = documents.filter(({ repos }) => repos !== undefined);
  assert.deepEqual(yaml(readFileSync(join(example, ".pre-commit-config.yaml"), "utf8")), [hook]);
});

/** What is code in a page: fenced blocks, and what stands between backticks. */
function codeOf(markdown) {
  const fenced = /```\w*\n([^]*?)```/g;
  const inline = markdown.replaceAll(fenced, "").matchAll(/`([^`]+)`/g);
  return [...markdown.matchAll(fenced), ...inline].map(([, code]) => code).join("\n");
}

/** The calls of `vidimus` in code: at the start of a line, after `run:`, `entry:`, `$`, a quote, a pipe or `npx`. */
function callsIn(text) {
  const joined = text.replaceAll(/\\\n\s*/g, " ");
  return [...joined.matchAll(/(?:^[ \t]*|run: |entry: |": "|\$ |\| |npx |<\()vidimus ([^\n]*)/gm)].map(([, rest]) => wordsOf(rest));
}

/** The words of a command up to where another one begins. */
function wordsOf(rest) {
  const words = [...rest.replace(/\s+#.*$/, "").matchAll(/'([^']*)'|"([^"]*)"|[^\s"]+/g)].map(([word, single, double]) => single ?? double ?? word);
  const end = words.findIndex((word) => /^(\||>|>>|&&|\)|;)/.test(word) || word.endsWith('",'));
  return (end < 0 ? words : words.slice(0, end)).map((word) => word.replace(/[),;]+$/, ""));
}

const MENTIONS = ["docs/ci.md", "docs/api.md", "README.md", "pkg/npm/README.md", "examples/policy-repository/README.md"];
const SCRIPTS = ["examples/policy-repository/package.json", "examples/policy-repository/.pre-commit-config.yaml"];

for (const path of [...MENTIONS, ...SCRIPTS]) {
  test(`${path}: every call of vidimus has a command and options that exist`, async () => {
    const found = callsIn(path.endsWith(".md") ? codeOf(read(path)) : read(path));
    if (path !== "docs/api.md") assert.ok(found.length > 0);
    for (const [name, ...args] of found) await checkCall(name, args);
  });
}

async function checkCall(name, args) {
  if (name.startsWith("-")) return assert.match(name, /^--(help|version)$/);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  assert.ok(command, `vidimus ${name}`);
  // Metavariables such as [PATH...] stand for arguments.
  const given = args.filter((word) => !["--help", "-h"].includes(word) && !/^\[/.test(word));
  const { values } = parseArguments(name, given, (await command.load()).SPECIFICATION);
  const { options } = calls.find((call) => call.name === name);
  for (const { long, operand } of options) {
    if (Array.isArray(operand) && values[long] !== undefined) assert.ok(operand.includes(values[long]), `vidimus ${name} --${long} ${values[long]}`);
  }
}

test("the check of calls finds what is wrong", async () => {
  for (const text of ["vidimus aply x", "npx vidimus test --require-test .", "run: vidimus apply p -r r -o xml | head -1"]) {
    const [[name, ...args]] = callsIn(text);
    await assert.rejects(() => checkCall(name, args), text);
  }
});

test("the policy repository: its scripts pass", () => {
  const bin = mkdtempSync(join(tmpdir(), "vidimus-bin-"));
  after(() => rmSync(bin, { recursive: true, force: true }));
  writeFileSync(join(bin, "vidimus"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const { scripts } = JSON.parse(readFileSync(join(example, "package.json"), "utf8"));
  for (const script of Object.values(scripts)) {
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { cwd: example, env, encoding: "utf8" });
    assert.equal(status, 0, `${script}\n${stdout}${stderr}`);
    assert.ok(!/warning|error\[/.test(stderr), stderr);
  }
});

test("every rule of the policy repository has a test that passes and one that fails", () => {
  const rules = readdirSync(join(example, "policies")).flatMap((file) =>
    yaml(readFileSync(join(example, "policies", file), "utf8")).flatMap(({ metadata, spec }) => spec.rules.map(({ name }) => `${metadata.name}/${name}`)),
  );
  const rows = yaml(readFileSync(join(example, "tests/kyverno-test.yaml"), "utf8")).flatMap(({ results }) => results);
  for (const result of ["pass", "fail"]) {
    const tested = new Set(rows.filter((row) => row.result === result).map(({ policy, rule }) => `${policy}/${rule}`));
    assert.deepEqual(rules.filter((rule) => !tested.has(rule)), []);
  }
});
