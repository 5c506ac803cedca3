import { formatDiagnostic } from "../engine/error.js";
import { printable } from "./terminal.js";
import type { DiagnosticDocument, SourceDocument } from "../engine/types.js";

/** The texts that diagnostics point into, by name: for the excerpt. */
const texts = new Map<string, string>();

/** Keeps texts, so that diagnostics about them can show the line. */
export function keepTexts(sources: SourceDocument[]): void {
  for (const { name, text } of sources) texts.set(name, text);
}

/** Prints diagnostics to standard error, each with the line that it speaks of. */
export function printDiagnostics(diagnostics: DiagnosticDocument[]): void {
  for (const diagnostic of diagnostics) {
    process.stderr.write(`${printable(formatDiagnostic(diagnostic))}\n${excerpt(diagnostic)}`);
  }
}

/** The line of a text that was kept, with a mark below the column; empty where there is none. */
export function excerpt({ source, line, column }: Pick<DiagnosticDocument, "column" | "line" | "source">): string {
  const text = texts.get(source ?? "")?.split(/\r?\n/)[(line ?? 0) - 1];
  if (text === undefined || text.trim() === "" || line === undefined) return "";
  const margin = " ".repeat(String(line).length);
  const shown = text.length > 160 ? `${text.slice(0, 160)}...` : text;
  return `  ${line} | ${printable(shown)}\n  ${margin} | ${" ".repeat(Math.max((column ?? 1) - 1, 0))}^\n`;
}
