import { countsOf, grouped, type Row } from "./model.js";

/** The two groups that define the kinds: that of Kubernetes' policy working group, and its successor. */
export type ReportGroup = "openreports.io/v1alpha1" | "wgpolicyk8s.io/v1alpha2";

const MANAGED_BY = { "app.kubernetes.io/managed-by": "vidimus" };

/**
 * A report for each object: `PolicyReport` for what is in a namespace, `ClusterPolicyReport` for what is not (`Report` and
 * `ClusterReport` in `openreports.io`). `time`: of the evaluation, RFC 3339.
 *
 * Source: Kyverno `pkg/utils/report/results.go`, `api/policyreport/v1alpha2`; openreports `apis/openreports.io/v1alpha1`.
 */
export function policyReports(rows: Row[], group: ReportGroup, time: string): object[] {
  const seconds = Math.floor(Date.parse(time) / 1000);
  const keyOf = ({ object }: Row) => [object.apiVersion, object.kind, object.namespace, object.name].join("\n");
  return grouped(rows, keyOf).map((own) => report(own, group, seconds));
}

function report(rows: Row[], group: ReportGroup, seconds: number): object {
  const { apiVersion = "", kind = "", namespace = "", name = "" } = rows[0]?.object ?? {};
  const isOpen = group === "openreports.io/v1alpha1";
  const short = isOpen ? "Report" : "PolicyReport";
  const within = namespace === "" ? {} : { namespace };
  return {
    apiVersion: group,
    kind: namespace === "" ? `Cluster${short}` : short,
    metadata: { name: reportName(kind, name), ...within, labels: MANAGED_BY },
    ...(isOpen && { source: "vidimus" }),
    scope: { apiVersion, kind, name, ...within },
    summary: countsOf(rows),
    results: rows.map((row) => result(row, seconds)),
  };
}

function result(row: Row, seconds: number): object {
  const { policy, rule, status, code, image, properties, about } = row;
  return {
    policy,
    rule,
    result: status,
    message: messageOf(row),
    source: "vidimus",
    scored: about.scored,
    ...(about.category !== undefined && { category: about.category }),
    ...(about.severity !== undefined && { severity: about.severity }),
    timestamp: { seconds, nanos: 0 },
    properties: { ...properties, code, ...(image !== null && { image }) },
  };
}

/** `passMessage` and its like among the report properties of a rule replace its own words, as in Kyverno. */
function messageOf({ status, message, properties }: Row): string {
  return properties[`${status}Message`] || message;
}

/** Names of objects are DNS subdomains (RFC 1123) of at most 253 characters. */
function reportName(kind: string, name: string): string {
  const labels = `${kind}-${name}`.toLowerCase().slice(0, 253).replace(/[^a-z0-9.-]/g, "-").split(".");
  return labels.map((label) => label.replace(/^-+|-+$/g, "")).filter((label) => label !== "").join(".") || "report";
}
