import type { Finding, FindingRule } from "./finding.js";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/**
 * Findings as a log of SARIF 2.1.0 (OASIS Standard, errata 01): a rule for each that found something, a result for each
 * finding, at its place. Paths are written as they are, relative to where the command was run.
 */
export function sarif(findings: Finding[], rules: FindingRule[], version: string): string {
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const run = {
    tool: { driver: { name: "vidimus", version, rules: rules.map(rule) } },
    columnKind: "unicodeCodePoints",
    results: findings.map((finding) => result(finding, index.get(finding.rule) ?? -1)),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, undefined, 2)}\n`;
}

function rule({ id, name, description, help, severity, tags }: FindingRule): object {
  const properties = { ...(tags.length > 0 && { tags }), ...(severity !== undefined && { "security-severity": severity }) };
  return {
    id,
    name,
    shortDescription: { text: name },
    ...(description !== undefined && { fullDescription: { text: description } }),
    ...(help !== undefined && { help: { text: help.replace(/[`*]/g, ""), markdown: help } }),
    ...(Object.keys(properties).length > 0 && { properties }),
  };
}

/** A result that is no problem is of another kind, and has no level (SARIF 3.27.9, 3.27.10). */
function result(finding: Finding, ruleIndex: number): object {
  const { kind = "fail", level, source, line, column, subject } = finding;
  const physicalLocation = {
    artifactLocation: { uri: uriOf(source) },
    region: { startLine: Math.max(line, 1), startColumn: Math.max(column, 1) },
  };
  return {
    ruleId: finding.rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    kind,
    level: kind === "fail" ? level : "none",
    message: { text: finding.message },
    locations: [{ physicalLocation, ...(subject !== undefined && { logicalLocations: [{ fullyQualifiedName: subject, kind: "resource" }] }) }],
    partialFingerprints: { "vidimus/v1": finding.fingerprint },
    properties: finding.properties,
  };
}

/** A path as a reference: what a URI may not hold is escaped. */
function uriOf(path: string): string {
  const parts = path.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${parts}` : parts;
}
