import type { DescriptorDocument } from "../engine/documents.js";
import { Authenticator, parseChallenge, type CredentialsOf } from "./auth.js";
import { Fetcher, TransportError, type Fetched, type FetchLimits } from "./fetch.js";
import { isLoopback, type WireName } from "./name.js";
import { manifestsOf, nextPage, ofType } from "./referrers.js";
import { StatusError, success } from "./status.js";

/** Options of a client of registries. */
export interface RegistryOptions extends Partial<FetchLimits> {
  /** Credentials by exact host. */
  credentials?: CredentialsOf;
  /** Hosts that are asked by plain HTTP; loopback hosts always are. */
  insecure?: string[];
  /** Replaces the platform's `fetch`. */
  fetch?: typeof fetch;
  /** Where content is kept by digest, and read from before a registry is asked. */
  cache?: BlobCache;
}

/** Content by digest that outlives a call. What is read is hashed again: a cache vouches for nothing. */
export interface BlobCache {
  /** The bytes; undefined: there are none, or they are not those of the digest. */
  read(digest: string): Promise<Uint8Array | undefined>;
  /** Keeps bytes whose digest was checked. */
  write(digest: string, bytes: Uint8Array): Promise<void>;
}

/** A manifest, and what its bytes hash to. */
export interface FetchedManifest {
  digest: string;
  bytes: Uint8Array;
}

/** The referrers of a manifest, and how they were found. */
export interface ListedReferrers {
  source: "api" | "fallback-tag";
  descriptors: DescriptorDocument[];
}

/** What a request wants: the media types it takes, and how much it reads. */
interface Wanted {
  accept: string;
  maxBytes: number;
  /** Whether a body that is too long is of use as far as it was read. */
  keepStart?: boolean;
  signal?: AbortSignal | undefined;
}

const MANIFESTS = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");
const INDEX = "application/vnd.oci.image.index.v1+json";
const MAX_REFERRER_PAGES = 20;

/**
 * The reading half of the OCI distribution protocol, for Node and browsers.
 *
 * Source: OCI distribution specification 1.1.
 */
export class DistributionClient {
  private readonly fetcher: Fetcher;
  private readonly authenticator: Authenticator;
  private readonly insecure: Set<string>;
  private readonly cache: BlobCache | undefined;

  constructor(options: RegistryOptions = {}) {
    const { timeout = 30_000, retries = 3, backoff = 250, redirects = 5 } = options;
    this.insecure = new Set(options.insecure);
    this.cache = options.cache;
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

  /** A registry's words without our secrets. */
  scrub(text: string): string {
    return this.authenticator.scrub(text);
  }

  /**
   * What a tag names; undefined: the registry says that there is no such tag. The digest is that of the bytes that came,
   * whatever the headers say.
   */
  async manifest(name: WireName, tag: string, maxBytes: number, signal?: AbortSignal): Promise<FetchedManifest | undefined> {
    const response = await this.get(name, `manifests/${tag}`, { accept: MANIFESTS, maxBytes, signal });
    if (response.status === 404) return undefined;
    const bytes = manifestIn(success(response, name, tag));
    if (response.truncated) throw new StatusError(response.status, `the manifest has more than ${maxBytes} bytes`);
    const digest = await sha256(bytes);
    const said = response.headers.get("docker-content-digest");
    if (said !== null && said.startsWith("sha256:") && said !== digest) {
      throw new StatusError(response.status, `the registry says ${said} of a manifest whose digest is ${digest}`);
    }
    return { digest, bytes };
  }

  /**
   * A blob or manifest by its digest: at most `maxBytes` and one more. Whether it hashes to the digest is for whoever uses
   * it to check; the cache keeps nothing that does not.
   */
  async content(name: WireName, kind: "manifests" | "blobs", digest: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
    const kept = await this.cache?.read(digest);
    if (kept !== undefined) return kept.subarray(0, maxBytes + 1);
    const accept = kind === "manifests" ? MANIFESTS : "*/*";
    const response = await this.get(name, `${kind}/${digest}`, { accept, maxBytes, keepStart: true, signal });
    const answered = success(response, name, digest);
    const bytes = kind === "manifests" ? manifestIn(answered) : answered.body;
    if (this.cache !== undefined && !response.truncated && (await sha256(bytes)) === digest) await this.cache.write(digest, bytes);
    return bytes;
  }

  /**
   * The referrers API, page by page; where there is none, the fallback tag. With `artifactType` those of one type, whether
   * or not the registry filters.
   */
  async referrers(name: WireName, digest: string, maxBytes: number, artifactType?: string, signal?: AbortSignal): Promise<ListedReferrers> {
    const descriptors: DescriptorDocument[] = [];
    const query = artifactType === undefined ? "" : `?artifactType=${encodeURIComponent(artifactType)}`;
    let path: string | undefined = `referrers/${digest}${query}`;
    for (let page = 0; path !== undefined; page++) {
      const response: Fetched = await this.get(name, path, { accept: INDEX, maxBytes, signal });
      const isIndex = (response.headers.get("content-type") ?? "").startsWith(INDEX);
      const hasNoApi = [400, 404, 406].includes(response.status) || (response.status === 200 && !isIndex);
      if (page === 0 && hasNoApi) {
        const listed = await this.fallbackTag(name, digest, maxBytes, signal);
        return { source: "fallback-tag", descriptors: listed.filter(ofType(artifactType)) };
      }
      descriptors.push(...manifestsOf(success(response, name, path)));
      path = nextPage(response.headers.get("link"));
      if (page >= MAX_REFERRER_PAGES) throw new StatusError(200, `more than ${MAX_REFERRER_PAGES} pages of referrers`);
    }
    return { source: "api", descriptors: descriptors.filter(ofType(artifactType)) };
  }

  private async fallbackTag(name: WireName, digest: string, maxBytes: number, signal?: AbortSignal): Promise<DescriptorDocument[]> {
    const tag = digest.replace(":", "-");
    const response = await this.get(name, `manifests/${tag}`, { accept: MANIFESTS, maxBytes, signal });
    return response.status === 404 ? [] : manifestsOf(success(response, name, tag));
  }

  /** One request, with one answer to a challenge. */
  private async get(name: WireName, path: string, { accept, maxBytes, keepStart = false, signal }: Wanted): Promise<Fetched> {
    const scheme = this.isInsecure(name.host) ? "http" : "https";
    const base = `${scheme}://${name.host}`;
    if (!URL.canParse(base)) throw new TransportError(`${name.host} is no host that can be asked`);
    const url = new URL(path.startsWith("/") ? path : `/v2/${name.path}/${path}`, base);
    // A page that a registry links to is its own: `//elsewhere/...` would be somebody else's.
    if (url.origin !== new URL(base).origin) throw new StatusError(200, `${name.host} links to another host`);
    const send = (authorization?: string) =>
      this.fetcher.get(url, { accept, ...(authorization !== undefined && { authorization }) }, { maxBytes, keepStart }, signal);
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

/** The body, unless its type says that it is for people: the page of a proxy would pass for what a tag names. */
function manifestIn({ status, headers, body }: Fetched): Uint8Array {
  const type = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "text/html" && type !== "application/xhtml+xml") return body;
  throw new StatusError(status, `expected a manifest, found ${type}: is something between here and the registry?`);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return `sha256:${[...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
