import { writeFile } from "node:fs/promises";
import { VidimusError } from "../../engine/error.js";
import type { AnswerDocument } from "../../engine/types.js";
import type { ReportFormat } from "../../report/model.js";
import type { ReportOptions } from "../../report/report.js";

/** How results are printed. */
export type OutputFormat = ReportFormat | "table";

/** Writes a report to a file, or prints it. */
export async function printReport(format: ReportFormat, file: string | undefined, answers: AnswerDocument[], options: ReportOptions): Promise<void> {
  const { report } = await import("../../report/report.js");
  const text = await report(answers, format, options);
  if (file === undefined) return void process.stdout.write(text);
  await writeFile(file, text).catch((error: Error) => {
    throw new VidimusError("bad-call", `--output-file ${file}: ${error.message}`);
  });
}

/** A document as JSON or YAML. */
export async function serialise(format: "json" | "yaml", document: unknown): Promise<string> {
  if (format === "json") return `${JSON.stringify(document, undefined, 2)}\n`;
  // Loaded where it is used: the other formats start sooner without it.
  const { stringify } = await import("yaml");
  return stringify(document, { aliasDuplicateObjects: false });
}
