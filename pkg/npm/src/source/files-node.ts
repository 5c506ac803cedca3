import { open, readFile, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { Artifacts } from "../engine/artifacts.js";
import { VidimusError } from "../engine/error.js";
import { LayoutSource, rootFolder, type LayoutFiles } from "./layout.js";
import { MAX_TAR, tarFiles } from "./tar.js";
import type { ArtifactSource } from "./source.js";

/** Files below a folder, and nothing outside it. */
export function folderFiles(folder: string): LayoutFiles {
  const base = resolve(folder);
  return {
    async read(path, maxBytes) {
      const file = resolve(base, path);
      if (!file.startsWith(base + sep)) return undefined;
      try {
        return await readStart(file, maxBytes + 1);
      } catch (error) {
        if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
        throw error;
      }
    },
  };
}

/** The first `length` bytes of a file. */
async function readStart(path: string, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const size = Math.min((await file.stat()).size, length);
    const { buffer, bytesRead } = await file.read(new Uint8Array(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Opens what `--artifacts` names: an evidence file, an OCI layout (folder or tar), or a layout root.
 *
 * Evidence goes into `artifacts` at once; a layout comes back as a source.
 */
export async function openArtifacts(path: string, artifacts: Artifacts): Promise<ArtifactSource | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) throw new VidimusError("bad-call", `${path}: no such file or folder`);
  if (info.isDirectory()) return layout(path, folderFiles(path));
  if (path.endsWith(".tar")) {
    if (info.size > MAX_TAR) throw new VidimusError("input", `${path}: larger than ${MAX_TAR} bytes`);
    return layout(path, tarFiles(await readFile(path)));
  }
  try {
    artifacts.add(await readFile(path, "utf8"));
  } catch (error) {
    if (!(error instanceof VidimusError)) throw error;
    const diagnostics = error.diagnostics.map((diagnostic) => ({ ...diagnostic, source: path }));
    throw new VidimusError("input", `${path}: ${error.message}`, diagnostics);
  }
  return undefined;
}

/** One layout answers for every repository that is asked about; a root has a folder for each. */
async function layout(path: string, files: LayoutFiles): Promise<ArtifactSource> {
  const single = (await files.read("oci-layout", 1024)) !== undefined;
  return new LayoutSource(path, files, single ? () => "" : rootFolder);
}
