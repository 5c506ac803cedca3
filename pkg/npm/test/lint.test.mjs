// `vidimus lint`: what it prints, its exit codes, and that every format says the same.

import Ajv from "ajv";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { LINT_RULES, lint } from "../dist/node.js";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(repository, "pkg/npm/dist/cli/main.js");
const examples = join(repository, "tests/data/lint");
const folder = mkdtempSync(join(tmpdir(), "vidimus-lint-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (args, options = {}) => spawnSync(process.execPath, [main, "lint", ...args], { encoding: "utf8", cwd: folder, ...options });

/** The policies of an example, without their correction. */
function example(name) {
  const [bad, corrected] = readFileSync(join(examples, `${name}.yaml`), "utf8").split("# corrected\n");
  writeFileSync(join(folder, `${name}.yaml`), bad);
  writeFileSync(join(folder, `${name}-corrected.yaml`), corrected ?? bad);
  return `${name}.yaml`;
}

test("every rule has an example that finds it, and one that does not", async () => {
  assert.deepEqual(readdirSync(examples).map((file) => `lint-${file.slice(0, -5)}`).sort(), LINT_RULES.map(({ code }) => code).sort());
  for (const { code, severity } of LINT_RULES) {
    const name = code.slice("lint-".length);
    const found = await lint([readFileSync(join(folder, example(name)), "utf8")]);
    assert.ok(found.some((finding) => finding.code === code && finding.severity === severity), code);
    const corrected = await lint([readFileSync(join(folder, `${name}-corrected.yaml`), "utf8")]);
    assert.ok(code === "lint-kind-removed" || !corrected.some((finding) => finding.code === code), code);
  }
});

test("errors end with 1; warnings only where they are to", () => {
  assert.equal(run([example("anybody-signs")]).status, 1);
  const gap = example("audit-verify-images");
  assert.equal(run([gap]).status, 0);
  assert.equal(run([gap, "--strict"]).status, 1);
  assert.equal(run([gap, "--strict", "--ignore", "lint-audit-verify-images"]).status, 0);
  assert.equal(run([example("count-below-entries"), "--strict"]).status, 0, "notes are no failures");
});

test("a finding names its place, shows the line, and says what to write", () => {
  const { stdout } = run([example("anybody-signs"), "--ignore", "lint-kind-removed"]);
  assert.match(stdout, /^anybody-signs\.yaml:\d+:\d+: error\[lint-anybody-signs\]: .*: write subject and issuer of the signer\n {2}\d+ \| .*\n .*\^\n/);
  assert.match(stdout, /\n1 error, 0 warnings, 0 notes\n$/);
});

test("a note that says the same is given once", () => {
  const { stdout } = run([example("anybody-signs"), example("count-below-entries")]);
  assert.equal(stdout.match(/lint-kind-removed/g).length, 1);
  assert.match(stdout, /\(and in 1 other place\)/);
});

test("json, sarif and annotations hold what the text does", () => {
  const file = example("audit-verify-images");
  const found = JSON.parse(run([file, "-o", "json"]).stdout);
  const log = JSON.parse(run([file, "-o", "sarif"]).stdout);
  const schema = JSON.parse(readFileSync(new URL("schemas/sarif-2.1.0.json", import.meta.url), "utf8"));
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  assert.ok(validate(log), JSON.stringify(validate.errors));
  assert.deepEqual(log.runs[0].results.map(({ ruleId }) => ruleId), found.map(({ code }) => code));
  assert.deepEqual(log.runs[0].results[0].locations[0].physicalLocation.region, { startLine: found[0].line, startColumn: found[0].column });
  const lines = run([file, "-o", "github"]).stdout.trim().split("\n");
  assert.equal(lines.length, found.filter(({ severity }) => severity !== "info").length);
  for (const line of lines) assert.match(line, /^::warning file=audit-verify-images\.yaml,line=\d+,col=\d+,title=lint-[a-z-]+::.+$/);
});

test("a field without effect is a finding", async () => {
  const found = await lint([readFileSync(join(folder, example("field-without-effect")), "utf8")]);
  assert.ok(found.some(({ code, line }) => code === "lint-field-without-effect" && line > 1));
});

test("the rules are listed", () => {
  const { status, stdout } = run(["--rules"]);
  assert.equal(status, 0);
  for (const { code } of LINT_RULES) assert.ok(stdout.includes(`${code} (`));
  assert.deepEqual(JSON.parse(run(["--rules", "-o", "json"]).stdout), LINT_RULES);
});

test("a call or a policy that is wrong is told", () => {
  writeFileSync(join(folder, "wrong.yaml"), "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: { name: a }\nspec: { rulez: [] }\n");
  for (const [args, words] of [
    [[], /no policy given/],
    [["wrong.yaml"], /wrong\.yaml:4:\d+: error\[unknown-field\].*rulez/],
    [["wrong.yaml", "-o", "xml"], /--output: expected text, json, sarif, github, found `xml`/],
    [["wrong.yaml", "--ignore", "lint-none"], /--ignore: expected .*found `lint-none`/],
  ]) {
    const { status, stderr } = run(args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, words);
  }
  assert.equal(JSON.parse(run(["wrong.yaml", "-o", "json"]).stdout).diagnostics[0].code, "unknown-field");
});
