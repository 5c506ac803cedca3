import type { InspectedCertificate, InspectedSignature, InspectionNode } from "vidimus";
import { h, type Child } from "../dom.js";
import { withDigests } from "../view/digest.js";

/** What a signature says, in words: whom its certificates name, when it was logged, what it claims. */
export function decoded({ signature, problems = [] }: InspectionNode): HTMLElement {
  const faults = problems.map(({ part, message }) => h("p", { class: "words" }, `${part}: ${message}`));
  return h("section", { class: "decoded", "aria-label": "Decoded" },
    h("p", { class: "faint" }, "Decoded, and not verified: the verdict says what of it holds."),
    ...faults, ...(signature === undefined ? [] : details(signature)));
}

function details({ claims, statement, certificates = [], logEntries = [], timestamps = [], notation }: InspectedSignature): Child[] {
  return [
    list("Claims", [["image", claims], ["predicate", statement?.predicateType], ["subjects", statement?.subjects.map(({ name, digest }) => `${name} ${JSON.stringify(digest)}`).join(", ")]]),
    ...certificates.map(certificate),
    ...logEntries.map((entry) => list("Log entry", rows(entry))),
    ...timestamps.map((stamp) => list("Timestamp", rows(stamp))),
    notation !== undefined && list("notation", rows(notation)),
  ];
}

function certificate({ subject, issuer, serial, notBefore, notAfter, names, extensions, key, authority, fingerprint, scts }: InspectedCertificate): Child {
  return list(authority ? "Certificate of an authority" : "Certificate", [
    ["names", names.join(", ")],
    ["subject", subject],
    ["issued by", issuer],
    ["valid", `${notBefore} to ${notAfter}`],
    ...rows(extensions),
    ["key", key],
    ["serial", serial],
    ["fingerprint", fingerprint],
    ["promised to", scts.map(({ logId, time }) => `log ${logId} at ${time}`).join(", ")],
  ]);
}

function list(title: string, rows: [string, string | undefined][]): Child {
  const shown = rows.filter(([, value]) => value !== undefined && value !== "");
  if (shown.length === 0) return null;
  return h("details", { open: title === "Claims" || title === "Certificate" || title === "Log entry" },
    h("summary", {}, title),
    h("dl", {}, ...shown.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, ...withDigests(value ?? ""))])));
}

/** Fields by their names as words: `githubWorkflowRef` is github workflow ref. */
function rows(fields: object): [string, string][] {
  const spaced = (name: string) => name.replace(/([a-z])([A-Z])/g, (_, one: string, two: string) => `${one} ${two.toLowerCase()}`);
  return Object.entries(fields).map(([name, value]: [string, unknown]) => [spaced(name), typeof value === "string" ? value : JSON.stringify(value)]);
}
