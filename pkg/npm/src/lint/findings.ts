import type { FindingDocument } from "../engine/types.js";
import type { Finding, FindingRule } from "../report/finding.js";
import { LINT_RULES } from "./rules.js";

/** What linting found, as the writers of reports take it. */
export function findingsOf(found: FindingDocument[]): Finding[] {
  return found.map(({ code, severity, message, advice, source, line, column, policy, rule }) => ({
    rule: code,
    level: severity === "info" ? "note" : severity,
    message: advice === "" ? message : `${message}: ${advice}`,
    source,
    line,
    column,
    fingerprint: [code, policy, rule ?? "", message].join("|"),
    properties: { policy, ...(rule !== null && { rule }) },
  }));
}

/** The rules that found something. */
export function rulesOf(found: FindingDocument[]): FindingRule[] {
  const codes = new Set(found.map(({ code }) => code));
  return LINT_RULES.filter(({ code }) => codes.has(code)).map(({ code, explanation }) => ({
    id: code,
    name: code,
    description: explanation,
    help: explanation,
    tags: ["policy"],
  }));
}
