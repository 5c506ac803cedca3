import type { TestOptions } from "./options.js";
import type { TestOutcome } from "./run.js";
import { selected, summarise } from "./summary.js";
import { cells } from "./table.js";

/** One table a test. */
export function markdown(outcomes: TestOutcome[], options: TestOptions): string {
  const heads = ["ID", "POLICY", "RULE", "RESOURCE", "RESULT", "REASON", ...(options.detailed ? ["MESSAGE"] : [])];
  const line = (texts: string[]) => `| ${texts.map(escape).join(" | ")} |\n`;
  const tables = selected(outcomes, options.failOnly).map(({ test, rows }) => {
    const body = rows.map((row, index) => line([...cells(row, index + 1), ...(options.detailed ? [row.message] : [])]));
    return `### ${escape(test)}\n\n${line(heads)}${line(heads.map(() => "---"))}${body.join("")}\n`;
  });
  const { passed, skipped, failed } = summarise(outcomes);
  return `${tables.join("")}${passed + skipped} tests passed and ${failed} tests failed\n`;
}

/** Text that stays one cell, and text: no markup, no line. */
function escape(text: string): string {
  return text.replace(/[\\|`*_<>[\]#&]/g, (character) => (character === "<" ? "&lt;" : character === "&" ? "&amp;" : `\\${character}`)).replace(/\r?\n/g, "<br>");
}
