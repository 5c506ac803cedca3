import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BlobCache } from "../registry/distribution.js";

const SHA256 = /^sha256:([0-9a-f]{64})$/;

/**
 * A folder of content by digest: `sha256/` and the hex digits, as in an OCI image layout. A file that does not hash to its
 * name counts as none. Tags and lists of referrers are not kept: what they say changes.
 *
 * A folder that cannot be written to keeps nothing; the call goes on.
 */
export function folderCache(folder: string): BlobCache {
  return {
    async read(digest) {
      const hex = SHA256.exec(digest)?.[1];
      const bytes = hex === undefined ? undefined : await readFile(join(folder, "sha256", hex)).catch(() => undefined);
      return bytes !== undefined && createHash("sha256").update(bytes).digest("hex") === hex ? bytes : undefined;
    },
    async write(digest, bytes) {
      const hex = SHA256.exec(digest)?.[1];
      if (hex === undefined) return;
      // Written beside and renamed: another call never reads half of it.
      const part = join(folder, "sha256", `${hex}.${randomUUID()}`);
      await mkdir(join(folder, "sha256"), { recursive: true })
        .then(() => writeFile(part, bytes))
        .then(() => rename(part, join(folder, "sha256", hex)))
        .catch(() => undefined);
    },
  };
}
