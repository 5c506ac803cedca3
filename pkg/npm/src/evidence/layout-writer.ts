import type { DescriptorDocument, EvidenceDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";
import { ABSENT, RESOLVED } from "../source/layout-index.js";
import { rootFolder } from "../source/layout.js";
import { bytesOf, digestOf } from "./integrity.js";
import { contentsOfManifest } from "./manifest.js";

/** What a registry knows of one repository, as evidence holds it. */
interface Repository {
  tags: Map<string, string>;
  absent: string[];
  /** By subject, the index that lists them. */
  referrers: Map<string, { digest: string; bytes: Uint8Array }>;
  /** Where the content begins. */
  roots: Set<string>;
}

/** A layout root, and what of the evidence a layout has no place for. */
export interface LayoutRoot {
  /** Contents by path. */
  files: Map<string, Uint8Array>;
  /** Such as `2 failed requests`. */
  leftOut: string[];
}

const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const REF_NAME = "org.opencontainers.image.ref.name";
/** Tags of what belongs to an image are named after its digest. */
const BESIDE_IMAGE = /^sha256-([0-9a-f]{64})(?:\.\w+)?$/;

/**
 * The artifacts of a document as a root of OCI image layouts, one for each repository.
 *
 * A layout holds what was fetched of its repository, and lists the tags that are known not to exist: it is no proof that
 * there is nothing else. Referrers are an index under the fallback tag (distribution specification 1.1, "Referrers Tag
 * Schema"), which says too that there are none.
 */
export async function layoutRoot(document: EvidenceDocument): Promise<LayoutRoot> {
  const blobs = new Map(Object.entries(document.blobs ?? {}).map(([digest, text]) => [digest, bytesOf(text)]));
  const files = new Map<string, Uint8Array>();
  const repositories = [...(await repositoriesOf(document))];
  const reached = repositories.map(([, repository]) => reachable(repository, blobs));
  const known = new Set(reached.flatMap((digests) => [...digests]));
  // What nothing leads to, such as an image that was asked for by its digest, may be of each.
  const others = [...blobs.keys()].filter((digest) => !known.has(digest));
  for (const [index, [name, repository]] of repositories.entries()) {
    for (const [path, bytes] of layout(repository, [...(reached[index] ?? []), ...others], blobs)) {
      files.set(`${folderOf(name)}/${path}`, bytes);
    }
  }
  return { files, leftOut: leftOut(document, repositories.length) };
}

async function repositoriesOf({ tags = {}, referrers = {}, verdict = [] }: EvidenceDocument): Promise<Map<string, Repository>> {
  const found = new Map<string, Repository>();
  const of = (name: string): Repository => {
    const known: Repository = found.get(name) ?? { tags: new Map(), absent: [], referrers: new Map(), roots: new Set() };
    found.set(name, known);
    return known;
  };
  for (const [reference, digest] of Object.entries(tags)) {
    const colon = reference.lastIndexOf(":");
    const [repository, tag] = [of(reference.slice(0, colon)), reference.slice(colon + 1)];
    if (digest === null) {
      repository.absent.push(tag);
    } else {
      repository.tags.set(tag, digest);
      repository.roots.add(digest);
    }
    const [, hex] = BESIDE_IMAGE.exec(tag) ?? [];
    if (hex !== undefined) repository.roots.add(`sha256:${hex}`);
  }
  for (const [key, { descriptors }] of Object.entries(referrers)) {
    const at = key.lastIndexOf("@");
    const [repository, subject] = [of(key.slice(0, at)), key.slice(at + 1)];
    const bytes = json({ schemaVersion: 2, mediaType: INDEX, manifests: descriptors });
    repository.referrers.set(subject, { digest: await digestOf("sha256", bytes), bytes });
    [subject, ...descriptors.map(({ digest }) => digest)].forEach((root) => repository.roots.add(root));
  }
  for (const { registry, path, digest } of verdict.flatMap(({ images }) => images)) {
    if (digest !== null) of(`${registry}/${path}`).roots.add(digest);
  }
  return found;
}

/** The digests of what is at hand, from the roots on. */
function reachable({ roots }: Repository, blobs: Map<string, Uint8Array>): Set<string> {
  const reached = new Set<string>();
  const queue = [...roots];
  for (let digest = queue.pop(); digest !== undefined; digest = queue.pop()) {
    const bytes = blobs.get(digest);
    if (bytes === undefined || reached.has(digest)) continue;
    reached.add(digest);
    const { manifests, contents } = contentsOfManifest(bytes);
    queue.push(...[...manifests, ...contents].map((content) => content.digest));
  }
  return reached;
}

function layout(repository: Repository, digests: string[], blobs: Map<string, Uint8Array>): Map<string, Uint8Array> {
  const contents = new Map(digests.map((digest) => [digest, blobs.get(digest) ?? new Uint8Array()]));
  const manifests: DescriptorDocument[] = [];
  const resolved: string[] = [];
  for (const [tag, digest] of repository.tags) {
    const bytes = blobs.get(digest);
    if (bytes === undefined) resolved.push(`${tag}=${digest}`);
    else manifests.push(descriptor(tag, digest, bytes));
  }
  for (const [subject, { digest, bytes }] of repository.referrers) {
    contents.set(digest, bytes);
    manifests.push(descriptor(subject.replace(":", "-"), digest, bytes));
  }
  const annotations = { [ABSENT]: repository.absent.join(" "), ...(resolved.length === 0 ? {} : { [RESOLVED]: resolved.join(" ") }) };
  return new Map([
    ["oci-layout", json({ imageLayoutVersion: "1.0.0" })],
    ["index.json", json({ schemaVersion: 2, mediaType: INDEX, manifests, annotations })],
    ...[...contents].map(([digest, bytes]): [string, Uint8Array] => [`blobs/${digest.replace(":", "/")}`, bytes]),
  ]);
}

function descriptor(tag: string, digest: string, bytes: Uint8Array): DescriptorDocument {
  const { mediaType, manifests } = contentsOfManifest(bytes);
  const type = mediaType ?? (manifests.length === 0 ? MANIFEST : INDEX);
  return { mediaType: type, digest, size: bytes.length, annotations: { [REF_NAME]: tag } };
}

/** The folder of `registry/path`; names that lead out of the root are none. */
function folderOf(name: string): string {
  const slash = name.indexOf("/");
  const need = { kind: "manifest" as const, registry: name.slice(0, slash), repository: name.slice(slash + 1), askedBy: [] };
  const folder = slash < 1 ? undefined : rootFolder(need);
  if (folder === undefined) throw new VidimusError("input", `${name}: expected REGISTRY/REPOSITORY`);
  return folder;
}

function leftOut({ failures = [], objects = [], logEntries = {}, blobs = {} }: EvidenceDocument, repositories: number): string[] {
  const counts: [number, string][] = [
    [failures.length, "failed requests"],
    [objects.length, "Kubernetes objects"],
    [Object.keys(logEntries).length, "answers of transparency logs"],
    [repositories === 0 ? Object.keys(blobs).length : 0, "blobs of no repository"],
  ];
  return counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}
