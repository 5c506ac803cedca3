import type { EvidenceDocument, FailureDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";
import type { RequestDocument } from "../engine/types.js";
import { repositoryOf } from "../source/source.js";

/** An evidence document, and what messages call it. */
export interface NamedEvidence {
  name: string;
  document: EvidenceDocument;
}

const MAPS = ["tags", "referrers", "blobs", "logEntries", "revocation"] as const;
/** Fields that documents without such content do not have. */
const LATER: readonly string[] = ["logEntries", "revocation"];
const RECORDS = ["trustRoot", "policies", "exceptions"] as const;

/**
 * The documents as one; what several of them say is in it once.
 *
 * The questions and verdicts are kept where all were judged by the same policies, exceptions and trust root, else left
 * out. Throws where two documents contradict each other: a verdict of one might not follow from the two together.
 */
export function mergeEvidence(documents: NamedEvidence[]): EvidenceDocument {
  const merged: EvidenceDocument = { schema: "vidimus.evidence/v1" };
  for (const map of MAPS) {
    const entries = mergeMaps(map, documents);
    if (!LATER.includes(map) || Object.keys(entries).length > 0) Object.assign(merged, { [map]: entries });
  }
  merged.objects = mergeObjects(documents);
  merged.failures = unique(documents.flatMap(({ document }) => document.failures ?? []));
  merged.failures.forEach((failure) => refuseAnswered(failure, merged));
  const times = documents.flatMap(({ document }) => document.capturedAt ?? []);
  // The oldest: nothing in the file is said to be fresher than it is.
  const oldest = times.sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  return { ...merged, ...(oldest === undefined ? {} : { capturedAt: oldest }), ...mergeRecords(documents) };
}

/** Whether the documents hold verdicts that one file can hold too. */
export function areJudgedAlike(documents: NamedEvidence[]): boolean {
  const keys = documents.map(({ document }) => JSON.stringify(RECORDS.map((record) => document[record])));
  return documents.every(({ document }) => document.verdict !== undefined) && new Set(keys).size === 1;
}

function mergeRecords(documents: NamedEvidence[]): Partial<EvidenceDocument> {
  const [first] = documents;
  if (first === undefined || !areJudgedAlike(documents)) return {};
  const { trustRoot, policies, exceptions } = first.document;
  return {
    ...(trustRoot === undefined ? {} : { trustRoot }),
    ...(policies === undefined ? {} : { policies }),
    ...(exceptions === undefined ? {} : { exceptions }),
    requests: documents.flatMap(({ document }) => document.requests ?? []),
    verdict: documents.flatMap(({ document }) => document.verdict ?? []),
  };
}

function mergeMaps(map: (typeof MAPS)[number], documents: NamedEvidence[]): Record<string, unknown> {
  const merged = new Map<string, { value: unknown; name: string }>();
  for (const { name, document } of documents) {
    for (const [key, value] of Object.entries(document[map] ?? {})) {
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { value, name });
      else if (JSON.stringify(known.value) !== JSON.stringify(value)) contradict(known.name, name, `${map} ${key}`);
    }
  }
  return Object.fromEntries([...merged].map(([key, { value }]) => [key, value]));
}

function mergeObjects(documents: NamedEvidence[]): unknown[] {
  const merged = new Map<string, { object: unknown; name: string }>();
  for (const { name, document } of documents) {
    for (const object of document.objects ?? []) {
      const key = identity(object) ?? JSON.stringify(object);
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { object, name });
      else if (JSON.stringify(known.object) !== JSON.stringify(object)) contradict(known.name, name, `the object ${key}`);
    }
  }
  return [...merged.values()].map(({ object }) => object);
}

/** What names a Kubernetes object; undefined: it has no name. */
function identity(object: unknown): string | undefined {
  const { apiVersion, kind, metadata } = (object ?? {}) as {
    apiVersion?: string;
    kind?: string;
    metadata?: { name?: string; namespace?: string };
  };
  return metadata?.name && `${apiVersion} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

/** Of a request that failed once and was answered later only the answer would count. */
function refuseAnswered(failure: FailureDocument, { tags, referrers, blobs }: EvidenceDocument): void {
  const key = answerKey(failure);
  const answers = failure.kind === "referrers" ? referrers : failure.tag === undefined ? blobs : tags;
  if (key === undefined || answers?.[key] === undefined) return;
  throw new VidimusError("input", `the evidence contradicts itself: ${key} is there, and the request for it failed: ${failure.error}`);
}

function answerKey(request: RequestDocument): string | undefined {
  const repository = repositoryOf({ ...request, askedBy: [] });
  if (request.kind === "referrers") return `${repository}@${request.digest}`;
  if (request.kind === "manifest" && request.tag !== undefined) return `${repository}:${request.tag}`;
  return request.kind === "manifest" || request.kind === "blob" ? request.digest : undefined;
}

function contradict(one: string, other: string, what: string): never {
  throw new VidimusError("input", `${one} and ${other} contradict each other about ${what}: keep them apart`);
}

function unique<T>(items: T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
