import type { AnswerDocument, ResultDocument, Step } from "../../engine/types.js";
import type { LoggedRequest } from "../../registry/fetch.js";
import { hasColour, printable } from "../terminal.js";

const COLOURS: Record<string, string> = { pass: "32", fail: "31", error: "35", warn: "33", skip: "36" };

function coloured(status: string): string {
  return hasColour() ? `\u001b[${COLOURS[status] ?? "0"}m${status}\u001b[0m` : status;
}

/** One line a result, then what an admission webhook would say. */
export function table(answers: AnswerDocument[]): string {
  const rows = answers.flatMap((answer) => answer.results.map(row));
  const heads = ["RESOURCE", "POLICY/RULE", "STATUS"];
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: string[], paint = (text: string) => text) =>
    cells.map((cell, column) => (column === 2 ? paint(cell) : cell) + " ".repeat((widths[column] ?? cell.length) - cell.length)).join("  ");
  const body = rows.map((cells) => `${line(cells.slice(0, 3), coloured)}  ${cells[3]}\n`);
  const none = rows.length === 0 ? "no rule applies\n" : "";
  const head = rows.length === 0 ? "" : `${line(heads)}  MESSAGE\n`;
  return head + body.join("") + none + summary(answers);
}

function row({ resource, policy, rule, status, message }: ResultDocument): string[] {
  const name = `${resource.namespace ? `${resource.namespace}/` : ""}${resource.kind}/${resource.name}`;
  return [name, `${policy}/${rule}`, status, message.replaceAll("\n", " ")].map(printable);
}

function summary(answers: AnswerDocument[]): string {
  const admitted = answers.filter((answer) => answer.admission.allowed).length;
  const warnings = answers.flatMap((answer) => answer.admission.warnings).map((warning) => `warning: ${printable(warning)}\n`);
  const count = (status: string) =>
    answers.reduce((sum, answer) => sum + answer.results.filter((result) => result.status === status).length, 0);
  const counts = ["pass", "fail", "warn", "error", "skip"].map((status) => `${count(status)} ${status}`).join(", ");
  return `${warnings.join("")}\n${admitted} admitted, ${answers.length - admitted} denied (${counts})\n`;
}

const MARKS: Record<string, string> = { ok: "✓", failed: "✗", error: "!", skipped: "-", info: "·" };

/** The traces of all answers. */
export function trees(answers: AnswerDocument[]): string {
  return answers.map(reasoning).join("");
}

/** The traces of an answer, one tree an image; a trace that several results share is printed once. */
function reasoning(answer: AnswerDocument): string {
  const seen = new Set<string>();
  let text = "";
  for (const { trace, policy, rule } of answer.results) {
    const key = JSON.stringify(trace);
    if (trace === undefined || seen.has(key)) continue;
    seen.add(key);
    text += `\n${printable(`${policy}/${rule}`)}\n${tree(trace, "  ")}`;
  }
  return text;
}

function tree(step: Step, indent: string): string {
  const compared =
    step.expected === undefined ? "" : `\n${indent}    expected ${inline(step.expected)}\n${indent}    found    ${inline(step.found)}`;
  const line = `${indent}${MARKS[step.outcome] ?? "?"} ${printable(step.message).replaceAll("\n", `\n${indent}  `)} [${step.code}]${compared}\n`;
  return line + (step.steps ?? []).map((child) => tree(child, `${indent}  `)).join("");
}

function inline(value: unknown): string {
  return printable(typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing")).replaceAll("\n", "\\n");
}

/** What registries were asked, and how long it took. */
export function requests(log: readonly LoggedRequest[]): string {
  if (log.length === 0) return "";
  const milliseconds = log.reduce((sum, request) => sum + (request.milliseconds ?? 0), 0);
  const bytes = log.reduce((sum, request) => sum + (request.bytes ?? 0), 0);
  return `\n${log.length} requests to registries, ${bytes} bytes, ${milliseconds} ms in all\n${log.map(requested).join("")}`;
}

function requested({ url, status, bytes, milliseconds, error, attempt }: LoggedRequest): string {
  const outcome = error === undefined ? `${status ?? "-"}` : "!";
  const size = bytes === undefined ? "" : ` ${bytes} bytes`;
  const again = attempt === 0 ? "" : `, attempt ${attempt + 1}`;
  return `  ${outcome} ${printable(url)}${size} ${milliseconds ?? 0} ms${again}${error === undefined ? "" : `: ${printable(error)}`}\n`;
}
