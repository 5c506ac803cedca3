import type { RowDocument } from "../../engine/types.js";
import { junitXml, type JunitCase } from "../../report/junit.js";
import type { TestOptions } from "./options.js";
import type { TestOutcome } from "./run.js";
import { isSkipped, selected } from "./summary.js";

/** One suite a test, one case a row. */
export function junit(outcomes: TestOutcome[], { failOnly }: TestOptions): string {
  return junitXml("vidimus test", selected(outcomes, failOnly).map((outcome) => ({ name: outcome.test, cases: cases(outcome) })));
}

/** A test that could not be loaded is one case with an error. */
function cases({ test, rows, diagnostics }: TestOutcome): JunitCase[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return rows.map(asCase);
  const text = errors.map(({ message }) => message).join("\n");
  return [{ classname: test, name: test, outcome: { kind: "error", message: "the test could not be loaded", text } }];
}

function asCase(row: RowDocument): JunitCase {
  const operation = row.operation === undefined ? "" : ` ${row.operation}`;
  const classname = `${row.policy}${row.rule === "" ? "" : `.${row.rule}`}`;
  return { classname, name: `${row.kind} ${row.resource}${operation}`.trim(), ...outcome(row) };
}

function outcome(row: RowDocument): Pick<JunitCase, "outcome"> {
  const { ok, actual, reason, message, code } = row;
  if (!ok) return { outcome: { kind: actual === "error" ? "error" : "failure", message: reason, type: code ?? "input", text: message } };
  return isSkipped(row) ? { outcome: { kind: "skipped", message: reason } } : {};
}
