import type { FindingDocument } from "../../engine/types.js";
import { excerpt } from "../diagnostics.js";
import { hasColour, printable } from "../terminal.js";

const COLOURS: Record<FindingDocument["severity"], string> = { error: "31", warning: "33", info: "36" };

/** One line a finding, with the line that it speaks of; then how many there are. A note that says the same is given once. */
export function text(found: FindingDocument[]): string {
  const keyOf = ({ code, message, severity }: FindingDocument, index: number) => (severity === "info" ? `${code} ${message}` : String(index));
  const groups = new Map<string, FindingDocument[]>();
  for (const [index, finding] of found.entries()) {
    const key = keyOf(finding, index);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return `${[...groups.values()].map(line).join("")}${summary(found)}`;
}

function line(same: FindingDocument[]): string {
  const [finding] = same;
  if (finding === undefined) return "";
  const { source, line: row, column, severity, code, message, advice } = finding;
  const shown = hasColour() ? `\u001b[${COLOURS[severity]}m${severity}\u001b[0m` : severity;
  const what = printable(`${message}${advice === "" ? "" : `: ${advice}`}`);
  const others = same.length === 1 ? "" : ` (and in ${same.length - 1} other place${same.length === 2 ? "" : "s"})`;
  return `${printable(source)}:${row}:${column}: ${shown}[${code}]: ${what}${others}\n${excerpt(finding)}`;
}

function summary(found: FindingDocument[]): string {
  const count = (severity: FindingDocument["severity"]) => found.filter((finding) => finding.severity === severity).length;
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  return `${plural(count("error"), "error")}, ${plural(count("warning"), "warning")}, ${plural(count("info"), "note")}\n`;
}
