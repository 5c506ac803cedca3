import type { DescriptorDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";
import { wireName } from "../registry/name.js";

const REF_NAME = "org.opencontainers.image.ref.name";
/** The annotation of an index whose repository is here in part: the tags that are known not to exist, with spaces between. */
export const ABSENT = "dev.vidimus.absent-tags";
/** The annotation of such an index with the tags whose manifests are not here: `tag=digest`, with spaces between. */
export const RESOLVED = "dev.vidimus.resolved-tags";
/** The annotation `kind` that `cosign save` writes begins with this. */
const SAVED = "dev.cosignproject.cosign/";
/** What it saves beside the image, and the suffix of the tag that it stands for. */
const SUFFIX: Record<string, string> = {
  "dev.cosignproject.cosign/sigs": ".sig",
  "dev.cosignproject.cosign/atts": ".att",
};

/** The `index.json` of a layout: what its manifests are called. */
export class LayoutIndex {
  /** Digests by `:tag`, or by `host/path:tag` where the layout writes whole references. */
  private readonly tags = new Map<string, string>();
  /** Repositories of the whole references, as they are on the wire. */
  private readonly repositories = new Set<string>();

  private constructor(
    readonly descriptors: DescriptorDocument[],
    private readonly absent: Set<string> | undefined,
    resolved: string[] = [],
  ) {
    for (const [, tag = "", digest = ""] of resolved.map((pair) => /^([^=]+)=(.+)$/.exec(pair) ?? [])) this.tags.set(`:${tag}`, digest);
    for (const descriptor of descriptors) {
      const reference = descriptor.annotations?.[REF_NAME];
      const suffix = SUFFIX[descriptor.annotations?.["kind"] ?? ""];
      const name = suffix === undefined ? parseName(reference) : this.besideImage(reference, suffix);
      if (name === undefined) continue;
      if (name.repository !== "") this.repositories.add(name.repository);
      const key = `${name.repository}:${name.tag}`;
      if (name.tag !== undefined && !this.tags.has(key)) this.tags.set(key, descriptor.digest);
    }
  }

  /** Reads the document; throws where it is none. */
  static parse(document: unknown, path: string): LayoutIndex {
    const list = typeof document === "object" && document !== null && "manifests" in document ? document.manifests : undefined;
    const isDescriptor = (item: unknown) =>
      typeof item === "object" && item !== null && "digest" in item && typeof item.digest === "string";
    if (!Array.isArray(list) || !list.every(isDescriptor)) {
      throw new VidimusError("artifact-source", `${path}: expected \`manifests\`, a list of descriptors with digests`);
    }
    const absent = annotation(document, ABSENT);
    return new LayoutIndex(list as DescriptorDocument[], absent && new Set(absent), annotation(document, RESOLVED));
  }

  /** Is the layout about one repository? One that writes whole references, as `cosign save` does, names those it is about. */
  get isOfOne(): boolean {
    return this.repositories.size === 0;
  }

  /** Is the repository here in part, with a list of what it lacks? That is how captured evidence is written. */
  get isPartial(): boolean {
    return this.absent !== undefined;
  }

  /** Is all of one repository here, so that what is not here does not exist? */
  get isWhole(): boolean {
    return this.isOfOne && !this.isPartial;
  }

  /** Whether something of the repository (`registry/path`) is here. */
  isAbout(repository: string): boolean {
    return this.isOfOne || this.repositories.has(onWire(repository));
  }

  /** The digest that a tag names. */
  digestOf(repository: string, tag: string): string | undefined {
    return this.tags.get(`${this.isOfOne ? "" : onWire(repository)}:${tag}`);
  }

  /** Every tag of a repository, also those that are known not to exist. */
  tagsOf(repository: string): string[] {
    const prefix = `${this.isOfOne ? "" : onWire(repository)}:`;
    const named = [...this.tags.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    return [...named, ...(this.absent ?? [])];
  }

  /** Whether it is known that there is no such tag: `cosign save` saves an image together with what signs it. */
  lacks(tag: string): boolean {
    const [, hex] = /^sha256-([0-9a-f]{64})\.(?:sig|att)$/.exec(tag) ?? [];
    const isSaved = ({ digest, annotations }: DescriptorDocument) =>
      digest === `sha256:${hex}` && (annotations?.["kind"] ?? "").startsWith(SAVED);
    return this.isWhole || this.absent?.has(tag) === true || this.descriptors.some(isSaved);
  }

  /** Signatures and attestations have the reference of their image; their tag comes from its digest. */
  private besideImage(reference: string | undefined, suffix: string): Name | undefined {
    const image = this.descriptors.find(
      ({ annotations }) => annotations?.[REF_NAME] === reference && SUFFIX[annotations?.["kind"] ?? ""] === undefined,
    );
    if (image === undefined) return undefined;
    const { repository } = parseName(reference) ?? { repository: "" };
    return { repository, tag: image.digest.replace(":", "-") + suffix };
  }
}

/** A list that an annotation of the index holds; undefined: it has no such annotation. */
function annotation(document: unknown, key: string): string[] | undefined {
  const { annotations } = document as { annotations?: Record<string, unknown> | null };
  const list = annotations?.[key];
  return typeof list === "string" ? list.split(" ").filter((item) => item !== "") : undefined;
}

interface Name {
  repository: string;
  tag: string | undefined;
}

/** A tag, or a whole reference. */
function parseName(text: string | undefined): Name | undefined {
  if (text === undefined) return undefined;
  const match = /^((?:[^/]*[.:][^/]*|localhost)\/[^@:]+)(?::([^@]+))?(?:@.+)?$/.exec(text);
  return match === null ? { repository: "", tag: text } : { repository: onWire(match[1] ?? ""), tag: match[2] };
}

/** `registry/path` as it is on the wire, so that `docker.io/nginx` and `index.docker.io/library/nginx` are one. */
function onWire(repository: string): string {
  const slash = repository.indexOf("/");
  const { host, path } = wireName(repository.slice(0, Math.max(slash, 0)), repository.slice(slash + 1));
  return `${host}/${path}`;
}
