// The commands about evidence: what they write, print and exit with.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const main = join(repository, "pkg/npm/dist/cli/main.js");
const sample = join(repository, "policies/require-signed-image");
const policy = join(sample, "require-signed-image.yaml");
const resource = (name) => join(sample, `resources/${name}.yaml`);
const given = ["--artifacts", join(sample, "evidence.json"), "--offline", "--now", "2026-03-14T09:26:53Z"];
const folder = mkdtempSync(join(tmpdir(), "vidimus-evidence-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (args, input) => spawnSync(process.execPath, [main, ...args], { encoding: "utf8", input });
const file = (name) => join(folder, name);
const read = (name) => JSON.parse(readFileSync(file(name), "utf8"));
const write = (name, document) => (writeFileSync(file(name), JSON.stringify(document)), file(name));

const whole = file("whole.json");
const captured = run(["capture", policy, "-r", join(sample, "resources"), ...given, "-o", whole]);

test("capture writes what replay verifies", () => {
  assert.equal(captured.status, 0, captured.stderr);
  assert.match(captured.stdout, /1 admitted, 3 denied.*\nwrote .*whole\.json: 8 tags, 6 blobs\n$/);
  const { status, stdout } = run(["replay", whole]);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /whole\.json: captured 2026-03-14T09:26:53Z, \d+ days old\n/);
  assert.match(stdout, /✓ shop\/Pod\/signed: admitted as of 2026-03-14T09:26:53Z, as recorded\n/);
  assert.match(stdout, /4 of 4 verdicts as recorded; the evidence proves presence, not absence and not freshness\n$/);
});

test("apply --capture writes the same document", () => {
  run(["apply", policy, "-r", join(sample, "resources"), ...given, "--capture", file("apply.json")]);
  assert.equal(readFileSync(file("apply.json"), "utf8"), readFileSync(whole, "utf8"));
});

test("evidence goes from standard output to standard input", () => {
  const { stdout, status } = run(["capture", policy, "-r", resource("signed"), ...given, "-o", "-"]);
  assert.equal(status, 0);
  assert.equal(run(["replay", "-"], stdout).status, 0);
});

test("what could not be evaluated is recorded, and said by the exit code", () => {
  const { status } = run(["capture", policy, "-r", resource("signed"), "--offline", "-o", file("offline.json")]);
  assert.equal(status, 3);
  assert.equal(read("offline.json").failures.length, 1);
  assert.equal(run(["replay", file("offline.json")]).status, 0);
});

test("a verdict that differs and a blob that was altered are named, and exit with 1", () => {
  const changed = read("whole.json");
  changed.verdict[1].admission.allowed = false;
  const different = run(["replay", whole, write("changed.json", changed)]);
  assert.equal(different.status, 1);
  assert.match(different.stdout, /✗ shop\/Pod\/signed: admitted[^\n]*\n {4}admission\.allowed: recorded false, found true\n/);
  const altered = read("whole.json");
  const [digest] = Object.keys(altered.blobs);
  altered.blobs[digest] = btoa("other");
  const corrupt = run(["replay", write("altered.json", altered)]);
  assert.equal(corrupt.status, 1);
  assert.match(corrupt.stdout, new RegExp(`altered blob ${digest}: its bytes are sha256:`));
});

test("another time is evaluated, and the age is as of it", () => {
  const [report] = JSON.parse(run(["replay", whole, "--now", "2026-03-15T09:26:53Z", "-o", "json"]).stdout);
  assert.deepEqual([report.ageSeconds, report.same, report.replays.length], [86_400, true, 4]);
  assert.equal(report.replays[0].now, "2026-03-15T09:26:53Z");
});

test("until when verdicts hold is in both outputs", () => {
  assert.match(run(["replay", whole, "--valid-until"]).stdout, /\n {4}holds at each of \d+ times until 2036-/);
  const [report] = JSON.parse(run(["replay", whole, "--valid-until", "-o", "json"]).stdout);
  assert.deepEqual(report.replays.map(({ validUntil }) => validUntil.until), [null, null, null, null]);
});

test("capture, export and import of layouts agree", () => {
  const root = file("root");
  assert.equal(run(["capture", policy, "-r", join(sample, "resources"), ...given, "--layout", root]).status, 0);
  assert.equal(run(["evidence", "export", whole, "--layout", file("exported")]).status, 0);
  assert.equal(run(["evidence", "import", root, "-o", file("imported.json")]).status, 0);
  const verdicts = [["--artifacts", root], ["--artifacts", file("exported")], ["--artifacts", file("imported.json")]].map((from) => {
    const args = ["apply", policy, "-r", join(sample, "resources"), ...from, "--offline", "--now", "2026-03-14T09:26:53Z", "-o", "json"];
    return run(args).stdout;
  });
  assert.equal(JSON.parse(verdicts[0]).length, 4);
  assert.deepEqual(verdicts, [verdicts[0], verdicts[0], verdicts[0]]);
  const full = run(["evidence", "export", whole, "--layout", root]);
  assert.equal(full.status, 2);
  assert.match(full.stderr, /expected a new or empty folder/);
});

test("two files merge into one that replays", () => {
  const parts = ["signed", "unsigned"].map((name) => {
    run(["capture", policy, "-r", resource(name), ...given, "-o", file(`${name}.json`)]);
    return file(`${name}.json`);
  });
  assert.equal(run(["evidence", "merge", ...parts, "-o", file("merged.json")]).status, 0);
  assert.match(run(["replay", file("merged.json")]).stdout, /2 of 2 verdicts as recorded/);
});

test("plan prints requests, and for whom they are", () => {
  const { status, stdout } = run(["plan", policy, "-r", resource("signed")]);
  assert.equal(status, 0);
  assert.match(stdout, /\n1 +manifest registry\.example\/shop\/checkout:v1 +registry\.example +require-signed-image\/require-signed-image \.attestors\[0\]\.entries\[0\]\.keys\n/);
  const [plan] = JSON.parse(run(["plan", policy, "-r", resource("signed"), "-o", "json"]).stdout);
  assert.deepEqual([plan.resource.name, plan.complete, plan.requests.length], ["signed", false, 1]);
  assert.match(run(["plan", policy, "-r", resource("signed"), ...given]).stdout, /^nothing is to be fetched\n$/);
});

test("wrong calls and files say what is wrong with them", () => {
  const twice = file("twice.json");
  writeFileSync(twice, '{"schema":"vidimus.evidence/v1","tags":{"r/a:1":null,"r/a:1":null}}');
  for (const [args, message] of [
    [["capture", policy, "-r", resource("signed")], /nothing to write to: add -o FILE or --layout DIR/],
    [["capture", policy, "-o", file("x.json")], /no resource given/],
    [["replay"], /no evidence given/],
    [["replay", file("nowhere.json")], /nowhere\.json: ENOENT/],
    [["replay", policy], /require-signed-image\.yaml: error\[evidence-malformed\]/],
    [["replay", twice], /twice\.json: error\[evidence-malformed\]: .*duplicate/],
    [["replay", join(sample, "evidence.json")], /expected policies, requests and verdict, found artifacts alone/],
    [["replay", whole, "--now", "tomorrow"], /--now: expected a time/],
    [["plan", policy, "-r", resource("signed"), "--refresh-trust-root"], /plan sends no request/],
    [["evidence", "convert"], /expected export, import or merge, found `convert`/],
    [["evidence", "merge", whole, "-o", file("x.json")], /expected two evidence files or more/],
    [["evidence", "import", join(repository, "tests/data/layouts/registry.example/team/app"), "-o", file("x.json")], /of which repository is this layout/],
  ]) {
    const { status, stdout, stderr } = run(args);
    assert.equal(status, 2, args.join(" "));
    assert.match(stderr, message);
    assert.equal(stdout, "", args.join(" "));
  }
  assert.equal(existsSync(file("x.json")), false);
  assert.equal(JSON.parse(run(["replay", "-o", "json"]).stdout).diagnostics[0].code, "bad-call");
});

test("the README of the package shows what its commands print, one after the other", () => {
  const readme = readFileSync(join(repository, "pkg/npm/README.md"), "utf8");
  const blocks = [...readme.matchAll(/```console\n\$ vidimus (.*)\n([^]*?)\n```/g)];
  assert.equal(blocks.length, 4);
  const cwd = mkdtempSync(join(folder, "readme-"));
  symlinkSync(join(repository, "policies"), join(cwd, "policies"));
  for (const [, command, expected] of blocks) {
    const { stdout, stderr } = spawnSync(process.execPath, [main, ...command.split(" ")], { cwd, encoding: "utf8" });
    assert.equal((stdout + stderr).trimEnd(), expected, command);
  }
});
