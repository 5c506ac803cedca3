import type { Artifacts } from "../engine/artifacts.js";
import type { DescriptorDocument } from "../engine/documents.js";
import type { NeedDocument } from "../engine/types.js";
import { repositoryOf, requestOf, type ArtifactSource } from "./source.js";

/** Reads files of a layout; undefined: there is no such file. */
export interface LayoutFiles {
  read(path: string): Promise<Uint8Array | undefined>;
}

interface Index {
  manifests?: DescriptorDocument[];
}

const REF_NAME = "org.opencontainers.image.ref.name";

/**
 * An OCI image layout, for one repository or, as a layout root, for many.
 *
 * A layout is complete: what is neither tag nor referrer there does not exist, and that is an answer too.
 */
export class LayoutSource implements ArtifactSource {
  private readonly indexes = new Map<string, Promise<Index | undefined>>();

  /** `folderOf` tells the folder of a repository within the files; undefined: the layout is not about it. */
  constructor(
    readonly name: string,
    private readonly files: LayoutFiles,
    private readonly folderOf: (need: NeedDocument) => string | undefined,
  ) {}

  async answer(need: NeedDocument, artifacts: Artifacts): Promise<boolean> {
    const folder = need.kind === "object" ? undefined : this.folderOf(need);
    if (folder === undefined) return false;
    const index = await this.index(folder);
    if (index === undefined) return false;
    if (need.kind === "referrers") {
      const descriptors = await this.referrers(folder, index, need.digest ?? "");
      artifacts.addReferrers(repositoryOf(need), need.digest ?? "", { source: "api", descriptors });
      return true;
    }
    const tag = need.tag;
    const digest =
      tag === undefined
        ? need.digest
        : index.manifests?.find((manifest) => manifest.annotations?.[REF_NAME] === tag)?.digest;
    const bytes = digest === undefined ? undefined : await this.blob(folder, digest, need.maxBytes);
    if (digest !== undefined && bytes !== undefined) artifacts.addBlob(digest, bytes);
    if (tag !== undefined) artifacts.addTag(repositoryOf(need), tag, digest ?? null);
    else if (bytes === undefined) {
      artifacts.addFailure(requestOf(need), { status: 404, error: `not in ${this.name}`, transport: false });
    }
    return true;
  }

  private index(folder: string): Promise<Index | undefined> {
    const known = this.indexes.get(folder);
    if (known !== undefined) return known;
    const index = this.json<Index>(join(folder, "index.json"));
    this.indexes.set(folder, index);
    return index;
  }

  /** Manifests of the index whose subject is the digest. */
  private async referrers(folder: string, index: Index, subject: string): Promise<DescriptorDocument[]> {
    const found = new Map<string, DescriptorDocument>();
    for (const descriptor of index.manifests ?? []) {
      const manifest = await this.json<{ subject?: { digest?: string } }>(blobPath(folder, descriptor.digest));
      if (manifest?.subject?.digest === subject) found.set(descriptor.digest, descriptor);
    }
    return [...found.values()];
  }

  private async blob(folder: string, digest: string, maxBytes?: number): Promise<Uint8Array | undefined> {
    const bytes = await this.files.read(blobPath(folder, digest));
    // One byte too many is enough for the engine to see that it is too large.
    return bytes !== undefined && maxBytes !== undefined ? bytes.subarray(0, Math.max(maxBytes + 1, 0)) : bytes;
  }

  private async json<T>(path: string): Promise<T | undefined> {
    const bytes = await this.files.read(path);
    return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as T);
  }
}

/** Folder of a repository below a layout root: `localhost:5000/a/b` is in `localhost_5000_/a/b`. */
export function rootFolder(need: NeedDocument): string | undefined {
  const host = (need.registry ?? "").replace(/:(\d+)$/, "_$1_");
  const path = need.repository ?? "";
  return [host, ...path.split("/")].includes("..") ? undefined : join(host, path);
}

function blobPath(folder: string, digest: string): string {
  const [algorithm = "", encoded = ""] = digest.split(":");
  return /^[a-z0-9]+$/.test(algorithm) && /^[0-9a-f]+$/.test(encoded)
    ? join(folder, `blobs/${algorithm}/${encoded}`)
    : join(folder, "blobs/none");
}

function join(folder: string, path: string): string {
  return folder === "" ? path : `${folder}/${path}`;
}
