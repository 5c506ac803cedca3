// `vidimus completion`: what each shell completes, where it is installed, and that nothing is missing from any script.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { COMMANDS } from "../dist/cli/commands.js";
import { REPORT_FORMATS } from "../dist/node.js";
import { readCalls } from "../dist/cli/completion/calls.js";

const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vidimus-completion-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args) => spawnSync(process.execPath, [main, "completion", ...args], { encoding: "utf8" });
const scripts = new Map();
for (const shell of ["bash", "zsh", "fish"]) {
  scripts.set(shell, join(folder, shell));
  writeFileSync(join(folder, shell), run(shell).stdout);
}
symlinkSync(main, join(folder, "vidimus"));
const missing = (shell) => (spawnSync(shell, ["-c", "true"]).status === 0 ? false : `${shell} is not installed`);
const calls = await readCalls();

/** What bash offers for the last word. */
function bash(...words) {
  const code = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _vidimus; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-uc", code, scripts.get("bash"), "vidimus", ...words], { encoding: "utf8" });
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout.split("\n").filter((line) => line !== "");
}

test("bash completes commands, options and the values of options", { skip: missing("bash") }, () => {
  assert.deepEqual(bash(""), [...COMMANDS.map(({ name }) => name), "help", "--help", "--version"]);
  assert.deepEqual(bash("re"), ["replay"]);
  assert.deepEqual(bash("apply", "--ex"), ["--exception", "--explain"]);
  assert.deepEqual(bash("apply", "policy.yaml", "-o", ""), ["table", ...REPORT_FORMATS]);
  assert.deepEqual(bash("apply", "--compat", "=", "e"), ["exact"], "bash breaks --compat=e into three words");
  assert.deepEqual(bash("apply", "--compat", "="), ["default", "exact"]);
  assert.deepEqual(bash("evidence", ""), ["export", "import", "merge"]);
  assert.deepEqual(bash("help", "ap"), ["apply"]);
});

test("bash completes files where the script offers nothing", { skip: missing("bash") }, () => {
  assert.deepEqual(bash("apply", "-r", "-"), [], "standard input is no option");
  assert.deepEqual(bash("apply", "po"), []);
  const { stdout } = spawnSync("bash", ["--norc", "-c", `source "$0"; complete -p vidimus`, scripts.get("bash")], { encoding: "utf8" });
  assert.equal(stdout, "complete -o bashdefault -o default -F _vidimus vidimus\n");
});

test("fish completes commands, options and the values of options", { skip: missing("fish") }, () => {
  const complete = (line) => {
    const { stdout, stderr } = spawnSync("fish", ["--no-config", "-c", `source ${scripts.get("fish")}; complete -C '${line}'`], {
      encoding: "utf8",
      env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder },
    });
    assert.equal(stderr, "");
    return stdout.trimEnd().split("\n").map((found) => found.split("\t")[0]);
  };
  assert.deepEqual(complete("vidimus ap"), ["apply"]);
  assert.deepEqual(complete("vidimus apply --ex"), ["--exception", "--explain"]);
  assert.deepEqual(complete("vidimus apply -o "), ["table", ...REPORT_FORMATS].sort());
  assert.deepEqual(complete("vidimus evidence e"), ["export"]);
  assert.deepEqual(complete("vidimus help ap"), ["apply"]);
});

test("zsh understands its script", { skip: missing("zsh") }, () => {
  const { status, stderr } = spawnSync("zsh", ["-f", "-n", scripts.get("zsh")], { encoding: "utf8" });
  assert.deepEqual([status, stderr], [0, ""]);
});

test("every command and option is in every script", () => {
  for (const shell of scripts.keys()) {
    const { stdout } = run(shell);
    for (const { name, options } of calls) {
      assert.match(stdout, new RegExp(`\\b${name}\\b`), `${shell}: ${name}`);
      for (const { long } of options) assert.match(stdout, new RegExp(shell === "fish" ? `-l ${long} ` : `--${long}\\b`), `${shell}: ${name} --${long}`);
    }
  }
});

test("every option has a line in its command's help, and every line there an option", async () => {
  for (const { name, load } of COMMANDS) {
    const { HELP, SPECIFICATION } = await load();
    const [, block = ""] = /\noptions:\n([^]*?)(\n\n|$)/.exec(HELP) ?? [];
    const lines = [...block.matchAll(/^ {2}(?:-(\w), | {4})--([\w-]+)/gm)].map(([, short, long]) => `${short ?? " "} ${long}`);
    const specified = Object.entries(SPECIFICATION).map(([long, { short }]) => `${short ?? " "} ${long}`);
    assert.deepEqual(lines.sort(), [...specified, "h help"].sort(), name);
  }
  for (const { name, options } of calls) for (const { long, summary } of options) assert.notEqual(summary, "", `${name} --${long}`);
});

test("a shell that is not known, or none, is a wrong call", () => {
  for (const args of [["tcsh"], [], ["bash", "zsh"], ["constructor"]]) {
    const { status, stdout, stderr } = run(...args);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /expected bash, zsh or fish, found `/);
  }
});
