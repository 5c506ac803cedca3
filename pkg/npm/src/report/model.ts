import type { AnswerDocument, ResultDocument } from "../engine/types.js";

/** Formats of {@link report}. */
export type ReportFormat = "github" | "json" | "junit" | "markdown" | "openreports" | "policyreport" | "sarif" | "yaml";

/** Every format, in the order in which help lists them. */
export const REPORT_FORMATS = ["json", "yaml", "policyreport", "openreports", "sarif", "junit", "markdown", "github"] as const satisfies readonly ReportFormat[];

/** What a policy says of itself by its annotations. */
export interface PolicyAbout {
  title?: string;
  category?: string;
  description?: string;
  severity?: "critical" | "high" | "info" | "low" | "medium";
  /** Whether its results count (`policies.kyverno.io/scored`). */
  scored: boolean;
}

/** One result, as every report shows it. */
export interface Row {
  policy: string;
  rule: string;
  /** `namespace/Kind/name`, as in tables. */
  resource: string;
  object: ResultDocument["resource"];
  image: string | null;
  phase: ResultDocument["phase"];
  status: ResultDocument["status"];
  code: string;
  message: string;
  /** A failure that denies, as against one that is only told. */
  enforced: boolean;
  source: string;
  line: number;
  column: number;
  properties: Record<string, string>;
  about: PolicyAbout;
}

/** How many results have a status. */
export type Counts = Record<ResultDocument["status"], number>;

/** The results of all answers, in their order. */
export function rowsOf(answers: AnswerDocument[], about: Map<string, PolicyAbout> = new Map()): Row[] {
  return answers.flatMap(({ results }) => results.map((result) => row(result, about.get(result.policy) ?? { scored: true })));
}

function row(result: ResultDocument, about: PolicyAbout): Row {
  const { policy, rule, resource, image, phase, status, code, message, failureAction, location, properties = {} } = result;
  const name = `${resource.namespace ? `${resource.namespace}/` : ""}${resource.kind}/${resource.name}`;
  const place = { source: location.source, line: location.line, column: location.column };
  const enforced = failureAction === "Enforce";
  return { policy, rule, resource: name, object: resource, image, phase, status, code, message, enforced, ...place, properties, about };
}

/** How bad a row is: what denies is an error, what is only told a warning. What could not be evaluated is as bad as a failure. */
export function levelOf({ status, enforced }: Row): "error" | "none" | "note" | "warning" {
  if (status === "pass") return "none";
  if (status === "skip") return "note";
  if (status === "warn") return "warning";
  return enforced ? "error" : "warning";
}

/** Counts rows by status. */
export function countsOf(rows: Row[]): Counts {
  const counts: Counts = { pass: 0, fail: 0, warn: 0, error: 0, skip: 0 };
  for (const { status } of rows) counts[status] += 1;
  return counts;
}

/** Rows by what `key` says of them, in the order of the first of each. */
export function grouped(rows: Row[], key: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return [...groups.values()];
}
