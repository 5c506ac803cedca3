import { currentEvidence } from "./evaluate.js";
import { momentsIn } from "vidimus";

/** A time that the evidence names. */
export interface Moment {
  /** RFC 3339. */
  time: string;
  /** What names it, the most telling one. */
  name: string;
}

const MOST = 60;

/** The interesting times: windows of certificates, times of logs and timestamps, expiries. */
export function moments(): Moment[] {
  const evidence = currentEvidence();
  if (evidence === undefined) return [];
  const { blobs = {}, trustRoot, capturedAt } = evidence;
  const found = [
    ...Object.entries(blobs).flatMap(([digest, text]) => momentsIn(text, digest.slice(0, 19))),
    ...(trustRoot === undefined ? [] : momentsIn(trustRoot, "trust root")),
    ...(capturedAt === undefined ? [] : [{ time: Date.parse(capturedAt), origin: "captured" }]),
  ];
  const byTime = new Map(found.map(({ time, origin }) => [time, origin]));
  const sorted = [...byTime].sort(([a], [b]) => a - b).slice(0, MOST);
  return sorted.map(([time, name]) => ({ time: new Date(time).toISOString().replace(".000Z", "Z"), name: name.replace(/^(sha256:[0-9a-f]{12})\S*/, "$1…") }));
}
