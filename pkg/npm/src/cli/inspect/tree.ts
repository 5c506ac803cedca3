import type { InspectionDocument, InspectionNode } from "../../engine/types.js";
import { printable } from "../terminal.js";

/** The tree as text: a line for what something is, lines below it for what it says. */
export function tree({ image, root }: InspectionDocument): string {
  return `${printable(image)}\n${node(root, "  ")}`;
}

function node(found: InspectionNode, indent: string): string {
  const { kind, digest, platform, foundBy, problems = [], children = [] } = found;
  const head = [kind, platform, digest, foundBy === undefined ? undefined : `(${foundBy})`].filter((part) => part !== undefined);
  const within = `${indent}  `;
  const lines = [...details(found), ...problems.map(({ part, code, message }) => `! ${part}: ${message} [${code}]`)];
  const own = lines.map((line) => `${within}${printable(line).replaceAll("\n", " ")}\n`).join("");
  return `${indent}${printable(head.join(" "))}\n${own}${children.map((child) => node(child, within)).join("")}`;
}

function details({ artifactType, signature }: InspectionNode): string[] {
  const lines = artifactType === undefined ? [] : [`artifact type ${artifactType}`];
  if (signature === undefined) return lines;
  const { claims, statement, certificates = [], logEntries = [], timestamps = [], notation } = signature;
  if (claims !== undefined) lines.push(`claims ${claims}`);
  if (statement !== undefined) lines.push(`predicate ${statement.predicateType}`);
  for (const { subject, issuer, names, notBefore, notAfter, extensions } of certificates) {
    lines.push(`certificate ${names.join(", ") || subject}, issued by ${issuer}, valid from ${notBefore} to ${notAfter}`);
    if (extensions["oidcIssuer"] !== undefined) lines.push(`  vouched for by ${extensions["oidcIssuer"]}`);
  }
  for (const entry of logEntries) lines.push(`log entry ${JSON.stringify(entry)}`);
  for (const timestamp of timestamps) lines.push(`timestamp ${JSON.stringify(timestamp)}`);
  if (notation !== undefined) lines.push(`notation ${JSON.stringify(notation)}`);
  return lines;
}
