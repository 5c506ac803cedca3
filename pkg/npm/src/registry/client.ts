import type { Artifacts } from "../engine/artifacts.js";
import { VidimusError } from "../engine/error.js";
import type { NeedDocument } from "../engine/types.js";
import { repositoryOf, requestOf, type ArtifactSource } from "../source/source.js";
import { DistributionClient, type ListedReferrers, type RegistryOptions } from "./distribution.js";
import { TransportError } from "./fetch.js";
import { wireName } from "./name.js";
import { StatusError } from "./status.js";

/** Where a need names no bound: what registries must accept for a manifest. */
const DEFAULT_BYTES = 4 << 20;
/** Characters of a failure that are kept. */
const LONGEST_MESSAGE = 500;

/** What a registry answered, as it is added to a store. */
type Answer = (artifacts: Artifacts) => void;

/** Container registries as a source of artifacts, for Node and browsers: it only reads. */
export class RegistrySource implements ArtifactSource {
  readonly name = "registry";
  private readonly client: DistributionClient;
  /** Requests on their way, for each signal that ends them: the same question at the same time is asked once. */
  private readonly pending = new WeakMap<object, Map<string, Promise<Answer>>>();

  constructor(options: RegistryOptions = {}) {
    this.client = new DistributionClient(options);
  }

  /** Every request that was sent. */
  get log() {
    return this.client.log;
  }

  async answer(need: NeedDocument, artifacts: Artifacts, signal?: AbortSignal): Promise<boolean> {
    if (need.kind !== "manifest" && need.kind !== "blob" && need.kind !== "referrers") return false;
    (await this.once(need, signal))(artifacts);
    return true;
  }

  /**
   * What refers to a manifest, of one type or of all: the referrers API, else the fallback tag.
   *
   * Throws `registry` where the registry does not answer so.
   */
  async referrers(registry: string, repository: string, digest: string, artifactType?: string): Promise<ListedReferrers> {
    try {
      return await this.client.referrers(wireName(registry, repository), digest, DEFAULT_BYTES, artifactType);
    } catch (error) {
      throw new VidimusError("registry", `referrers of ${registry}/${repository}@${digest}: ${this.words(error as Error)}`);
    }
  }

  private once(need: NeedDocument, signal?: AbortSignal): Promise<Answer> {
    const group = signal ?? this;
    const pending = this.pending.get(group) ?? new Map<string, Promise<Answer>>();
    this.pending.set(group, pending);
    const key = JSON.stringify([requestOf(need), need.maxBytes]);
    const known = pending.get(key);
    if (known !== undefined) return known;
    const answer = this.ask(need, signal).finally(() => pending.delete(key));
    pending.set(key, answer);
    return answer;
  }

  private async ask(need: NeedDocument, signal?: AbortSignal): Promise<Answer> {
    try {
      const answer = await this.fetchNeed(need, signal);
      return (artifacts) => this.add(need, artifacts, answer);
    } catch (error) {
      if (signal?.aborted) throw error;
      if (error instanceof StatusError) return this.failure(need, error, error.status);
      if (error instanceof TransportError) return this.failure(need, error);
      throw error;
    }
  }

  /** An answer of the registry that is no document of the protocol is a failure of this need, not of the call. */
  private add(need: NeedDocument, artifacts: Artifacts, answer: Answer): void {
    try {
      answer(artifacts);
    } catch (error) {
      if (!(error instanceof VidimusError) || error.code !== "input") throw error;
      this.failure(need, error, 200)(artifacts);
    }
  }

  private failure(need: NeedDocument, error: Error, status?: number): Answer {
    const failure = { ...(status !== undefined && { status }), error: this.words(error), transport: status === undefined };
    return (artifacts) => void artifacts.addFailure(requestOf(need), failure);
  }

  /** What went wrong, to be kept: without secrets, and cut only then, so that no half of one remains. */
  private words(error: Error): string {
    return this.client.scrub(error.message).slice(0, LONGEST_MESSAGE);
  }

  private async fetchNeed(need: NeedDocument, signal?: AbortSignal): Promise<Answer> {
    const name = wireName(need.registry ?? "", need.repository ?? "");
    const maxBytes = need.maxBytes ?? DEFAULT_BYTES;
    const { digest = "", tag } = need;
    if (need.kind === "referrers") {
      const listed = await this.client.referrers(name, digest, maxBytes, undefined, signal);
      return (artifacts) => void artifacts.addReferrers(repositoryOf(need), digest, listed);
    }
    if (tag !== undefined) {
      const manifest = await this.client.manifest(name, tag, maxBytes, signal);
      return (artifacts) => {
        if (manifest !== undefined) artifacts.addBlob(manifest.digest, manifest.bytes);
        artifacts.addTag(repositoryOf(need), tag, manifest?.digest ?? null);
      };
    }
    const kind = need.kind === "manifest" ? "manifests" : "blobs";
    const bytes = await this.client.content(name, kind, digest, maxBytes, signal);
    return (artifacts) => void artifacts.addBlob(digest, bytes);
  }
}
