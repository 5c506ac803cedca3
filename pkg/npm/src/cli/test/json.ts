import type { TestOptions } from "./options.js";
import type { TestOutcome } from "./run.js";
import { selected, summarise } from "./summary.js";

/** The results as one document. */
export function json(outcomes: TestOutcome[], { failOnly }: TestOptions): string {
  const results = selected(outcomes, failOnly).flatMap(({ test, name, rows }) => rows.map((row) => ({ test, name, ...row })));
  const diagnostics = outcomes.flatMap((outcome) => outcome.diagnostics);
  const found = diagnostics.length === 0 ? {} : { diagnostics };
  return `${JSON.stringify({ results, summary: summarise(outcomes), ...found }, undefined, 2)}\n`;
}
