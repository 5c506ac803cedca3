import { levelOf, type Row } from "./model.js";
import type { Finding, FindingRule } from "./finding.js";
import { REASONS } from "./reasons.js";

/** What GitHub sorts by (CVSS-like), for severities as Kyverno names them. */
const SECURITY: Record<string, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0", info: "0.0" };

/** Results as findings in the files of their policies. */
export function findingsOf(rows: Row[]): Finding[] {
  return rows.map((row) => {
    const { code, status, image, phase, resource, source, line, column } = row;
    return {
      rule: idOf(row),
      level: levelOf(row),
      kind: status === "pass" ? "pass" : status === "skip" ? "notApplicable" : "fail",
      message: row.message === "" ? status : row.message,
      source,
      line,
      column,
      subject: resource,
      fingerprint: [idOf(row), resource, phase ?? "", image ?? "", code].join("|"),
      properties: { code, status, ...(image !== null && { image }) },
    };
  });
}

/** The rules of the rows, each with what to do about the reasons that it gave. */
export function rulesOf(rows: Row[]): FindingRule[] {
  return [...new Set(rows.map(idOf))].map((id) => {
    const own = rows.filter((row) => idOf(row) === id);
    const { title, category, description, severity } = own[0]?.about ?? {};
    const help = helpFor(own);
    return {
      id,
      name: title === undefined ? id : `${title} (${id})`,
      ...(description !== undefined && { description }),
      ...(help !== "" && { help }),
      ...(severity !== undefined && { severity: SECURITY[severity] ?? "5.5" }),
      tags: category === undefined ? [] : [category],
    };
  });
}

function idOf({ policy, rule }: Row): string {
  return `${policy}/${rule}`;
}

function helpFor(rows: Row[]): string {
  const codes = new Set(rows.filter((row) => ["error", "warning"].includes(levelOf(row))).map(({ code }) => code));
  const known = [...codes].flatMap((code) => {
    const reason = REASONS[code];
    return reason === undefined ? [] : [`- \`${code}\`: ${reason.meaning}. What to do: ${reason.fix}`];
  });
  return known.join("\n");
}
