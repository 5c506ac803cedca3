import type { RowDocument } from "../../engine/types.js";
import type { TestOutcome } from "./run.js";

/** Counts of rows. */
export interface Summary {
  tests: number;
  passed: number;
  failed: number;
  skipped: number;
}

/** Is it neither a success nor a failure: nothing was to be checked, or a skip was expected? */
export function isSkipped(row: RowDocument): boolean {
  return row.ok && (row.code !== "as-expected" || row.expected === "skip");
}

/** Counts the rows of tests. */
export function summarise(outcomes: TestOutcome[]): Summary {
  const rows = outcomes.flatMap((outcome) => outcome.rows);
  const skipped = rows.filter(isSkipped).length;
  const failed = rows.filter(({ ok }) => !ok).length;
  return { tests: outcomes.length, passed: rows.length - skipped - failed, failed, skipped };
}

/** The tests with the rows that are wanted; those without one are left out where only failures are. */
export function selected(outcomes: TestOutcome[], failOnly: boolean): TestOutcome[] {
  if (!failOnly) return outcomes;
  const failures = outcomes.map((outcome) => ({ ...outcome, rows: outcome.rows.filter(({ ok }) => !ok) }));
  return failures.filter(({ rows }) => rows.length > 0);
}
