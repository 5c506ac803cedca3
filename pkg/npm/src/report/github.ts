import type { Finding } from "./finding.js";

/**
 * Findings as annotations of GitHub workflows: one command a problem, at its place.
 *
 * Source: GitHub's documentation "Workflow commands for GitHub Actions"; the escapes are those of `@actions/core`.
 */
export function github(findings: Finding[]): string {
  return findings.filter(({ level }) => level === "error" || level === "warning").map(annotation).join("");
}

function annotation({ level, rule, source, line, column, subject, message }: Finding): string {
  const place = `file=${property(source)},line=${line},col=${column},title=${property(rule)}`;
  return `::${level} ${place}::${data(subject === undefined ? message : `${subject}: ${message}`)}\n`;
}

function data(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
