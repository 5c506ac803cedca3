import type { EvidenceDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";

const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/;
/** The one field of a Secret that evidence may hold: the key that signatures are verified with. */
const KEPT = "cosign.pub";

/**
 * Refuses a record that would hold what must stay secret: the data of a Secret, or a private key.
 *
 * Of Secrets that policies read, the engine puts nothing into the evidence but `cosign.pub`. What remains is what the
 * caller gave: the resource itself, values, ConfigMaps.
 */
export function refuseSecrets(document: EvidenceDocument): void {
  const { policies, exceptions, requests, verdict, objects } = document;
  for (const [name, part] of Object.entries({ policies, exceptions, requests, verdict, objects })) walk(part, name);
}

/** An object as evidence may hold it: of a Secret its name and the public key. */
export function withoutSecrets(object: unknown): unknown {
  const { apiVersion, kind, metadata, data } = (object ?? {}) as {
    apiVersion?: string;
    kind?: string;
    metadata?: { name?: string; namespace?: string };
    data?: Record<string, unknown>;
  };
  if (kind !== "Secret") return object;
  const kept = data?.[KEPT] === undefined ? {} : { [KEPT]: data[KEPT] };
  return { apiVersion, kind, metadata: { name: metadata?.name, namespace: metadata?.namespace }, data: kept };
}

function walk(value: unknown, at: string): void {
  if (typeof value === "string") return refuseKey(value, at);
  if (typeof value !== "object" || value === null) return;
  if ("kind" in value && value.kind === "Secret") refuseData(value, at);
  for (const [key, field] of Object.entries(value)) walk(field, Array.isArray(value) ? `${at}[${key}]` : `${at}.${key}`);
}

function refuseKey(text: string, at: string): void {
  if (PRIVATE_KEY.test(text)) throw new VidimusError("bad-call", `${at}: a private key is not kept in evidence: take it out`);
}

function refuseData(secret: object, at: string): void {
  const { data, stringData } = secret as { data?: unknown; stringData?: unknown };
  for (const [field, fields] of Object.entries({ data, stringData })) {
    for (const [key, text] of Object.entries((fields ?? {}) as Record<string, unknown>)) {
      if (key !== KEPT) {
        throw new VidimusError("bad-call", `${at}.${field}.${key}: what a Secret holds is not kept in evidence: evaluate it with vidimus apply`);
      }
      refuseKey(decoded(text), `${at}.${field}.${key}`);
    }
  }
}

function decoded(text: unknown): string {
  try {
    return atob(String(text));
  } catch {
    return String(text);
  }
}
