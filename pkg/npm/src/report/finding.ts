/** Something at a place of a file, as tools that comment on code show it. */
export interface Finding {
  /** Which rule found it. */
  rule: string;
  level: "error" | "none" | "note" | "warning";
  /** What it is, where it is no problem: `pass`, `notApplicable`. */
  kind?: "fail" | "notApplicable" | "pass";
  message: string;
  source: string;
  line: number;
  column: number;
  /** What it is about, beside the place: a Kubernetes object. */
  subject?: string;
  /** What tells it from others of the same rule in the next run. */
  fingerprint: string;
  properties: Record<string, unknown>;
}

/** A rule, as lists of rules describe it. */
export interface FindingRule {
  id: string;
  name: string;
  description?: string;
  /** What to do, in Markdown. */
  help?: string;
  /** From 0 to 10, as GitHub sorts by it. */
  severity?: string;
  tags: string[];
}
