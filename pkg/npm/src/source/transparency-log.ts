import type { Artifacts } from "../engine/artifacts.js";
import type { NeedDocument } from "../engine/types.js";
import { requestOf, type ArtifactSource } from "./source.js";

/** Milliseconds until an answer must be there. */
const TIMEOUT = 20_000;
/** The longest answer, in bytes. */
const MAX_ANSWER = 4 << 20;

/** Asks transparency logs for signatures that come without a log entry. */
export class TransparencyLogSource implements ArtifactSource {
  readonly name = "transparency log";

  /** `send` replaces the platform's `fetch`. */
  constructor(private readonly send: typeof fetch = (input, init) => globalThis.fetch(input, init)) {}

  async answer(need: NeedDocument, artifacts: Artifacts, signal?: AbortSignal): Promise<boolean> {
    if (need.kind !== "rekor-entry") return false;
    const url = `${(need.url ?? "").replace(/\/+$/, "")}/api/v1/log/entries/retrieve`;
    try {
      const response = await this.post(url, need.body, signal);
      const text = await response.text();
      if (response.status !== 200) {
        const error = `${url} answered ${response.status}: ${text.slice(0, 200)}`;
        artifacts.addFailure(requestOf(need), { status: response.status, error, transport: false });
      } else if (text.length > MAX_ANSWER) {
        artifacts.addFailure(requestOf(need), { status: 200, error: `${url}: more than ${MAX_ANSWER} bytes`, transport: false });
      } else {
        await this.add(need, text, url, artifacts);
      }
    } catch (error) {
      if (signal?.aborted) throw error;
      artifacts.addFailure(requestOf(need), { error: `${url}: ${reason(error)}`, transport: true });
    }
    return true;
  }

  private post(url: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const limit = AbortSignal.timeout(TIMEOUT);
    return this.send(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      redirect: "error",
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
  }

  private async add(need: NeedDocument, text: string, url: string, artifacts: Artifacts): Promise<void> {
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      return void artifacts.addFailure(requestOf(need), { status: 200, error: `${url}: the answer is not JSON`, transport: false });
    }
    await artifacts.addLogEntry(need.url ?? "", need.body, answer);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
