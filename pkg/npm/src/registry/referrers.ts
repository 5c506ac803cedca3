import type { DescriptorDocument } from "../engine/documents.js";
import type { Fetched } from "./fetch.js";
import { StatusError } from "./status.js";

/** The descriptors of a page of referrers, or of the index under the fallback tag; throws where it is no index. */
export function manifestsOf(response: Fetched): DescriptorDocument[] {
  if (response.truncated) throw new StatusError(200, "the list of referrers is larger than what is read");
  let index: unknown;
  try {
    index = JSON.parse(new TextDecoder().decode(response.body));
  } catch {
    throw new StatusError(200, "the list of referrers is not JSON");
  }
  const manifests = typeof index === "object" && index !== null && "manifests" in index ? index.manifests : undefined;
  // Registries written in Go say null for a list without elements.
  if (manifests === null) return [];
  if (!Array.isArray(manifests)) throw new StatusError(200, "the list of referrers is no index");
  return manifests as DescriptorDocument[];
}

/** The path of `Link: <...>; rel="next"`. */
export function nextPage(link: string | null): string | undefined {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return undefined;
  const url = new URL(target, "http://registry.invalid");
  return url.pathname + url.search;
}

/** Keeps descriptors of a type; of every type where none is named. */
export function ofType(artifactType: string | undefined): (descriptor: DescriptorDocument) => boolean {
  return (descriptor) => artifactType === undefined || descriptor.artifactType === artifactType;
}
