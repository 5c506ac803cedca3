import { VidimusError } from "../engine/error.js";
import type { LayoutFiles } from "./layout.js";

/** The largest archive that is read, in bytes: it is held in memory. */
export const MAX_TAR = 512 << 20;

/** The files of a tar archive (not compressed), with names of any length. It is unpacked when the first one is read. */
export function tarFiles(bytes: Uint8Array): LayoutFiles {
  let unpacked: Promise<Map<string, Uint8Array>> | undefined;
  return {
    async read(path, maxBytes) {
      unpacked ??= unpack(bytes);
      return (await unpacked).get(path)?.subarray(0, maxBytes + 1);
    },
  };
}

/** A damaged archive is refused whole: a file that it lost would look like one that never was. */
async function unpack(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  if (bytes.byteLength > MAX_TAR) throw new VidimusError("artifact-source", `tar archive larger than ${MAX_TAR} bytes`);
  const { unpackTar } = await import("modern-tar");
  const files = new Map<string, Uint8Array>();
  try {
    for (const { header, data } of await unpackTar(bytes, { strict: true })) {
      if (data !== undefined) files.set(header.name.replace(/^(\.\/)+/, ""), data);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VidimusError("artifact-source", `not a whole tar archive: ${reason}`);
  }
  return files;
}
