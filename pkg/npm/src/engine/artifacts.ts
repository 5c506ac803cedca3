import { Artifacts as Store } from "../wasm/vidimus.js";
import { VidimusError } from "./error.js";
import { isReady } from "./ready.js";
import type { DescriptorDocument, EvidenceDocument, FailureDocument, RequestDocument } from "./documents.js";
import type { DiagnosticDocument } from "./types.js";

const encoder = new TextEncoder();

/**
 * What was fetched so far. Reuse one for many evaluations: blobs are hashed once and signatures verified once for as
 * long as it lives. Bytes are checked against their digest when they are used, never trusted.
 */
export class Artifacts {
  /** The engine's side of it. */
  readonly store: Store;
  /** When the oldest of the documents that were added was captured, where they say. */
  capturedAt: string | undefined;

  /** Throws where the engine is not compiled yet: `await ready()` first. */
  constructor() {
    if (!isReady()) throw new VidimusError("bad-call", "the engine is not compiled yet: await ready() first");
    this.store = new Store();
  }

  /** Adds an evidence document (`vidimus.evidence/v1`), whole or in part. */
  add(document: object | string): this {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    refuse(this.store.add(encoder.encode(text)));
    if (text.includes('"capturedAt"')) this.noteTime((JSON.parse(text) as EvidenceDocument).capturedAt);
    return this;
  }

  /** Adds bytes under the digest that they were asked for. */
  addBlob(digest: string, bytes: Uint8Array): this {
    refuse(this.store.addBlob(digest, bytes));
    return this;
  }

  /** Records what a tag resolved to; null: the registry says that it does not exist. */
  addTag(repository: string, tag: string, digest: string | null): this {
    return this.part({ tags: { [`${repository}:${tag}`]: digest } });
  }

  /** Records the referrers of a digest. */
  addReferrers(
    repository: string,
    digest: string,
    referrers: { source: "api" | "fallback-tag"; descriptors: DescriptorDocument[] },
  ): this {
    return this.part({ referrers: { [`${repository}@${digest}`]: referrers } });
  }

  /** Adds a Kubernetes object. */
  addObject(object: unknown): this {
    return this.part({ objects: [object] });
  }

  /** Records what a transparency log answered to a search. */
  async addLogEntry(url: string, body: unknown, answer: unknown): Promise<this> {
    const hex = await sha256Hex(canonical(body));
    return this.part({ logEntries: { [`${url.replace(/\/+$/, "")}#sha256:${hex}`]: answer } });
  }

  /** Records an OCSP response (`body`: the question in base64) or a revocation list. */
  async addRevocation(url: string, body: string | undefined, answer: Uint8Array): Promise<this> {
    const key = body === undefined ? url : `${url}#sha256:${await sha256Hex(body)}`;
    let text = "";
    for (let at = 0; at < answer.length; at += 8192) text += String.fromCharCode(...answer.subarray(at, at + 8192));
    return this.part({ revocation: { [key]: btoa(text) } });
  }

  /** Sets the Sigstore TrustedRoot (JSON) that signatures are checked by, for evaluations whose options give none. */
  setTrustRoot(document: object | string): this {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    refuse(this.store.setTrustRoot(encoder.encode(text)));
    return this;
  }

  /** Records that a request failed. */
  addFailure(request: RequestDocument, failure: Omit<FailureDocument, keyof RequestDocument>): this {
    return this.part({ failures: [{ ...request, ...failure }] });
  }

  /** The evidence document of everything added. */
  toDocument(): Record<string, unknown> {
    return JSON.parse(this.store.toJson()) as Record<string, unknown>;
  }

  /** Frees the memory of the store. */
  free(): void {
    this.store.free();
  }

  private noteTime(captured: unknown): void {
    if (typeof captured !== "string" || Number.isNaN(Date.parse(captured))) return;
    const isOlder = this.capturedAt === undefined || Date.parse(captured) < Date.parse(this.capturedAt);
    if (isOlder) this.capturedAt = captured;
  }

  private part(part: object): this {
    return this.add({ schema: "vidimus.evidence/v1", ...part });
  }
}

async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function refuse(answer: string): void {
  if (answer === "") return;
  const { diagnostics } = JSON.parse(answer) as { diagnostics: DiagnosticDocument[] };
  throw new VidimusError("input", diagnostics.map((d) => d.message).join("\n"), diagnostics);
}

/** JSON with sorted keys and without spaces: what searches are named by. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(",")}}`;
}
