import type { AnswerDocument } from "../../engine/types.js";
import { table, trees } from "./table.js";

/** How results are printed. */
export type OutputFormat = "json" | "table" | "yaml";

/** The answers as text. */
export async function print(format: OutputFormat, answers: AnswerDocument[], explain: boolean): Promise<string> {
  return format === "table" ? table(answers) + (explain ? trees(answers) : "") : serialise(format, answers);
}

/** A document as JSON or YAML. */
export async function serialise(format: "json" | "yaml", document: unknown): Promise<string> {
  if (format === "json") return `${JSON.stringify(document, undefined, 2)}\n`;
  // Loaded where it is used: the other formats start sooner without it.
  const { stringify } = await import("yaml");
  return stringify(document, { aliasDuplicateObjects: false });
}
