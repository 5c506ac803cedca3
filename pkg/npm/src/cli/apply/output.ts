import { writeFile } from "node:fs/promises";
import type { AnswerDocument } from "../../engine/types.js";
import type { ReportFormat } from "../../report/model.js";
import type { ReportOptions } from "../../report/report.js";
import { failing } from "../files.js";

/** How results are printed. */
export type OutputFormat = ReportFormat | "table";

/** Writes a report to a file, or prints it. */
export async function printReport(format: ReportFormat, file: string | undefined, answers: AnswerDocument[], options: ReportOptions): Promise<void> {
  const { report } = await import("../../report/report.js");
  const text = await report(answers, format, options);
  if (file === undefined) return void process.stdout.write(text);
  await failing(`--output-file ${file}`, () => writeFile(file, text));
}
