import type { EvidenceDocument, VerdictDocument } from "../engine/documents.js";
import { differences, type Difference } from "./difference.js";
import { bytesOf } from "./integrity.js";
import { momentsIn, type Moment } from "./times.js";

/** Until when a verdict holds, as far as it was searched. */
export interface ValidUntil {
  /** The last time at which the verdict is as it is; null: it changes at no time that was examined. */
  until: string | null;
  /** What ends then: where that time is written, or that a condition computes with time. */
  because: string[];
  /** What is different afterwards. */
  changes: Difference[];
  /** How many times were examined, and the last of them. */
  examined: number;
  searchedUntil: string;
  /** The policies compute with time: between the examined times the verdict may differ and be as before again. */
  computesWithTime: boolean;
}

/** The verdict at a time. */
export type VerdictAt = (now: string) => Promise<VerdictDocument>;

const SECOND = 1000;
const DAY = 86_400 * SECOND;
/** Times that are examined whatever the evidence names, as days from now: conditions that compute with time show there. */
const HORIZON = [1 / 24, 1, 7, 30, 90, 365, 2 * 365, 5 * 365, 10 * 365];
const MOST_TIMES = 1000;
/** The functions of Kyverno's JMESPath that know or compute times. */
const TIME_FUNCTION = /\btime_(?:add|after|before|between|diff|now|now_utc|since|to_cron|truncate|utc)\s*\(/;
const DURATION = /\b(?:\d+(?:\.\d+)?(?:h|m|s))+\b/g;
const UNIT: Record<string, number> = { h: 3600 * SECOND, m: 60 * SECOND, s: SECOND };

/**
 * The earliest time at which the verdict changes.
 *
 * The verdict is asked at every later time that evidence, trust root, policies and question name, in order, and just after
 * each. Between the last that gives the same and the first that does not the change is searched by halving.
 */
export async function validUntil(at: VerdictAt, now: string, document: EvidenceDocument): Promise<ValidUntil> {
  const start = Date.parse(now);
  const computesWithTime = policyTexts(document).some((text) => TIME_FUNCTION.test(text));
  const moments = allMoments(document, computesWithTime).filter(({ time }) => time >= start);
  const times = timesToExamine(moments, start);
  const first = await at(now);
  const changesAt = async (time: number) => differences(first, await at(iso(time)), false);
  let same = start;
  for (const [index, time] of times.entries()) {
    if ((await changesAt(time)).length > 0) {
      const changed = await firstChange(same, time, async (moment) => (await changesAt(moment)).length > 0);
      const because = origins(moments, changed);
      return { ...report(changed, because), changes: await changesAt(changed), examined: index + 1, searchedUntil: iso(changed), computesWithTime };
    }
    same = time;
  }
  return { until: null, because: [], changes: [], examined: times.length, searchedUntil: iso(same), computesWithTime };
}

/** A limit may be part of the time before it or of the time after it: both sides of each are looked at. */
function timesToExamine(moments: Moment[], start: number): number[] {
  const named = moments.flatMap(({ time }) => [time, time + SECOND]);
  const horizon = HORIZON.map((days) => start + days * DAY);
  return [...new Set([...named, ...horizon])].filter((time) => time > start).sort((a, b) => a - b).slice(0, MOST_TIMES);
}

/** The first millisecond of the change between a time before it and one after. */
async function firstChange(before: number, after: number, isChanged: (time: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isChanged(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function report(changed: number, because: Moment[]): Pick<ValidUntil, "because" | "until"> {
  if (because.length === 0) return { until: iso(changed - 1), because: ["a condition that computes with time"] };
  const limit = because[0]?.time ?? changed;
  // Where the change is at the limit itself, the verdict held until just before it.
  const until = limit < changed ? limit : changed - 1;
  return { until: iso(until), because: [...new Set(because.map(({ origin }) => origin))].sort() };
}

/** What names the time of the change: it is the limit itself, or the instant after it. */
function origins(moments: Moment[], changed: number): Moment[] {
  const near = moments.filter(({ time }) => Math.abs(changed - time) <= SECOND);
  const nearest = Math.min(...near.map(({ time }) => Math.abs(changed - time)));
  return near.filter(({ time }) => Math.abs(changed - time) === nearest);
}

function allMoments(document: EvidenceDocument, computesWithTime: boolean): Moment[] {
  const { trustRoot, blobs = {}, objects, logEntries, revocation = {}, requests, policies, exceptions } = document;
  const moments = [
    ...momentsIn(trustRoot, "trust root"),
    ...Object.entries(blobs).flatMap(([digest, text]) => momentsIn(bytesOf(text), `blob ${digest}`)),
    ...momentsIn(objects, "objects"),
    ...momentsIn(logEntries, "log entries"),
    ...Object.entries(revocation).flatMap(([url, text]) => momentsIn(bytesOf(text), `answer of ${url}`)),
    ...momentsIn(requests, "requests").filter(({ origin }) => !origin.endsWith(".options.now")),
    ...[...(policies ?? []), ...(exceptions ?? [])].flatMap(({ name, text }) => momentsIn(text, name)),
  ];
  return computesWithTime ? [...moments, ...shifted(moments, durations(document))] : moments;
}

/** Times as conditions compute them: so long after, or before, a time that is written somewhere. */
function shifted(moments: Moment[], lengths: Map<string, number>): Moment[] {
  return [...lengths].flatMap(([text, length]) =>
    moments.flatMap(({ time, origin }) => [
      { time: time + length, origin: `${origin}, and ${text} after it` },
      { time: time - length, origin: `${origin}, and ${text} before it` },
    ]),
  );
}

function durations(document: EvidenceDocument): Map<string, number> {
  const texts = policyTexts(document).flatMap((text) => text.match(DURATION) ?? []);
  const length = (text: string) =>
    [...text.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT[unit ?? ""] ?? 0), 0);
  return new Map(texts.map((text) => [text, length(text)]));
}

function policyTexts({ policies = [] }: EvidenceDocument): string[] {
  return policies.map(({ text }) => text);
}

/** RFC 3339, without a fraction that is nothing. */
function iso(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}
