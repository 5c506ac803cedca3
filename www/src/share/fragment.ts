import { EMPTY, type PlaygroundDocument } from "../document.js";

/** The first character of a link's content: how the rest is to be read. A link made today opens in a year. */
const VERSION = "1";

/** The document as it stands in a link. */
export async function toFragment(document: PlaygroundDocument): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(withoutDefaults(document)));
  return `${VERSION}${base64url(await through(bytes, new CompressionStream("deflate-raw")))}`;
}

/** The document of a link. Throws where it is none, or of a version that is not known. */
export async function fromFragment(fragment: string): Promise<PlaygroundDocument> {
  const [version, content] = [fragment.slice(0, 1), fragment.slice(1)];
  if (version !== VERSION) throw new Error(`the link is of version ${version || "none"}, and this page reads version ${VERSION}`);
  const bytes = await through(fromBase64url(content), new DecompressionStream("deflate-raw"));
  return checked(JSON.parse(new TextDecoder().decode(bytes)));
}

/** A document of fields that are of their types; what is absent is as in an empty page. */
export function checked(value: unknown): PlaygroundDocument {
  if (typeof value !== "object" || value === null) throw new Error("expected an object with a policy and a resource");
  const { policy, resource, exceptions, evidence, now, compat } = value as Partial<Record<keyof PlaygroundDocument, unknown>>;
  const text = (field: unknown) => (typeof field === "string" ? field : "");
  return {
    ...EMPTY,
    policy: text(policy),
    resource: text(resource),
    exceptions: text(exceptions),
    now: text(now),
    compat: compat === "exact" ? "exact" : "default",
    evidence: typeof evidence === "object" && evidence !== null ? (evidence as PlaygroundDocument["evidence"]) : undefined,
  };
}

function withoutDefaults(document: PlaygroundDocument): Partial<PlaygroundDocument> {
  return Object.fromEntries(Object.entries(document).filter(([name, value]) => value !== EMPTY[name as keyof PlaygroundDocument]));
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  const pipe = new Blob([bytes]).stream().pipeThrough(stream as ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>);
  return new Uint8Array(await new Response(pipe).arrayBuffer());
}

function base64url(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
}
