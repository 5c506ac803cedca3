import type { Artifacts } from "./engine/artifacts.js";
import { inputError } from "./engine/error.js";
import { ready } from "./engine/ready.js";
import type { DiagnosticDocument, InspectionDocument } from "./engine/types.js";
import { untilComplete, type LoopOptions } from "./loop.js";
import type { ArtifactSource } from "./source/source.js";
import { inspect as inspectText } from "./wasm/vidimus.js";

/** Options of {@link inspect}. */
export interface InspectOptions extends LoopOptions {
  /** Look for signatures of the manifests within an index too. */
  platforms?: boolean;
  /** A further repository that signatures may be in. */
  signatureRepository?: string;
  /** Predicates of statements up to this many bytes are in the tree; 4096 unless given. */
  predicateBytes?: number;
}

/**
 * What an image carries, decoded: manifests, signatures, certificates, log entries, attestations. **Nothing of it is
 * verified**: only an evaluation says whether somebody signed.
 *
 * Throws a VidimusError where the reference is none, or no source answers a need.
 */
export async function inspect(
  image: string,
  artifacts: Artifacts,
  sources: ArtifactSource[],
  options: InspectOptions = {},
): Promise<InspectionDocument> {
  await ready();
  return untilComplete(() => ask(image, artifacts, options), artifacts, sources, options);
}

function ask(image: string, artifacts: Artifacts, options: InspectOptions): InspectionDocument {
  const { platforms = false, signatureRepository = "", predicateBytes = 4096 } = options;
  const answer = JSON.parse(inspectText(image, platforms, signatureRepository, predicateBytes, artifacts.store)) as
    | InspectionDocument
    | { diagnostics: DiagnosticDocument[] };
  if (!("diagnostics" in answer)) return answer;
  throw inputError(answer.diagnostics);
}
