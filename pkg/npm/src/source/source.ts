import type { Artifacts } from "../engine/artifacts.js";
import type { NeedDocument } from "../engine/types.js";

/** Somewhere that artifacts come from: a registry, an evidence file, an OCI layout. */
export interface ArtifactSource {
  /** What messages call it. */
  readonly name: string;
  /**
   * Adds the answer to `artifacts`: the content, its confirmed absence, or a failure. `false`: this source does not
   * know, ask the next one.
   */
  answer(need: NeedDocument, artifacts: Artifacts, signal?: AbortSignal): Promise<boolean>;
}

/** `registry/path` of a need, as evidence documents key it. */
export function repositoryOf(need: NeedDocument): string {
  const path = need.repository ?? "";
  return need.registry ? `${need.registry}/${path}` : path;
}

/** A need without who asked for it. */
export function requestOf(need: NeedDocument) {
  const { maxBytes: _, askedBy: __, ...request } = need;
  return request;
}

/** What two needs have in common that one request answers. */
export function requestKey(need: NeedDocument): string {
  return JSON.stringify(requestOf(need));
}

/** Answers everything with a failure: for evaluation without a network. */
export class OfflineSource implements ArtifactSource {
  readonly name = "offline";

  async answer(need: NeedDocument, artifacts: Artifacts): Promise<boolean> {
    artifacts.addFailure(requestOf(need), { error: "offline: not in the artifacts that were given", transport: true });
    return true;
  }
}

/** A short name of a need, for messages. */
export function describe(need: NeedDocument): string {
  switch (need.kind) {
    case "object":
      return `${need.objectKind} ${need.namespace}/${need.name}`;
    case "rekor-entry":
      return `entry of the transparency log ${need.url}`;
    case "ocsp":
      return `answer of the OCSP responder ${need.url}`;
    case "revocation-list":
      return `revocation list ${need.url}`;
    case "trust-root":
      return "Sigstore trust root";
    case "manifest":
      return `manifest ${repositoryOf(need)}${need.tag === undefined ? `@${need.digest}` : `:${need.tag}`}`;
    default:
      return `${need.kind} ${repositoryOf(need)}@${need.digest}`;
  }
}
