import { writeFile } from "node:fs/promises";
import type { EvidenceDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";

/** Writes one evidence document of everything that the verdicts used. */
export async function writeEvidence(option: string, path: string, used: EvidenceDocument[]): Promise<void> {
  const document = { ...merge(used), capturedAt: new Date().toISOString() };
  try {
    await writeFile(path, `${JSON.stringify(document, undefined, 2)}\n`);
  } catch (error) {
    throw new VidimusError("bad-call", `${option} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The documents as one; what several of them say is in it once. */
export function merge(documents: EvidenceDocument[]): EvidenceDocument {
  const all = (list: "failures" | "objects") =>
    [...new Set(documents.flatMap((document) => document[list] ?? []).map((item) => JSON.stringify(item)))].map((text) => JSON.parse(text));
  const fields = (map: "tags" | "referrers" | "blobs") => Object.assign({}, ...documents.map((document) => document[map]));
  return {
    schema: "vidimus.evidence/v1",
    tags: fields("tags"),
    referrers: fields("referrers"),
    blobs: fields("blobs"),
    objects: all("objects"),
    failures: all("failures"),
  };
}
