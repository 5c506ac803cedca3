/** One request as the log keeps it. No header that carries a secret is in it. */
export interface LoggedRequest {
  url: string;
  status?: number;
  bytes?: number;
  error?: string;
  attempt: number;
}

/** Bounds of a request. */
export interface FetchLimits {
  /** Milliseconds for one attempt, body included. */
  timeout: number;
  /** Further attempts after 429, 5xx or a broken connection. */
  retries: number;
  /** First pause between attempts in milliseconds; it doubles. A `Retry-After` of at most 30 s replaces it. */
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
  constructor(message: string) {
    super(message);
    this.name = "TransportError";
  }
}

const MAX_RETRY_AFTER = 30_000;

/** GET with time-out, retries, bounded redirects and a bounded body. */
export class Fetcher {
  readonly log: LoggedRequest[] = [];

  constructor(
    private readonly limits: FetchLimits,
    private readonly fetchFunction: typeof fetch = globalThis.fetch,
  ) {}

  async get(url: URL, headers: Record<string, string>, maxBytes: number, signal?: AbortSignal): Promise<Fetched> {
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.attempt(url, headers, maxBytes, attempt, signal).catch((error: unknown) => {
        if (signal?.aborted) throw error;
        return error instanceof TransportError ? error : Promise.reject(error);
      });
      const again = outcome instanceof TransportError || outcome.status === 429 || outcome.status >= 500;
      if (!again || attempt >= this.limits.retries) {
        if (outcome instanceof TransportError) throw outcome;
        return outcome;
      }
      const asked = outcome instanceof TransportError ? undefined : retryAfter(outcome.headers);
      await pause(asked ?? this.limits.backoff * 2 ** attempt, signal);
    }
  }

  private async attempt(
    url: URL,
    headers: Record<string, string>,
    maxBytes: number,
    attempt: number,
    signal?: AbortSignal,
  ): Promise<Fetched> {
    const timeout = AbortSignal.timeout(this.limits.timeout);
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const entry: LoggedRequest = { url: url.href, attempt };
    this.log.push(entry);
    try {
      const { response, origin } = await this.follow(url, headers, either);
      entry.status = response.status;
      const { body, truncated } = await read(response, maxBytes);
      entry.bytes = body.byteLength;
      return { status: response.status, headers: response.headers, origin, body, truncated };
    } catch (error) {
      if (signal?.aborted) throw error;
      entry.error = timeout.aborted ? `no answer within ${this.limits.timeout} ms` : reason(error);
      throw new TransportError(`${url.host}: ${entry.error}`);
    }
  }

  /** Follows redirects by hand, so that credentials stay with the origin that they are for. */
  private async follow(
    url: URL,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<{ response: Response; origin: string }> {
    let at = url;
    let sent = headers;
    for (let hop = 0; hop <= this.limits.redirects; hop++) {
      const response = await this.fetchFunction(at, { headers: sent, redirect: "manual", signal });
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) return { response, origin: at.origin };
      await response.body?.cancel();
      const next = new URL(location, at);
      if (next.protocol !== "https:" && next.protocol !== at.protocol) {
        throw new Error(`redirect to ${next.protocol}//${next.host} refused: it leaves HTTPS`);
      }
      if (next.origin !== at.origin) sent = withoutAuthorization(sent);
      at = next;
    }
    throw new Error(`more than ${this.limits.redirects} redirects`);
  }
}

function withoutAuthorization(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization"));
}

/** Reads at most `maxBytes` and one more. */
async function read(response: Response, maxBytes: number): Promise<{ body: Uint8Array; truncated: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
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

/** Seconds or a date, as milliseconds from now; undefined where it is neither or too long to wait for. */
export function retryAfter(headers: Headers, now = Date.now()): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  const wait = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(wait) && wait <= MAX_RETRY_AFTER ? Math.max(wait, 0) : undefined;
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
