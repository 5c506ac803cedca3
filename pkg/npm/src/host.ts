import { Artifacts } from "./engine/artifacts.js";
import type { PolicySet } from "./engine/policy-set.js";
import type { AnswerDocument, EvaluateDocument } from "./engine/types.js";
import { settle, type LoopOptions } from "./loop.js";
import { RegistrySource } from "./registry/client.js";
import type { RegistryOptions } from "./registry/distribution.js";
import { RevocationSource } from "./source/revocation.js";
import { OfflineSource, type ArtifactSource } from "./source/source.js";
import { TransparencyLogSource } from "./source/transparency-log.js";
import { TrustRootSource } from "./source/trust-root.js";

/** Options of {@link RegistryHost}. */
export interface RegistryHostOptions extends RegistryOptions {
  /** Asked before the network is, in their order: OCI layouts, another trust root, sources of your own. */
  sources?: ArtifactSource[];
  /** Where what was fetched is kept; absent: a store of its own. */
  artifacts?: Artifacts;
}

/**
 * Evaluates and fetches: what the engine needs is asked of registries, transparency logs and revocation services, and kept
 * for the next question. The trust root is that of Sigstore's public-good instance, unless a source before it gives another.
 */
export class RegistryHost {
  /** Where answers come from, in the order in which they are asked. */
  readonly sources: ArtifactSource[];
  private store: Artifacts | undefined;

  constructor(options: RegistryHostOptions = {}) {
    const { sources = [], artifacts, ...registry } = options;
    this.store = artifacts;
    // What nothing else answers, such as a Kubernetes object, is said to be missing: the rule cannot be evaluated then.
    this.sources = [...sources, new TrustRootSource(), ...networkSources(registry), new OfflineSource()];
  }

  /** What was fetched so far. Throws where the engine is not compiled yet. */
  get artifacts(): Artifacts {
    return (this.store ??= new Artifacts());
  }

  /**
   * Evaluates until nothing is missing. A request that names no time is evaluated as of now.
   *
   * A request that fails throws nothing: the rule that needs its answer is an `error`.
   */
  async evaluate(set: PolicySet, request: EvaluateDocument, options: LoopOptions = {}): Promise<AnswerDocument> {
    const now = new Date().toISOString();
    return settle(set, { ...request, options: { now, ...request.options } }, this.artifacts, this.sources, options);
  }
}

/** Everything that answers over the network. */
export function networkSources(options: RegistryOptions): ArtifactSource[] {
  return [new RegistrySource(options), new TransparencyLogSource(), new RevocationSource()];
}
