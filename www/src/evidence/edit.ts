import type { EvidenceDocument } from "vidimus";
import { fromBase64, sha256, toBase64 } from "./blob.js";

/** The evidence with other bytes under the same digest, as a registry would have it that delivers something else. */
export function withBytes(evidence: EvidenceDocument, digest: string, bytes: Uint8Array): EvidenceDocument {
  return { ...evidence, blobs: { ...evidence.blobs, [digest]: toBase64(bytes) } };
}

/**
 * The evidence with other bytes, and with everything that names them made to fit: digests and sizes in manifests, tags and
 * referrers. So somebody would do it who can write to the registry, but cannot sign.
 */
export async function refitted(evidence: EvidenceDocument, digest: string, bytes: Uint8Array<ArrayBuffer>): Promise<EvidenceDocument> {
  const blobs = { ...evidence.blobs };
  const renamed = new Map<string, string>();
  const queue: [string, Uint8Array<ArrayBuffer>][] = [[digest, bytes]];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [old, content] = next;
    const fresh = await sha256(content);
    if (fresh === old) continue;
    const before = fromBase64(blobs[old] ?? "").length;
    delete blobs[old];
    blobs[fresh] = toBase64(content);
    renamed.set(old, fresh);
    for (const [name, text] of Object.entries(blobs)) {
      const parent = refit(fromBase64(text), old, fresh, before, content.length);
      if (parent !== undefined) queue.push([name, parent]);
    }
  }
  const rest = JSON.stringify({ ...evidence, blobs: {} });
  const named = [...renamed].reduce((text, [old, fresh]) => text.replaceAll(old, fresh).replaceAll(old.replace(":", "-"), fresh.replace(":", "-")), rest);
  return { ...(JSON.parse(named) as EvidenceDocument), blobs };
}

/** A manifest that names the old digest, with the new one and its size. */
function refit(bytes: Uint8Array, old: string, fresh: string, before: number, after: number): Uint8Array<ArrayBuffer> | undefined {
  const text = new TextDecoder().decode(bytes);
  if (!text.includes(old) || !/"(?:layers|manifests|config|subject)"/.test(text)) return undefined;
  const sized = text.replace(new RegExp(`\\{[^{}]*"digest":\\s*"${old}"[^{}]*(?:\\{[^{}]*\\}[^{}]*)*\\}`, "g"), (descriptor) =>
    descriptor.replace(new RegExp(`("size":\\s*)${before}\\b`), `$1${after}`));
  return new TextEncoder().encode(sized.replaceAll(old, fresh));
}
