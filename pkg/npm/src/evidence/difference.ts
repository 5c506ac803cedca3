import type { VerdictDocument } from "../engine/documents.js";

/** One point in which two verdicts differ. */
export interface Difference {
  what: string;
  recorded: unknown;
  found: unknown;
}

type Result = VerdictDocument["results"][number];

/**
 * Where two verdicts differ. Without `messages` only what was decided counts: messages name the time of the evaluation, so
 * that they differ from one time to the next.
 */
export function differences(recorded: VerdictDocument, found: VerdictDocument, messages: boolean): Difference[] {
  const admission = ["allowed", ...(messages ? (["message", "warnings"] as const) : [])] as ("allowed" | "message" | "warnings")[];
  return [
    ...admission.map((field) => ({ what: `admission.${field}`, recorded: recorded.admission[field], found: found.admission[field] })),
    ...resultDifferences(recorded.results, found.results, messages ? ["status", "code", "message"] : ["status", "code"]),
    ...imageDifferences(recorded, found),
    { what: "patches", recorded: recorded.patches, found: found.patches },
    { what: "targets", recorded: recorded.targets ?? [], found: found.targets ?? [] },
  ].filter(({ recorded, found }) => canonical(recorded) !== canonical(found));
}

function resultDifferences(recorded: Result[], found: Result[], fields: ("code" | "message" | "status")[]): Difference[] {
  const [one, other] = [byName(recorded), byName(found)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((name): Difference[] => {
    const [a, b] = [one.get(name), other.get(name)];
    if (a === undefined || b === undefined) return [{ what: name, recorded: a?.status ?? null, found: b?.status ?? null }];
    return fields.map((field) => ({ what: `${name} ${field}`, recorded: a[field], found: b[field] }));
  });
}

/** The results by what they are about; several about one thing are numbered. */
function byName(results: Result[]): Map<string, Result> {
  const named = new Map<string, Result>();
  for (const result of results) {
    const { policy, rule, phase, image, resource } = result;
    const parts = [`${policy}/${rule}`, phase, `${resource.kind}/${resource.name}`, image].filter((part) => part !== null);
    const name = parts.join(" ");
    let key = name;
    for (let number = 2; named.has(key); number++) key = `${name} (${number})`;
    named.set(key, result);
  }
  return named;
}

function imageDifferences(recorded: VerdictDocument, found: VerdictDocument): Difference[] {
  const of = ({ images }: VerdictDocument) => new Map(images.map(({ pointer, digest, outcome }) => [pointer, { digest, outcome }]));
  const [one, other] = [of(recorded), of(found)];
  return [...new Set([...one.keys(), ...other.keys()])].map((pointer) => ({
    what: `image ${pointer}`,
    recorded: one.get(pointer) ?? null,
    found: other.get(pointer) ?? null,
  }));
}

/** JSON that is equal where the values are, in whatever order their fields were written. */
function canonical(value: unknown): string {
  const sorted = (_: string, field: unknown) =>
    typeof field === "object" && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field;
  return JSON.stringify(value, sorted) ?? "undefined";
}
