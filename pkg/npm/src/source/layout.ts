import type { Artifacts } from "../engine/artifacts.js";
import type { DescriptorDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";
import type { NeedDocument } from "../engine/types.js";
import { LayoutIndex } from "./layout-index.js";
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

/** What of a manifest makes it a referrer, and describes it as one. */
interface Referrer {
  subject?: { digest?: string } | null;
  artifactType?: string;
  config?: { mediaType?: string } | null;
  annotations?: Record<string, string>;
}

/**
 * An OCI image layout, for one repository or, as a layout root, for many.
 *
 * A layout is complete: what is neither tag nor referrer there does not exist, and that is an answer too. One that holds
 * single images under their whole references, as `cosign save` writes it, answers for these alone; one that lists the
 * tags that do not exist, as `vidimus capture` writes it, for what it holds and for these.
 */
export class LayoutSource implements ArtifactSource {
  private readonly indexes = new Map<string, Promise<LayoutIndex | undefined>>();

  /** `folderOf` tells the folder of a repository within the files; undefined: the layout is not about it. */
  constructor(
    readonly name: string,
    private readonly files: LayoutFiles,
    private readonly folderOf: (need: NeedDocument) => string | undefined,
  ) {}

  async answer(need: NeedDocument, artifacts: Artifacts): Promise<boolean> {
    const isContent = need.kind === "manifest" || need.kind === "blob" || need.kind === "referrers";
    const folder = isContent ? this.folderOf(need) : undefined;
    if (folder === undefined) return false;
    const index = await this.index(folder);
    if (index === undefined || !index.isAbout(repositoryOf(need))) return false;
    if (need.kind === "referrers") return this.answerReferrers(need, folder, index, artifacts);
    if (need.tag !== undefined) return this.answerTag(need, need.tag, folder, index, artifacts);
    const digest = need.digest ?? "";
    const bytes = await this.blob(folder, digest, need.maxBytes);
    if (bytes !== undefined) artifacts.addBlob(digest, bytes);
    else if (index.isWhole) {
      artifacts.addFailure(requestOf(need), { status: 404, error: `not in ${this.name}`, transport: false });
    }
    return bytes !== undefined || index.isWhole;
  }

  private async answerTag(need: NeedDocument, tag: string, folder: string, index: LayoutIndex, artifacts: Artifacts): Promise<boolean> {
    const digest = index.digestOf(repositoryOf(need), tag);
    if (digest === undefined && !index.lacks(tag)) return false;
    const bytes = digest === undefined ? undefined : await this.blob(folder, digest, need.maxBytes);
    if (digest !== undefined && bytes !== undefined) artifacts.addBlob(digest, bytes);
    artifacts.addTag(repositoryOf(need), tag, digest ?? null);
    return true;
  }

  private async answerReferrers(need: NeedDocument, folder: string, index: LayoutIndex, artifacts: Artifacts): Promise<boolean> {
    const subject = need.digest ?? "";
    // Of a part, only the list that was written says what there is.
    const descriptors = index.isPartial ? [] : await this.referrers(folder, index, subject);
    // Copied from a registry without referrers API, the list is an index under the fallback tag.
    const fallback = descriptors.length > 0 ? undefined : index.digestOf(repositoryOf(need), subject.replace(":", "-"));
    if (descriptors.length === 0 && fallback === undefined && !index.isWhole) return false;
    try {
      const listed = fallback === undefined ? descriptors : await this.fallback(blobPath(folder, fallback));
      const source = fallback === undefined ? "api" : "fallback-tag";
      artifacts.addReferrers(repositoryOf(need), subject, { source, descriptors: listed });
    } catch (error) {
      if (!(error instanceof VidimusError)) throw error;
      // Somebody's artifact that is no document of the protocol: this question fails, not the call.
      artifacts.addFailure(requestOf(need), { status: 200, error: error.message, transport: false });
    }
    return true;
  }

  /** The index of a folder; undefined: there is no layout. */
  index(folder: string): Promise<LayoutIndex | undefined> {
    const known = this.indexes.get(folder);
    if (known !== undefined) return known;
    const path = join(folder, "index.json");
    const index = this.json(path).then((found) =>
      found === undefined ? undefined : LayoutIndex.parse(found, `${this.name}/${path}`),
    );
    this.indexes.set(folder, index);
    return index;
  }

  /** Manifests of the index whose subject is the digest. */
  private async referrers(folder: string, index: LayoutIndex, subject: string): Promise<DescriptorDocument[]> {
    const found = new Map<string, DescriptorDocument>();
    for (const descriptor of index.descriptors) {
      const manifest = await this.manifest(blobPath(folder, descriptor.digest));
      if (manifest?.subject?.digest === subject) found.set(descriptor.digest, asReferrer(descriptor, manifest));
    }
    return [...found.values()];
  }

  private async fallback(path: string): Promise<DescriptorDocument[]> {
    return LayoutIndex.parse(await this.json(path), `${this.name}/${path}`).descriptors;
  }

  /** A manifest as far as it is one: what is not JSON refers to nothing. */
  private async manifest(path: string): Promise<Referrer | null | undefined> {
    try {
      return (await this.json(path)) as Referrer | null | undefined;
    } catch (error) {
      if (error instanceof VidimusError) return undefined;
      throw error;
    }
  }

  private blob(folder: string, digest: string, maxBytes?: number): Promise<Uint8Array | undefined> {
    return this.files.read(blobPath(folder, digest), maxBytes ?? MAX_BLOB);
  }

  private async json(path: string): Promise<unknown> {
    const bytes = await this.files.read(path, MAX_DOCUMENT);
    return bytes === undefined ? undefined : parse(bytes, `${this.name}/${path}`);
  }
}

/**
 * The descriptor as a registry lists it: type and annotations of the manifest, unless the layout has them (distribution
 * specification 1.1, "Listing Referrers").
 */
function asReferrer(descriptor: DescriptorDocument, manifest: Referrer): DescriptorDocument {
  if (descriptor.artifactType !== undefined) return descriptor;
  const { mediaType, digest, size } = descriptor;
  const artifactType = manifest.artifactType || manifest.config?.mediaType;
  const { annotations } = manifest;
  return { mediaType, digest, size, ...(artifactType && { artifactType }), ...(annotations && { annotations }) };
}

/** Folder of a repository below a layout root: `localhost:5000/a/b` is in `localhost_5000_/a/b`. */
export function rootFolder(need: NeedDocument): string | undefined {
  const host = (need.registry ?? "").replace(/:(\d+)$/, "_$1_");
  const path = need.repository ?? "";
  return [host, ...path.split("/")].includes("..") ? undefined : join(host, path);
}

function parse(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
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
