import { parseTar } from "nanotar";
import type { LayoutFiles } from "./layout.js";

/** The largest archive that is read, in bytes: it is held in memory. */
export const MAX_TAR = 512 << 20;

/** The files of a tar archive (not compressed). */
export function tarFiles(bytes: Uint8Array): LayoutFiles {
  const files = new Map<string, Uint8Array>();
  for (const file of parseTar(bytes)) {
    if (file.data !== undefined) files.set(file.name.replace(/^\.\//, ""), file.data);
  }
  return { read: async (path, maxBytes) => files.get(path)?.subarray(0, maxBytes + 1) };
}
