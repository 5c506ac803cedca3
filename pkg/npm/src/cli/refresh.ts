import { VidimusError } from "../engine/error.js";

/**
 * Sigstore's public-good trust root as it is now, by The Update Framework: its metadata is checked from the root that the
 * package `@sigstore/tuf` carries, and kept in that package's cache.
 */
export async function refreshedTrustRoot(): Promise<string> {
  // Loaded where it is used: it is an optional dependency, and large.
  const tuf = await import("@sigstore/tuf").catch(() => {
    throw new VidimusError("bad-call", "--refresh-trust-root needs the package @sigstore/tuf: npm install @sigstore/tuf");
  });
  try {
    const client = await tuf.initTUF({ retry: 1, timeout: 10_000 });
    return await client.getTarget("trusted_root.json");
  } catch (error) {
    throw new VidimusError("needs-unanswered", `--refresh-trust-root: Sigstore's repository could not be asked: ${reason(error)}`);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
