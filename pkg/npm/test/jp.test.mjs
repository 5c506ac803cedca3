// `vidimus jp`: expressions on data.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const jp = (args, input = "{}") => spawnSync(process.execPath, [main, "jp", ...args], { encoding: "utf8", input });

test("expressions are evaluated on YAML and JSON", () => {
  assert.equal(jp(["a[].b", "-c"], "a: [{b: 1}, {b: 2}]").stdout, "[1,2]\n");
  assert.equal(jp(["query", "-u", "join('-', a)"], '{"a": ["x", "y"]}').stdout, "x-y\n");
  assert.equal(jp(["time_add('2026-01-31T12:00:00Z', '36h')"]).stdout, '"2026-02-02T00:00:00Z"\n');
  assert.equal(jp(["time_now_utc()", "--now", "2026-01-31T12:00:00Z"]).stdout, '"2026-01-31T12:00:00Z"\n');
  assert.equal(jp(["a", "b", "-c"], "{a: 1, b: 2}").stdout, "# a\n1\n# b\n2\n");
});

test("what is wrong is said, with exit code 2", () => {
  for (const [args, message] of [
    [["a"], /Unknown key "a" in path/],
    [["to_uper(a)"], /unknown function: to_uper \(column 1\).*`to_upper`/],
    [["a..b"], /SyntaxError: .*\(column 3\)/],
    [[], /an expression is missing/],
    [["function", "nothing"], /unknown function `nothing`/],
    [["a", "--what"], /Unknown option '--what'/],
  ]) {
    const { status, stderr } = jp(args);
    assert.equal(status, 2, stderr);
    assert.match(stderr, message);
  }
});

test("functions and trees are listed", () => {
  assert.match(jp(["function"]).stdout, /^x509_decode\(string\) object$/m);
  assert.equal(jp(["parse", "a.b"]).stdout, "sub-expression\n  field a\n  field b\n");
});
