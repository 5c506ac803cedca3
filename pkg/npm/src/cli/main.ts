#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { VidimusError } from "../engine/error.js";
import { COMMANDS, type Command } from "./commands.js";
import { printDiagnostics } from "./diagnostics.js";
import { Exit } from "./exit.js";

const WIDTH = Math.max(...COMMANDS.map(({ name }) => name.length));
const HELP = `vidimus: Kyverno image-verification policies, evaluated anywhere

usage: vidimus COMMAND [OPTIONS]

commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(WIDTH)}  ${summary}`).join("\n")}

options:
  -h, --help       this text, or that of a command
      --version    the version

exit codes:
  0  everything is admitted; every test is as expected
  1  something is denied; a test is not as expected
  2  the call or an input is wrong; nothing was evaluated
  3  something could not be evaluated, such as a registry that cannot be reached
`;

async function main(args: string[]): Promise<number> {
  const [first, ...rest] = args;
  switch (first) {
    case "--version":
    case "version":
      process.stdout.write(`${version()}\n`);
      return Exit.Admitted;
    case "help":
    case "--help":
    case "-h":
      process.stdout.write(rest[0] === undefined ? HELP : (await command(rest[0]).load()).HELP);
      return Exit.Admitted;
    case undefined:
      process.stderr.write(HELP);
      return Exit.BadInput;
    default:
      return runCommand(await command(first).load(), rest);
  }
}

/** The version of the package, which is that of the engine; without compiling it. */
function version(): string {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  return version;
}

async function runCommand({ HELP: help, run }: Awaited<ReturnType<Command["load"]>>, args: string[]): Promise<number> {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const asked = args.slice(0, end).some((argument) => argument === "--help" || argument === "-h");
  if (!asked) return run(args);
  process.stdout.write(help);
  return Exit.Admitted;
}

function command(name: string): Command {
  const found = COMMANDS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new VidimusError("bad-call", `unknown command \`${name}\`: try vidimus --help`);
  return found;
}

for (const stream of [process.stdout, process.stderr]) stream.on("error", outputFailed);

/** Whoever read the output may have seen enough (`| head -1`): the verdict is worth the same, and so is the exit code. */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") return;
  process.stderr.write(`error: cannot write the output: ${error.message}\n`);
  process.exit(Exit.BadInput);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof VidimusError) {
    if (error.diagnostics.length > 0) printDiagnostics(error.diagnostics);
    else process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = error.code === "needs-unanswered" ? Exit.NotEvaluated : Exit.BadInput;
  } else {
    // A fault of this program, not of its caller.
    process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = Exit.NotEvaluated;
  }
}
