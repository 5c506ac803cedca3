import type { RowDocument } from "../../engine/types.js";
import { printable } from "../terminal.js";
import type { TestOptions } from "./options.js";
import type { TestOutcome } from "./run.js";
import { isSkipped, selected, summarise } from "./summary.js";

const HEADS = ["ID", "POLICY", "RULE", "RESOURCE", "RESULT", "REASON"];
const RESULT = HEADS.indexOf("RESULT");
const COLOURS: Record<string, string> = { Pass: "32", Fail: "31", Skip: "36" };

/** The cells of a row; `id` counts from 1. */
export function cells(row: RowDocument, id: number): string[] {
  const resource = row.kind === "" ? row.resource : `${row.kind}/${row.resource}`;
  const result = row.ok ? (isSkipped(row) ? "Skip" : "Pass") : "Fail";
  return [String(id), row.policy, row.rule, resource, result, row.reason];
}

/** One table a test, then Kyverno's summary. */
export function table(outcomes: TestOutcome[], options: TestOptions): string {
  const shown = selected(outcomes, options.failOnly);
  return shown.map((outcome) => oneTest(outcome, options)).join("") + closing(outcomes, options);
}

function oneTest({ test, name, rows }: TestOutcome, options: TestOptions): string {
  const lines = rows.map((row, index) => cells(row, index + 1).map((cell) => printable(cell).replaceAll("\n", " ")));
  const widths = HEADS.map((head, column) => Math.max(head.length, ...lines.map((line) => line[column]?.length ?? 0)));
  const paint = (cell: string, column: number) =>
    options.colour && column === RESULT ? `\u001b[${COLOURS[cell.trim()] ?? "0"}m${cell}\u001b[0m` : cell;
  const join = (line: string[]) => line.map((cell, column) => paint(cell.padEnd(widths[column] ?? 0), column)).join("  ").trimEnd();
  const body = rows.map((row, index) => `  ${join(lines[index] ?? [])}\n${details(row, options)}`);
  const head = rows.length === 0 ? "  no results\n" : `  ${join(HEADS)}\n`;
  return `${printable(test)}${name === "" ? "" : ` (${printable(name)})`}\n${head}${body.join("")}\n`;
}

/** What a rule says is shown where it is asked for, and where the result is not as expected. */
function details(row: RowDocument, { detailed }: TestOptions): string {
  if ((row.ok && !detailed) || row.message === "" || row.message === row.reason) return "";
  return `      ${printable(row.message).trimEnd().replaceAll("\n", "\n      ")}\n`;
}

function closing(outcomes: TestOutcome[], { failOnly }: TestOptions): string {
  const { passed, skipped, failed } = summarise(outcomes);
  const good = passed + skipped;
  return failOnly
    ? `Test Summary: ${failed} out of ${good + failed} tests failed\n`
    : `Test Summary: ${good} tests passed and ${failed} tests failed\n`;
}
