import { Artifacts } from "../engine/artifacts.js";
import type { EvidenceDocument } from "../engine/documents.js";
import type { NeedDocument } from "../engine/types.js";
import type { LayoutSource } from "../source/layout.js";
import { bytesOf } from "./integrity.js";
import { contentsOfManifest } from "./manifest.js";

/** A repository, and its folder within the files of the source. */
export interface LayoutRepository {
  registry: string;
  repository: string;
  folder: string;
}

/** Layers of images: large, and no verdict reads them (image specification, "layer"; Docker's schema 2). */
const IMAGE_LAYER = /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\./;
/** Tags of what cosign keeps beside an image. */
const BESIDE = [".sig", ".att"];
const MAX_ROUNDS = 16;

/**
 * What a layout holds of a repository, as evidence: tags, manifests, what signs and describes them, and what is known not to
 * be there. The layers of images are left out.
 */
export async function layoutEvidence(source: LayoutSource, { registry, repository, folder }: LayoutRepository): Promise<EvidenceDocument> {
  const index = await source.index(folder);
  const artifacts = new Artifacts();
  const asked = new Set<string>();
  const ask = async (need: Pick<NeedDocument, "digest" | "kind" | "tag">) => {
    const key = JSON.stringify(need);
    if (asked.has(key)) return;
    asked.add(key);
    await source.answer({ ...need, registry, repository, askedBy: [] }, artifacts);
  };
  for (const tag of index?.tagsOf(`${registry}/${repository}`) ?? []) await ask({ kind: "manifest", tag });
  for (const { digest } of index?.descriptors ?? []) await ask({ kind: "manifest", digest });
  for (let round = 0, before = -1; round < MAX_ROUNDS && asked.size > before; round++) {
    before = asked.size;
    for (const need of needsOf(artifacts.toDocument())) await ask(need);
  }
  const document = artifacts.toDocument() as unknown as EvidenceDocument;
  artifacts.free();
  return document;
}

/** What manifests at hand lead to. */
function needsOf(document: Record<string, unknown>): Pick<NeedDocument, "digest" | "kind" | "tag">[] {
  const { blobs = {}, referrers = {} } = document as unknown as EvidenceDocument;
  const listed = Object.values(referrers).flatMap(({ descriptors }) => descriptors.map(({ digest }) => ({ kind: "manifest" as const, digest })));
  return [...listed, ...Object.entries(blobs).flatMap(([digest, text]) => needsOfManifest(digest, bytesOf(text)))];
}

function needsOfManifest(digest: string, bytes: Uint8Array): Pick<NeedDocument, "digest" | "kind" | "tag">[] {
  const { isManifest, manifests, contents } = contentsOfManifest(bytes);
  if (!isManifest) return [];
  return [
    ...manifests.map((child) => ({ kind: "manifest" as const, digest: child.digest })),
    ...contents.filter(({ mediaType }) => !IMAGE_LAYER.test(mediaType ?? "")).map((child) => ({ kind: "blob" as const, digest: child.digest })),
    ...BESIDE.map((suffix) => ({ kind: "manifest" as const, tag: digest.replace(":", "-") + suffix })),
    { kind: "referrers" as const, digest },
  ];
}
