import { VidimusError } from "../engine/error.js";
import type { CredentialsOf } from "./auth.js";

/** The text of the config.json in a pull secret; throws where the object is none. */
export function dockerConfigOf(secret: unknown): string {
  const { kind, type, data, metadata } = (secret ?? {}) as {
    kind?: unknown;
    type?: unknown;
    data?: Record<string, unknown>;
    metadata?: { namespace?: string; name?: string };
  };
  const what = `pull secret ${metadata?.namespace ?? "default"}/${metadata?.name ?? ""}`;
  const text = data?.[".dockerconfigjson"];
  if (kind !== "Secret" || typeof text !== "string") {
    throw new VidimusError("bad-call", `${what}: expected a Secret of type kubernetes.io/dockerconfigjson, found ${String(type ?? kind)}`);
  }
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    throw new VidimusError("bad-call", `${what}: data[".dockerconfigjson"] is not base64`);
  }
}

/** The first who knows credentials for a host. */
export function firstKnown(sources: CredentialsOf[]): CredentialsOf {
  return async (host, repository) => {
    for (const source of sources) {
      const found = await source(host, repository);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
