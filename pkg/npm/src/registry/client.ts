import type { Artifacts } from "../engine/artifacts.js";
import type { DescriptorDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";
import type { NeedDocument } from "../engine/types.js";
import { repositoryOf, requestOf, type ArtifactSource } from "../source/source.js";
import { Authenticator, parseChallenge, type CredentialsOf } from "./auth.js";
import { Fetcher, TransportError, type Fetched, type FetchLimits } from "./fetch.js";
import { isLoopback, wireName, type WireName } from "./name.js";

/** Options of a registry source. */
export interface RegistryOptions extends Partial<FetchLimits> {
  /** Credentials by exact host. */
  credentials?: CredentialsOf;
  /** Hosts that are asked by plain HTTP; loopback hosts always are. */
  insecure?: string[];
  /** Replaces the platform's `fetch`. */
  fetch?: typeof fetch;
}

const MANIFESTS = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");
const INDEX = "application/vnd.oci.image.index.v1+json";
/** Where a need names no bound: what registries must accept for a manifest. */
const DEFAULT_BYTES = 4 << 20;
/** Characters of a failure that are kept. */
const LONGEST_MESSAGE = 500;
const MAX_REFERRER_PAGES = 20;

/** An HTTP answer that is no success. */
class StatusError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Container registries by the OCI distribution protocol, for Node and browsers: it only reads.
 *
 * Source: OCI distribution specification 1.1.
 */
export class RegistrySource implements ArtifactSource {
  readonly name = "registry";
  private readonly fetcher: Fetcher;
  private readonly authenticator: Authenticator;
  private readonly insecure: Set<string>;

  constructor(options: RegistryOptions = {}) {
    const { timeout = 30_000, retries = 3, backoff = 250, redirects = 5 } = options;
    this.insecure = new Set(options.insecure);
    // A registry elsewhere does not send anybody to services on this machine, nor to ones without TLS.
    const allows = (url: URL, host: string) =>
      this.isInsecure(url.host) ? this.isInsecure(host) : url.protocol === "https:";
    this.fetcher = new Fetcher({ timeout, retries, backoff, redirects }, allows, options.fetch);
    this.authenticator = new Authenticator(this.fetcher, options.credentials ?? (() => undefined), allows);
  }

  /** Every request that was sent. */
  get log() {
    return this.fetcher.log;
  }

  async answer(need: NeedDocument, artifacts: Artifacts, signal?: AbortSignal): Promise<boolean> {
    if (need.kind !== "manifest" && need.kind !== "blob" && need.kind !== "referrers") return false;
    try {
      await this.fetchNeed(need, artifacts, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      if (error instanceof StatusError) {
        artifacts.addFailure(requestOf(need), { status: error.status, error: this.words(error), transport: false });
      } else if (error instanceof VidimusError && error.code === "input") {
        // An answer of the registry that is no document of the protocol.
        artifacts.addFailure(requestOf(need), { status: 200, error: this.words(error), transport: false });
      } else if (error instanceof TransportError) {
        artifacts.addFailure(requestOf(need), { error: this.words(error), transport: true });
      } else throw error;
    }
    return true;
  }

  /** What went wrong, to be kept: without secrets, and cut only then, so that no half of one remains. */
  private words(error: Error): string {
    return this.authenticator.scrub(error.message).slice(0, LONGEST_MESSAGE);
  }

  private async fetchNeed(need: NeedDocument, artifacts: Artifacts, signal?: AbortSignal): Promise<void> {
    const name = wireName(need.registry ?? "", need.repository ?? "");
    const maxBytes = need.maxBytes ?? DEFAULT_BYTES;
    const digest = need.digest ?? "";
    if (need.kind === "referrers") {
      artifacts.addReferrers(repositoryOf(need), digest, await this.referrers(name, digest, maxBytes, signal));
    } else if (need.tag !== undefined) {
      const manifest = await this.manifestByTag(name, need.tag, maxBytes, signal);
      if (manifest !== undefined) artifacts.addBlob(manifest.digest, manifest.bytes);
      artifacts.addTag(repositoryOf(need), need.tag, manifest?.digest ?? null);
    } else {
      const kind = need.kind === "manifest" ? "manifests" : "blobs";
      const accept = need.kind === "manifest" ? MANIFESTS : "*/*";
      const response = await this.get(name, `${kind}/${digest}`, accept, maxBytes, signal);
      artifacts.addBlob(digest, success(response, name, digest).body);
    }
  }

  /** A 404 is an answer; what the tag names is the digest of the bytes that came, whatever the headers say. */
  private async manifestByTag(name: WireName, tag: string, maxBytes: number, signal?: AbortSignal) {
    const response = await this.get(name, `manifests/${tag}`, MANIFESTS, maxBytes, signal);
    if (response.status === 404) return undefined;
    const bytes = success(response, name, tag).body;
    if (response.truncated) throw new StatusError(response.status, `the manifest has more than ${maxBytes} bytes`);
    const digest = await sha256(bytes);
    const said = response.headers.get("docker-content-digest");
    if (said !== null && said.startsWith("sha256:") && said !== digest) {
      throw new StatusError(response.status, `the registry says ${said} of a manifest whose digest is ${digest}`);
    }
    return { digest, bytes };
  }

  /** The referrers API, page by page; where there is none, the fallback tag. */
  private async referrers(
    name: WireName,
    digest: string,
    maxBytes: number,
    signal?: AbortSignal,
  ): Promise<{ source: "api" | "fallback-tag"; descriptors: DescriptorDocument[] }> {
    const descriptors: DescriptorDocument[] = [];
    let path: string | undefined = `referrers/${digest}`;
    for (let page = 0; path !== undefined; page++) {
      const response: Fetched = await this.get(name, path, INDEX, maxBytes, signal);
      const isIndex = (response.headers.get("content-type") ?? "").startsWith(INDEX);
      const hasNoApi = [400, 404, 406].includes(response.status) || (response.status === 200 && !isIndex);
      if (page === 0 && hasNoApi) {
        return { source: "fallback-tag", descriptors: await this.fallbackTag(name, digest, maxBytes, signal) };
      }
      descriptors.push(...manifestsOf(success(response, name, path)));
      path = nextPage(response.headers.get("link"));
      if (page >= MAX_REFERRER_PAGES) throw new StatusError(200, `more than ${MAX_REFERRER_PAGES} pages of referrers`);
    }
    return { source: "api", descriptors };
  }

  private async fallbackTag(name: WireName, digest: string, maxBytes: number, signal?: AbortSignal) {
    const tag = digest.replace(":", "-");
    const response = await this.get(name, `manifests/${tag}`, MANIFESTS, maxBytes, signal);
    return response.status === 404 ? [] : manifestsOf(success(response, name, tag));
  }

  /** One request, with one answer to a challenge. */
  private async get(name: WireName, path: string, accept: string, maxBytes: number, signal?: AbortSignal) {
    const scheme = this.isInsecure(name.host) ? "http" : "https";
    const base = `${scheme}://${name.host}`;
    if (!URL.canParse(base)) throw new TransportError(`${name.host} is no host that can be asked`);
    const url = new URL(path.startsWith("/") ? path : `/v2/${name.path}/${path}`, base);
    // A page that a registry links to is its own: `//elsewhere/...` would be somebody else's.
    if (url.origin !== new URL(base).origin) throw new StatusError(200, `${name.host} links to another host`);
    const send = (authorization?: string) =>
      this.fetcher.get(url, authorization === undefined ? { accept } : { accept, authorization }, maxBytes, signal);
    const response = await send(this.authenticator.header(name.host, name.path));
    // A challenge of somebody whom the registry redirected to is not the registry's: it gets no credentials.
    const isOwn = response.status === 401 && response.origin === url.origin;
    const challenge = isOwn ? parseChallenge(response.headers.get("www-authenticate") ?? "") : undefined;
    if (challenge === undefined) return response;
    const header = await this.authenticator.answer(name.host, name.path, challenge);
    return header === undefined ? response : send(header);
  }

  private isInsecure(host: string): boolean {
    return isLoopback(host) || this.insecure.has(host);
  }
}

function success(response: Fetched, name: WireName, what: string): Fetched {
  if (response.status === 200) return response;
  throw new StatusError(response.status, `${name.host}/${name.path} ${what}: ${errorText(response)}`);
}

/** The registry's own words, if it has any (distribution specification, "error codes"). */
function errorText(response: Fetched): string {
  try {
    const { errors } = JSON.parse(new TextDecoder().decode(response.body)) as {
      errors?: { code?: string; message?: string }[];
    };
    const words = errors?.map((error) => [error.code, error.message].filter(Boolean).join(": ")).join("; ");
    if (words) return `HTTP ${response.status}: ${words}`;
  } catch {
    // Not every answer is the registry's own: proxies write HTML.
  }
  return `HTTP ${response.status}`;
}

function manifestsOf(response: Fetched): DescriptorDocument[] {
  if (response.truncated) throw new StatusError(200, "the list of referrers is larger than what is read");
  let index: unknown;
  try {
    index = JSON.parse(new TextDecoder().decode(response.body));
  } catch {
    throw new StatusError(200, "the list of referrers is not JSON");
  }
  if (typeof index !== "object" || index === null || !("manifests" in index) || !Array.isArray(index.manifests)) {
    throw new StatusError(200, "the list of referrers is no index");
  }
  return index.manifests as DescriptorDocument[];
}

/** The path of `Link: <...>; rel="next"`. */
function nextPage(link: string | null): string | undefined {
  const target = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return undefined;
  const url = new URL(target, "http://registry.invalid");
  return url.pathname + url.search;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return `sha256:${[...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
