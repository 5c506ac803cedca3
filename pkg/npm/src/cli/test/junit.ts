import type { RowDocument } from "../../engine/types.js";
import type { TestOptions } from "./options.js";
import type { TestOutcome } from "./run.js";
import { isSkipped, selected } from "./summary.js";

/** One `testsuite` a test, one `testcase` a row; the order of attributes and elements is that of the usual schema. */
export function junit(outcomes: TestOutcome[], { failOnly }: TestOptions): string {
  const suites = selected(outcomes, failOnly);
  const body = suites.map(suite).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="vidimus test" ${counts(suites.flatMap(cases))}>\n${body}</testsuites>\n`;
}

/** A test that could not be loaded is one case with an error. */
type Case = { classname: string; name: string; row?: RowDocument; error?: string };

function cases({ test, rows, diagnostics }: TestOutcome): Case[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return [{ classname: test, name: test, error: errors.map(({ message }) => message).join("\n") }];
  return rows.map((row) => {
    const operation = row.operation === undefined ? "" : ` ${row.operation}`;
    return { classname: `${row.policy}${row.rule === "" ? "" : `.${row.rule}`}`, name: `${row.kind} ${row.resource}${operation}`.trim(), row };
  });
}

function suite(outcome: TestOutcome): string {
  const all = cases(outcome);
  const skipped = all.filter(({ row }) => row !== undefined && isSkipped(row)).length;
  return `  <testsuite name="${escape(outcome.test)}" ${counts(all)} skipped="${skipped}">\n${all.map(testCase).join("")}  </testsuite>\n`;
}

function counts(all: Case[]): string {
  const errors = all.filter(isError).length;
  const failures = all.filter(({ row }) => row?.ok === false).length - all.filter((one) => one.row && isError(one)).length;
  return `tests="${all.length}" failures="${failures}" errors="${errors}"`;
}

function isError({ row, error }: Case): boolean {
  return error !== undefined || (row?.ok === false && row.actual === "error");
}

function testCase(one: Case): string {
  const { classname, name, row, error } = one;
  const element = (tag: string, message: string, text: string) =>
    `      <${tag} message="${escape(message)}"${tag === "skipped" ? "" : ` type="${escape(row?.code ?? "input")}"`}>${escape(text)}</${tag}>\n`;
  let content = "";
  if (error !== undefined) content = element("error", "the test could not be loaded", error);
  else if (row && !row.ok) content = element(isError(one) ? "error" : "failure", row.reason, row.message);
  else if (row && isSkipped(row)) content = `      <skipped message="${escape(row.reason)}"/>\n`;
  const head = `    <testcase name="${escape(name)}" classname="${escape(classname)}"`;
  return content === "" ? `${head}/>\n` : `${head}>\n${content}    </testcase>\n`;
}

/** XML 1.0 has no place for most control characters, not even as references. */
function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"\t\n\r]/g, (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[character] ?? `&#${character.charCodeAt(0)};`);
}
