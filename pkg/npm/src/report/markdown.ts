import type { AnswerDocument } from "../engine/types.js";
import type { Row } from "./model.js";

const MARKS: Record<Row["status"], string> = { pass: "✅", fail: "❌", warn: "⚠️", error: "❗", skip: "➖" };

/** A table in Markdown, for summaries of pipelines and for comments. */
export function markdown(answers: AnswerDocument[], rows: Row[]): string {
  const admitted = answers.filter(({ admission }) => admission.allowed).length;
  const lines = rows.map(
    ({ resource, policy, rule, status, code, message }) =>
      `| ${MARKS[status]} ${status} | ${cell(resource)} | ${cell(`${policy}/${rule}`)} | ${cell(message)} | ${cell(code)} |\n`,
  );
  const head = "| Status | Resource | Policy/rule | Message | Code |\n| --- | --- | --- | --- | --- |\n";
  const summary = `**${admitted} admitted, ${answers.length - admitted} denied**\n`;
  return rows.length === 0 ? `${summary}\nNo rule applies.\n` : `${summary}\n${head}${lines.join("")}`;
}

/** Text from outside has no markup: everything that Markdown or HTML reads is escaped. */
function cell(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_{}[\]()#+!|~@]|:\/\//g, (found) => `&#${found.charCodeAt(0)};${found.slice(1)}`)
    .replace(/[\r\n]+/g, "<br>")
    .replace(/[\u0000-\u001f\u007f]/g, "\uFFFD");
}
