#!/usr/bin/env node
import { VidimusError } from "../engine/error.js";
import { version } from "../engine/policy-set.js";
import { apply, APPLY_HELP } from "./apply.js";
import { printDiagnostics } from "./diagnostics.js";
import { Exit } from "./exit.js";
import { JP_HELP } from "./jp.js";
import { TEST_HELP } from "./test/options.js";

const HELP = `vidimus: Kyverno image-verification policies, evaluated anywhere

usage: vidimus COMMAND [OPTIONS]

commands:
  apply    evaluate policies on resources, with the images' signatures
  test     run the tests of kyverno-test.yaml files
  jp       evaluate JMESPath in Kyverno's dialect

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
  const [command, ...rest] = args;
  switch (command) {
    case "apply":
      return apply(rest);
    case "test":
      // Loaded where it is used: the other commands start sooner without it.
      return (await import("./test/command.js")).test(rest);
    case "jp":
      return (await import("./jp.js")).jp(rest);
    case "--version":
    case "version":
      process.stdout.write(`${await version()}\n`);
      return Exit.Admitted;
    case "help":
    case "--help":
    case "-h":
      process.stdout.write({ apply: APPLY_HELP, jp: JP_HELP, test: TEST_HELP }[rest[0] ?? ""] ?? HELP);
      return Exit.Admitted;
    case undefined:
      process.stderr.write(HELP);
      return Exit.BadInput;
    default:
      throw new VidimusError("bad-call", `unknown command \`${command}\`: try vidimus --help`);
  }
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
