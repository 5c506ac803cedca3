import { version } from "../engine/policy-set.js";
import type { AnswerDocument, SourceDocument } from "../engine/types.js";
import { aboutPolicies } from "./about.js";
import { rowsOf, type ReportFormat } from "./model.js";
import { yaml } from "./yaml.js";

/** Options of {@link report}. */
export interface ReportOptions {
  /** The policies of the answers: categories, severities and descriptions are taken from them. */
  policies?: SourceDocument[];
  /** Time of the evaluation, RFC 3339; the present unless given. Policy reports carry it. */
  time?: string;
}

/** Formats that hold what policies say of themselves. */
const SAYING_MORE = new Set<ReportFormat>(["openreports", "policyreport", "sarif"]);

/**
 * Answers as a document for others to read. What the text of a format means to its readers is escaped: a registry's words
 * become no markup, no command and no element.
 *
 * | format | what |
 * | --- | --- |
 * | `json`, `yaml` | the answers, whole |
 * | `policyreport` | `wgpolicyk8s.io/v1alpha2`, one document an object, in YAML |
 * | `openreports` | `openreports.io/v1alpha1`, the same |
 * | `sarif` | SARIF 2.1.0, at the places in the policy files |
 * | `junit` | a suite an object |
 * | `markdown` | a table |
 * | `github` | annotations of GitHub workflows, for what fails |
 */
export async function report(answers: AnswerDocument[], format: ReportFormat, options: ReportOptions = {}): Promise<string> {
  if (format === "json") return `${JSON.stringify(answers, undefined, 2)}\n`;
  if (format === "yaml") return yaml([answers]);
  const rows = rowsOf(answers, SAYING_MORE.has(format) ? await aboutPolicies(options.policies ?? []) : undefined);
  // Each writer is loaded where it is used: a table starts sooner without them.
  switch (format) {
    case "policyreport":
    case "openreports": {
      const { policyReports } = await import("./policy-report.js");
      const group = format === "openreports" ? "openreports.io/v1alpha1" : "wgpolicyk8s.io/v1alpha2";
      return yaml(policyReports(rows, group, options.time ?? new Date().toISOString()));
    }
    case "sarif": {
      const [{ sarif }, { findingsOf, rulesOf }] = await Promise.all([import("./sarif.js"), import("./findings.js")]);
      return sarif(findingsOf(rows), rulesOf(rows), await version());
    }
    case "github": {
      const [{ github }, { findingsOf }] = await Promise.all([import("./github.js"), import("./findings.js")]);
      return github(findingsOf(rows));
    }
    case "junit":
      return (await import("./junit-results.js")).junit(rows);
    case "markdown":
      return (await import("./markdown.js")).markdown(answers, rows);
  }
}
