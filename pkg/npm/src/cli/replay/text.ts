import type { Difference } from "../../evidence/difference.js";
import type { Replay } from "../../evidence/replay.js";
import type { ValidUntil } from "../../evidence/valid-until.js";
import { trees } from "../apply/table.js";
import { printable } from "../terminal.js";
import type { ReplayedFile } from "./command.js";

/** What evidence is good for. */
export const PROVES = "presence, not absence and not freshness";

/** Units of an age, in seconds, with the age from which each is used. */
const UNITS: [number, string][] = [
  [86_400, "days"],
  [3_600, "hours"],
  [60, "minutes"],
  [1, "seconds"],
];

/** What came of a file, in lines. */
export function report(replayed: ReplayedFile, reference: string, explain: boolean): string {
  const { file, capturedAt, corrupt, replays } = replayed;
  const altered = corrupt.map(({ digest, actual }) => `✗ altered blob ${digest}: its bytes are ${actual}\n`);
  const lines = replays.map((one) => verdictLines(one) + (explain ? trees([one.answer]) : ""));
  const same = replays.filter((one) => one.same).length;
  const end = `${same} of ${replays.length} verdicts as recorded; the evidence proves ${PROVES}\n`;
  return `${printable(file)}: ${age(capturedAt, reference)}\n${printable(altered.join(""))}${lines.join("")}${end}`;
}

function verdictLines({ now, same, differences, answer, validUntil }: Replay): string {
  const { metadata, kind } = (answer.resource ?? {}) as { kind?: string; metadata?: { name?: string; namespace?: string } };
  const resource = [metadata?.namespace, kind, metadata?.name].filter((part) => part !== undefined).join("/");
  const verdict = answer.admission.allowed ? "admitted" : "denied";
  const line = `${same ? "✓" : "✗"} ${resource || "object"}: ${verdict} as of ${now}${same ? ", as recorded" : ""}\n`;
  return printable(line + differences.map(changed("recorded", "found")).join("") + (validUntil === undefined ? "" : until(validUntil)));
}

function changed(before: string, after: string) {
  return ({ what, recorded, found }: Difference) => `    ${what}: ${before} ${shown(recorded)}, ${after} ${shown(found)}\n`;
}

function until({ until, because, changes, examined, searchedUntil, computesWithTime }: ValidUntil): string {
  const between = computesWithTime ? "; a condition computes with time, so that it may differ between the examined times" : "";
  if (until === null) return `    holds at each of ${examined} times until ${searchedUntil}${between}\n`;
  return `    holds until ${until}: ${because.join("; ")}${between}\n${changes.map(changed("until then", "afterwards")).join("")}`;
}

/** One line of a value. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  return (text.length > 300 ? `${text.slice(0, 300)}...` : text).replaceAll("\n", "\\n");
}

/** Seconds from the capture to a time; null: the document does not say when it was captured. */
export function ageInSeconds(capturedAt: string | null, reference: string): number | null {
  const seconds = Math.round((Date.parse(reference) - Date.parse(capturedAt ?? "")) / 1000);
  return Number.isNaN(seconds) ? null : seconds;
}

function age(capturedAt: string | null, reference: string): string {
  const seconds = ageInSeconds(capturedAt, reference);
  if (seconds === null) return "it does not say when it was captured";
  const [length, unit] = UNITS.find(([size]) => Math.abs(seconds) >= 2 * size) ?? [1, "seconds"];
  const count = Math.floor(Math.abs(seconds) / length);
  return `captured ${capturedAt}, ${count} ${unit} ${seconds < 0 ? "after the time of this evaluation" : "old"}`;
}
