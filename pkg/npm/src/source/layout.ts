import type { Artifacts } from "../engine/artifacts.js";
import type { DescriptorDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";
import type { NeedDocument } from "../engine/types.js";
import { repositoryOf, requestOf, type ArtifactSource } from "./source.js";

/** Reads files of a layout. */
export interface LayoutFiles {
  /** At most `maxBytes` and one more; undefined: there is no such file. */
  read(path: string, maxBytes: number): Promise<Uint8Array | undefined>;
}

/** The largest index or manifest that is read, in bytes. An index lists every tag of a repository. */
const MAX_DOCUMENT = 64 << 20;
/** The largest blob where a need names no bound. */
const MAX_BLOB = 128 << 20;

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

  private blob(folder: string, digest: string, maxBytes?: number): Promise<Uint8Array | undefined> {
    return this.files.read(blobPath(folder, digest), maxBytes ?? MAX_BLOB);
  }

  private async json<T>(path: string): Promise<T | undefined> {
    const bytes = await this.files.read(path, MAX_DOCUMENT);
    return bytes === undefined ? undefined : parse<T>(bytes, `${this.name}/${path}`);
  }
}

/** Folder of a repository below a layout root: `localhost:5000/a/b` is in `localhost_5000_/a/b`. */
export function rootFolder(need: NeedDocument): string | undefined {
  const host = (need.registry ?? "").replace(/:(\d+)$/, "_$1_");
  const path = need.repository ?? "";
  return [host, ...path.split("/")].includes("..") ? undefined : join(host, path);
}

function parse<T>(bytes: Uint8Array, path: string): T {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    throw new VidimusError("artifact-source", `${path}: not JSON: is this an OCI image layout?`);
  }
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
