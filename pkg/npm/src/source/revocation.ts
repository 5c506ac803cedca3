import type { Artifacts } from "../engine/artifacts.js";
import type { NeedDocument } from "../engine/types.js";
import { requestOf, type ArtifactSource } from "./source.js";

/** Milliseconds until an answer must be there. */
const TIMEOUT = 10_000;

/**
 * Asks OCSP responders and fetches revocation lists, at the addresses that trusted certificates name.
 *
 * The engine asks about certificates alone that the policy trusts, and at `http` addresses only: what comes is signed.
 * Redirects are not followed, and reading ends at the limit that the engine gives.
 */
export class RevocationSource implements ArtifactSource {
  readonly name = "revocation";

  /** `send` replaces the platform's `fetch`. */
  constructor(private readonly send: typeof fetch = (input, init) => globalThis.fetch(input, init)) {}

  async answer(need: NeedDocument, artifacts: Artifacts, signal?: AbortSignal): Promise<boolean> {
    if (need.kind !== "ocsp" && need.kind !== "revocation-list") return false;
    const url = need.url ?? "";
    const body = need.kind === "ocsp" ? String(need.body) : undefined;
    try {
      const response = await this.ask(url, body, signal);
      const bytes = await read(response, need.maxBytes ?? 0);
      const fail = (error: string) => artifacts.addFailure(requestOf(need), { status: response.status, error, transport: false });
      if (response.status !== 200) fail(`answered ${response.status}`);
      else if (bytes === undefined) fail(`more than ${need.maxBytes} bytes`);
      else await artifacts.addRevocation(url, body, bytes);
    } catch (error) {
      if (signal?.aborted) throw error;
      artifacts.addFailure(requestOf(need), { error: reason(error), transport: true });
    }
    return true;
  }

  private ask(url: string, body: string | undefined, signal?: AbortSignal): Promise<Response> {
    const limit = AbortSignal.timeout(TIMEOUT);
    const question = body === undefined ? {} : {
      method: "POST",
      headers: { "content-type": "application/ocsp-request" },
      body: Uint8Array.from(atob(body), (character) => character.charCodeAt(0)),
    };
    return this.send(url, { ...question, redirect: "error", signal: signal === undefined ? limit : AbortSignal.any([limit, signal]) });
  }
}

/** The body, unless it is longer than `limit`: what is behind is not read. */
async function read(response: Response, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  const reader = response.body?.getReader();
  let length = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    length += part.value.length;
    if (length > limit) return void (await reader?.cancel());
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
