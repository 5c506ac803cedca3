import { VidimusError, diagnosticsOf, inputError } from "../../engine/error.js";
import { ready } from "../../engine/ready.js";
import { TestSuite } from "../../engine/test-suite.js";
import type { DiagnosticDocument } from "../../engine/types.js";
import { keepTexts, printDiagnostics } from "../diagnostics.js";
import { Exit } from "../exit.js";
import { TestReader, findTests } from "./files.js";
import { json } from "./json.js";
import { junit } from "./junit.js";
import { markdown } from "./markdown.js";
import { parseTest, type TestOptions } from "./options.js";
import { runTest, type TestOutcome } from "./run.js";
import { table } from "./table.js";

export { HELP, SPECIFICATION } from "./options.js";

/** Runs suites; prints results to standard output and everything else to standard error. */
export async function run(args: string[]): Promise<number> {
  const options = parseTest(args);
  try {
    return await runAll(options);
  } catch (error) {
    if (!(error instanceof VidimusError) || options.output !== "json") throw error;
    process.stdout.write(`${JSON.stringify({ diagnostics: diagnosticsOf(error) }, undefined, 2)}\n`);
    return Exit.BadInput;
  }
}

async function runAll(options: TestOptions): Promise<number> {
  refuse(await TestSuite.checkSelector(options.selector));
  const reader = new TestReader();
  const suites = await parseAll(findTests(options.paths, options.fileName), reader);
  if (suites.length === 0) {
    if (options.requireTests) throw new VidimusError("bad-call", `no tests found: no ${options.fileName} in ${options.paths.join(", ")}`);
    process.stderr.write(`no tests: no ${options.fileName} in ${options.paths.join(", ")}\n`);
  }
  const outcomes: TestOutcome[] = [];
  const progress = process.stderr.isTTY === true;
  for (const [index, [path, suite]] of suites.entries()) {
    if (progress) process.stderr.write(`\r\u001b[K${index + 1} of ${suites.length} tests`);
    outcomes.push(await runTest(path, suite, reader, options.selector));
    suite.free();
  }
  if (progress) process.stderr.write("\r\u001b[K");
  printDiagnostics(outcomes.flatMap((outcome) => outcome.diagnostics));
  process.stdout.write({ json, junit, markdown, table }[options.output](outcomes, options));
  return exitOf(outcomes);
}

/** The documents of every test file. One wrong file refuses them all: nothing is left out in silence. */
async function parseAll(paths: string[], reader: TestReader): Promise<[string, TestSuite][]> {
  await ready();
  const suites: [string, TestSuite][] = [];
  for (const path of paths) {
    const text = readTest(path, reader);
    keepTexts([{ name: path, text }]);
    for (const suite of await TestSuite.parse(text, path)) suites.push([path, suite]);
  }
  refuse(suites.flatMap(([, suite]) => suite.diagnostics()));
  return suites;
}

function readTest(path: string, reader: TestReader): string {
  try {
    return reader.text(path);
  } catch (error) {
    throw new VidimusError("bad-call", `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refuse(diagnostics: DiagnosticDocument[]): void {
  if (diagnostics.length > 0) throw inputError(diagnostics);
}

/** A wrong input weighs most, then what could not be evaluated, then what is not as expected. */
function exitOf(outcomes: TestOutcome[]): Exit {
  if (outcomes.some(({ diagnostics }) => diagnostics.some(({ severity }) => severity === "error"))) return Exit.BadInput;
  const failed = outcomes.flatMap(({ rows }) => rows.filter(({ ok }) => !ok));
  if (failed.some(({ actual }) => actual === "error")) return Exit.NotEvaluated;
  return failed.length > 0 ? Exit.Denied : Exit.Admitted;
}
