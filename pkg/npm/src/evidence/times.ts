import { bytesOf } from "./integrity.js";

/** A time that something names, in milliseconds since 1970, and what names it. */
export interface Moment {
  time: number;
  origin: string;
}

/** How deep texts within texts are read: envelopes hold payloads that hold certificates. */
const DEPTH = 6;
/** Times in this range are taken for such: 2001 to 2100, as seconds. */
const [EARLIEST, LATEST] = [1_000_000_000, 4_102_444_800];
const RFC_3339 = /\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)/g;
const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]+)-----END/g;
const BASE64 = /^[A-Za-z0-9+/_-]{16,}={0,2}$/;
/** UTCTime and GeneralizedTime as DER writes them (RFC 5280, 4.1.2.5). */
const UTC_TIME = "\\x17\\x0d\\d{12}Z";
const GENERALIZED_TIME = "\\x18\\x0f\\d{14}Z";
/** The validity of a certificate, or one time alone. */
const DER = new RegExp(`\\x30[\\x1e-\\x22](${UTC_TIME}|${GENERALIZED_TIME})(${UTC_TIME}|${GENERALIZED_TIME})|(${UTC_TIME}|${GENERALIZED_TIME})`, "gs");
/** Seconds since 1970, tag 1 (RFC 8949, 3.4.2), in four or eight bytes: COSE envelopes. */
const CBOR = /\xc1(?:\x1a([^]{4})|\x1b\0\0\0\0([^]{4}))/g;

/**
 * Every time that a value names, wherever it is: RFC 3339, seconds since 1970, the times in certificates, timestamps and
 * COSE envelopes, also within base64, PEM and JSON in texts. What only looks like a time is among them.
 */
export function momentsIn(value: unknown, origin: string, depth = 0): Moment[] {
  if (depth > DEPTH) return [];
  if (typeof value === "string") return inText(value, origin, depth);
  if (typeof value === "number") return inNumber(value, origin);
  if (value instanceof Uint8Array) return inBytes(value, origin, depth);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => momentsIn(field, Array.isArray(value) ? `${origin}[${key}]` : `${origin}.${key}`, depth));
}

function inNumber(value: number, origin: string): Moment[] {
  if (!Number.isInteger(value) || value < EARLIEST) return [];
  if (value <= LATEST) return [{ time: value * 1000, origin }];
  return value >= EARLIEST * 1000 && value <= LATEST * 1000 ? [{ time: value, origin }] : [];
}

function inText(text: string, origin: string, depth: number): Moment[] {
  const found = [...text.matchAll(RFC_3339)].map(([time]) => ({ time: Date.parse(time.replace(" ", "T")), origin }));
  for (const [, label = "", body = ""] of text.matchAll(PEM)) {
    found.push(...decoded(body.replace(/\s/g, ""), `${origin}: ${label.toLowerCase()}`, depth));
  }
  if (/^\d{10}$/.test(text)) found.push(...inNumber(Number(text), origin));
  else if (BASE64.test(text)) found.push(...decoded(text, origin, depth));
  else if (/^\s*[[{]/.test(text)) found.push(...inJson(text, origin, depth));
  return found.filter(({ time }) => Number.isFinite(time));
}

function inJson(text: string, origin: string, depth: number): Moment[] {
  try {
    return momentsIn(JSON.parse(text), origin, depth + 1);
  } catch {
    return [];
  }
}

function decoded(text: string, origin: string, depth: number): Moment[] {
  try {
    return momentsIn(bytesOf(text.replace(/-/g, "+").replace(/_/g, "/")), origin, depth + 1);
  } catch {
    return [];
  }
}

function inBytes(bytes: Uint8Array, origin: string, depth: number): Moment[] {
  const text = new TextDecoder("latin1").decode(bytes);
  // What begins as a document is one; anything else may hold times in any of the binary forms.
  if (/^\s*[[{]/.test(text)) return inText(text, origin, depth);
  return [...inText(text, origin, depth), ...inDer(binary(bytes), origin), ...inCbor(binary(bytes), origin)];
}

/** One character for each byte: the platform's `latin1` is windows-1252, which moves some. */
function binary(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

function inDer(text: string, origin: string): Moment[] {
  return [...text.matchAll(DER)].flatMap(([, from, until, alone]) => {
    if (alone !== undefined) return [{ time: derTime(alone), origin }];
    return [
      { time: derTime(from ?? ""), origin: `${origin}: start of a certificate` },
      { time: derTime(until ?? ""), origin: `${origin}: end of a certificate` },
    ];
  });
}

function derTime(field: string): number {
  const digits = field.slice(2, -1);
  // Two digits of the year: 50 to 99 are of the last century (RFC 5280, 4.1.2.5.1).
  const full = digits.length === 14 ? digits : `${Number(digits.slice(0, 2)) < 50 ? "20" : "19"}${digits}`;
  const [, date, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(full) ?? [];
  return Date.parse(`${date}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function inCbor(text: string, origin: string): Moment[] {
  return [...text.matchAll(CBOR)].flatMap(([, short, long]) => {
    const bytes = [...(short ?? long ?? "")].map((character) => character.charCodeAt(0));
    return inNumber(bytes.reduce((sum, byte) => sum * 256 + byte, 0), origin);
  });
}
