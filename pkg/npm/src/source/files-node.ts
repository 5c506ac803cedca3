import { open, readFile, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { Artifacts } from "../engine/artifacts.js";
import { VidimusError } from "../engine/error.js";
import type { NeedDocument } from "../engine/types.js";
import { LayoutSource, rootFolder, type LayoutFiles } from "./layout.js";
import { MAX_TAR, tarFiles } from "./tar.js";
import { repositoryOf, type ArtifactSource } from "./source.js";

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

/** `REPOSITORY=PATH`: a layout, and the repository that it is of. */
const BOUND = /^([^=/]+\/[^=]+)=(.+)$/;

/**
 * Opens what `--artifacts` names: an evidence file, an OCI layout (folder or tar) with or without the repository that it
 * is of, or a layout root.
 *
 * Evidence goes into `artifacts` at once; a layout comes back as a source.
 */
export async function openArtifacts(argument: string, artifacts: Artifacts): Promise<ArtifactSource | undefined> {
  const whole = await stat(argument).catch(() => undefined);
  const [, repository, path = argument] = (whole === undefined ? BOUND.exec(argument) : undefined) ?? [];
  const info = whole ?? (await stat(path).catch(() => undefined));
  if (info === undefined) throw new VidimusError("bad-call", `${path}: no such file or folder`);
  if (info.isDirectory()) return layout(path, folderFiles(path), repository);
  if (path.endsWith(".tar")) {
    if (info.size > MAX_TAR) throw new VidimusError("input", `${path}: larger than ${MAX_TAR} bytes`);
    return layout(path, tarFiles(await readFile(path)), repository);
  }
  if (repository !== undefined) throw new VidimusError("bad-call", `${argument}: expected an OCI image layout after \`=\``);
  try {
    artifacts.add(await readFile(path, "utf8"));
  } catch (error) {
    if (!(error instanceof VidimusError)) throw error;
    const diagnostics = error.diagnostics.map((diagnostic) => ({ ...diagnostic, source: path }));
    throw new VidimusError("input", `${path}: ${error.message}`, diagnostics);
  }
  return undefined;
}

/** A root has a folder for each repository; a layout alone is of one. */
async function layout(path: string, files: LayoutFiles, repository?: string): Promise<ArtifactSource> {
  const single = (await files.read("oci-layout", 1024)) !== undefined;
  if (!single && repository !== undefined) {
    throw new VidimusError("bad-call", `${path}: no OCI image layout: expected the file oci-layout in it`);
  }
  if (!single) return new LayoutSource(path, files, rootFolder);
  if (repository !== undefined) return new LayoutSource(path, files, (need) => (repositoryOf(need) === repository ? "" : undefined));
  const source: LayoutSource = new LayoutSource(path, files, () => "");
  const saysItself = (await source.index(""))?.isOfOne === false;
  return saysItself ? source : new LayoutSource(path, files, ofTheFirst(path));
}

/**
 * A layout whose tags say nothing of a repository answers for the one that is asked about. To answer for a second one too
 * would pass one image off as another.
 */
function ofTheFirst(path: string): (need: NeedDocument) => string {
  let first: string | undefined;
  return (need) => {
    const repository = repositoryOf(need);
    first ??= repository;
    if (repository === first) return "";
    const asked = `${first} and ${repository} are asked about`;
    throw new VidimusError("bad-call", `${path}: a layout is of one repository, but ${asked}: say which with REPOSITORY=${path}`);
  };
}
