import type { EvidenceDocument } from "../engine/documents.js";

/** A blob whose bytes are not what its digest says. */
export interface CorruptBlob {
  digest: string;
  actual: string;
}

const ALGORITHMS: Record<string, string> = { sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" };

/** Blobs that were altered after they were captured, or that a registry sent so. No verdict rests on them. */
export async function corruptBlobs({ blobs = {} }: EvidenceDocument): Promise<CorruptBlob[]> {
  const corrupt: CorruptBlob[] = [];
  for (const [digest, text] of Object.entries(blobs)) {
    const [algorithm = ""] = digest.split(":");
    if (ALGORITHMS[algorithm] === undefined) continue;
    const actual = await digestOf(algorithm, bytesOf(text));
    if (actual !== digest) corrupt.push({ digest, actual });
  }
  return corrupt;
}

/** The digest of bytes by an algorithm as digests name it. */
export async function digestOf(algorithm: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest(ALGORITHMS[algorithm] ?? algorithm, bytes));
  return `${algorithm}:${[...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The bytes of base64. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
