import { IdleTimeout } from "./timeout.js";

/** One request as the log keeps it. No header that carries a secret is in it. */
export interface LoggedRequest {
  url: string;
  status?: number;
  bytes?: number;
  /** How long the attempt took. */
  milliseconds?: number;
  error?: string;
  attempt: number;
}

/** Bounds of a request. */
export interface FetchLimits {
  /** Milliseconds without a byte; an attempt as a whole may take ten times as long. */
  timeout: number;
  /** Further attempts after 429, 5xx or a broken connection. */
  retries: number;
  /** First pause between attempts in milliseconds; it doubles. A `Retry-After` replaces it; past 30 s it ends the attempts. */
  backoff: number;
  /** Redirects that are followed. */
  redirects: number;
}

/** What came back. */
export interface Fetched {
  status: number;
  headers: Headers;
  body: Uint8Array;
  /** Where the answer came from, after redirects. */
  origin: string;
  /** The body has more bytes than the limit; `body` holds the limit and one more. */
  truncated: boolean;
}

/** No HTTP answer came. */
export class TransportError extends Error {
  constructor(
    message: string,
    /** Whether another attempt may end otherwise. */
    readonly passing = false,
  ) {
    super(message);
    this.name = "TransportError";
  }
}

/** A redirect that is not followed: it will be the same next time. */
class RedirectError extends Error {}

/** How much of a body is read. */
export interface ReadLimit {
  maxBytes: number;
  /** Whether a body that is too long is of use as far as it was read; else one that says so is not read at all. */
  keepStart?: boolean;
}

interface Message {
  headers: Record<string, string>;
  form?: URLSearchParams;
}

const MAX_RETRY_AFTER = 30_000;

/** GET with time-out, retries, bounded redirects and a bounded body. */
export class Fetcher {
  readonly log: LoggedRequest[] = [];

  /** `allows` says whether a host may send us to a URL. */
  constructor(
    private readonly limits: FetchLimits,
    private readonly allows: (url: URL, host: string) => boolean,
    // Browsers refuse `fetch` as a method of anything but the window.
    private readonly send: typeof fetch = (input, init) => globalThis.fetch(input, init),
  ) {}

  get(url: URL, headers: Record<string, string>, limit: ReadLimit, signal?: AbortSignal): Promise<Fetched> {
    return this.request(url, { headers }, limit, signal);
  }

  /** Sends a form, which no redirect takes elsewhere: it holds a secret. */
  post(url: URL, form: URLSearchParams, limit: ReadLimit, signal?: AbortSignal): Promise<Fetched> {
    return this.request(url, { headers: {}, form }, limit, signal);
  }

  private async request(url: URL, message: Message, limit: ReadLimit, signal?: AbortSignal): Promise<Fetched> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.attempt(url, message, limit, attempt, signal).catch((error: unknown) => {
        if (error instanceof TransportError && !signal?.aborted) return error;
        throw error;
      });
      const wait = attempt < this.limits.retries ? this.pauseAfter(outcome, attempt) : undefined;
      if (wait !== undefined) await pause(wait, signal);
      else if (outcome instanceof TransportError) throw outcome;
      else return outcome;
    }
  }

  /** Milliseconds until the next attempt; undefined: there is no sense in one. */
  private pauseAfter(outcome: Fetched | TransportError, attempt: number): number | undefined {
    const doubled = this.limits.backoff * 2 ** attempt;
    if (outcome instanceof TransportError) return outcome.passing ? doubled : undefined;
    if (outcome.status !== 429 && outcome.status < 500) return undefined;
    const asked = retryAfter(outcome.headers);
    if (asked === undefined) return doubled;
    return asked <= MAX_RETRY_AFTER ? asked : undefined;
  }

  private async attempt(
    url: URL,
    message: Message,
    limit: ReadLimit,
    attempt: number,
    signal?: AbortSignal,
  ): Promise<Fetched> {
    const timeout = new IdleTimeout(this.limits.timeout, signal);
    const entry: LoggedRequest = { url: withoutSecrets(url), attempt };
    const started = performance.now();
    this.log.push(entry);
    try {
      const { response, origin } = await this.follow(url, message, timeout.signal);
      entry.status = response.status;
      const { body, truncated } = await read(response, limit, () => timeout.touch());
      entry.bytes = body.byteLength;
      return { status: response.status, headers: response.headers, origin, body, truncated };
    } catch (error) {
      if (signal?.aborted) throw error;
      entry.error = timeout.expired ?? reason(error);
      throw new TransportError(`${url.host}: ${entry.error}`, !(error instanceof RedirectError));
    } finally {
      entry.milliseconds = Math.round(performance.now() - started);
      timeout.clear();
    }
  }

  /** Follows redirects by hand, so that credentials stay with the origin that they are for. */
  private async follow(
    url: URL,
    { headers, form }: Message,
    signal: AbortSignal,
  ): Promise<{ response: Response; origin: string }> {
    let at = url;
    let sent = headers;
    const posted = form === undefined ? {} : { method: "POST", body: form };
    for (let hop = 0; hop <= this.limits.redirects; hop++) {
      const response = await this.send(at, { headers: sent, ...posted, redirect: "manual", credentials: "omit", signal });
      const redirected = response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400);
      if (redirected && form !== undefined) throw new RedirectError("redirect of a request with a secret refused");
      // Browsers hide where a redirect leads. They follow it by the same rule: no Authorization for another origin
      // (Fetch Standard, "HTTP-redirect fetch").
      if (response.type === "opaqueredirect") {
        const followed = await this.send(at, { headers: sent, redirect: "follow", credentials: "omit", signal });
        return { response: followed, origin: URL.canParse(followed.url) ? new URL(followed.url).origin : "unknown" };
      }
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) return { response, origin: at.origin };
      await response.body?.cancel();
      const next = this.target(location, at);
      if (next.origin !== at.origin) sent = withoutAuthorization(sent);
      at = next;
    }
    throw new RedirectError(`more than ${this.limits.redirects} redirects`);
  }

  private target(location: string, at: URL): URL {
    if (!URL.canParse(location, at)) throw new RedirectError("redirect to something that is no URL");
    const next = new URL(location, at);
    const safer = next.protocol === "https:" || (next.protocol === "http:" && at.protocol === "http:");
    if (safer && this.allows(next, at.host)) return next;
    throw new RedirectError(`redirect to ${next.protocol}//${next.host} refused: expected HTTPS, and not this machine`);
  }
}

function withoutSecrets(url: URL): string {
  const shown = new URL(url);
  shown.username = "";
  shown.password = "";
  return shown.href;
}

function withoutAuthorization(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization"));
}

/** Reads at most `maxBytes` and one more; nothing of what says itself that it is longer, unless its start is of use. */
async function read(
  response: Response,
  { maxBytes, keepStart = false }: ReadLimit,
  progressed: () => void,
): Promise<{ body: Uint8Array; truncated: boolean }> {
  if (!keepStart && Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    return { body: new Uint8Array(), truncated: true };
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    progressed();
    parts.push(value);
    length += value.byteLength;
    if (length > maxBytes) {
      await reader.cancel();
      break;
    }
  }
  const body = new Uint8Array(Math.min(length, maxBytes + 1));
  let offset = 0;
  for (const part of parts) {
    const rest = part.subarray(0, body.byteLength - offset);
    body.set(rest, offset);
    offset += rest.byteLength;
  }
  return { body, truncated: length > maxBytes };
}

/** `Retry-After` as milliseconds from now: seconds or a date (RFC 9110, 10.2.3); undefined where it is neither. */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  const wait = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.max(wait, 0) : undefined;
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
  return cause.message || code;
}
