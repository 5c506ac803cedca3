// Whole processes, measured: time by this process, peak memory by GNU time where it is installed.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const GNU_TIME = "/usr/bin/time";
const hasTime = spawnSync(GNU_TIME, ["-f", "%M", "true"]).status === 0;

/** The command line of this build. */
export const VIDIMUS = [process.execPath, fileURLToPath(new URL("../dist/cli/main.js", import.meta.url))];

/** What `command` is called by, where it is installed. */
export function installed(command) {
  return spawnSync(command, ["version"]).error === undefined ? [command] : undefined;
}

/** Runs a command several times; the median of its times in ms and of its peak memory in MiB. */
export async function measure(command, { runs = 7, status = 0, stdout } = {}) {
  const samples = [];
  for (let i = 0; i < runs + 1; i++) samples.push(await once(command, status, stdout));
  // The first run reads files that the others find in memory.
  samples.shift();
  return { milliseconds: median(samples.map((sample) => sample.milliseconds)), mebibytes: median(samples.map((sample) => sample.mebibytes)) };
}

async function once(command, status, stdout) {
  const folder = mkdtempSync(join(tmpdir(), "vidimus-bench-"));
  const record = join(folder, "peak");
  const [program, ...args] = hasTime ? [GNU_TIME, "-q", "-f", "%M", "-o", record, ...command] : command;
  try {
    const start = process.hrtime.bigint();
    const ended = await finished(spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] }));
    const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
    if (ended.status !== status || (stdout !== undefined && !stdout.test(ended.stdout))) {
      throw new Error(`${command.join(" ")}: ${ended.status}\n${ended.stdout.slice(-2000)}${ended.stderr.slice(-2000)}`);
    }
    return { milliseconds, mebibytes: hasTime ? Number(readFileSync(record, "utf8").trim().split("\n").at(-1)) / 1024 : undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function finished(child) {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (output[name] += text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, ...output }));
  });
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

/** Prints rows in columns: the first to the left, the others to the right. */
export function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "));
}

/** The cells of a measurement. */
export function cells({ milliseconds, mebibytes }) {
  return [`${milliseconds.toFixed(0)} ms`, mebibytes === undefined ? "" : `${mebibytes.toFixed(0)} MiB`];
}
