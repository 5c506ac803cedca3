import { carriedBy } from "../../preflight/carried.js";
import type { Advice, Edit, Preflight } from "../../preflight/model.js";
import { printable } from "../terminal.js";

/** The verdict, what the image carries, and for each attestor that fails why, and what would let it pass. */
export function text(found: Preflight): string {
  return `${printable(found.image)}: ${verdict(found)}\n${carries(found)}${found.advice.map(advice).join("")}`;
}

function verdict({ isAdmitted, isConcerned }: Preflight): string {
  if (!isConcerned) return isAdmitted ? "admitted, and not verified: no rule concerns it" : "not admitted, by rules that verify no image";
  return isAdmitted ? "admitted" : "not admitted";
}

function carries({ carries: inspection }: Preflight): string {
  const { kinds, identities, predicateTypes } = carriedBy(inspection);
  const lines = [
    `carries ${kinds.join(", ")}`,
    ...identities.map(({ subject, issuer }) => `a certificate for ${subject} by ${issuer}, not verified`),
    ...predicateTypes.map((type) => `an attestation of ${type}, not verified`),
  ];
  return lines.map((line) => `  ${printable(line)}\n`).join("");
}

function advice({ policy, rule, attestor, code, found, meaning, fix, edits }: Advice): string {
  const head = `${policy}/${rule} ${attestor}`.trimEnd();
  const tried = edits.map((set) => `  with this edit the rule passes:\n${set.map(edit).join("")}    ${caution(set)}\n`);
  const lines = [`${meaning} [${code}]`, ...(found === "" ? [] : [found]), fix].map((line) => `  ${printable(line)}\n`);
  return `\n${printable(head)}\n${lines.join("")}${tried.join("")}`;
}

function edit({ source, path, before, after }: Edit): string {
  const line = (mark: string, value: unknown) => (value === null ? "" : `      ${mark} ${printable(JSON.stringify(value))}\n`);
  return `    ${printable(`${source}: ${path}`)}\n${line("-", before)}${line("+", after)}`;
}

function caution(set: Edit[]): string {
  const [first] = set;
  return printable(first === undefined ? "" : `${first.why}; ${first.caution}`);
}
