// The samples of the README, run: what it shows is what the command prints.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
const readme = readFileSync(join(repository, "README.md"), "utf8");
const blocks = [...readme.matchAll(/```console\n\$ vidimus (.*)\n([^]*?)\n```/g)];

/** The words of a command line; single quotes hold one together. */
const words = (command) => [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);

test("the README has samples", () => assert.ok(blocks.length >= 2));

for (const [, command, expected] of blocks) {
  test(`the README shows what this prints: vidimus ${command}`, () => {
    const run = spawnSync(process.execPath, [join(repository, "pkg/npm/dist/cli/main.js"), ...words(command)], {
      cwd: repository,
      encoding: "utf8",
    });
    assert.equal((run.stdout + run.stderr).trimEnd(), expected);
  });
}
