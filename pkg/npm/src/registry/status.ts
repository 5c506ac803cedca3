import type { Fetched } from "./fetch.js";
import type { WireName } from "./name.js";

/** An HTTP answer that is no success, or none of the protocol. */
export class StatusError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The answer, if it is one; throws what the registry says otherwise. */
export function success(response: Fetched, name: WireName, what: string): Fetched {
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
