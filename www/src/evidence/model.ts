import type { EvidenceDocument } from "vidimus";
import { blobBytes, fromBase64, jsonOf } from "./blob.js";

/** Something in the evidence, and what it leads to. */
export interface Item {
  key: string;
  /** What it is, in a word or two. */
  kind: string;
  /** Which one. */
  name: string;
  /** The blob that it is. */
  digest?: string;
  /** Its content, decoded, where it is no blob of its own. */
  value?: unknown;
  children: Item[];
}

interface Descriptor {
  digest?: string;
  mediaType?: string;
  artifactType?: string;
  annotations?: Record<string, string>;
  platform?: { os?: string; architecture?: string };
}

interface Manifest extends Descriptor {
  manifests?: Descriptor[];
  layers?: Descriptor[];
  config?: Descriptor;
}

const BESIDE = /^sha256-([0-9a-f]{64})(?:\.(\w+))?$/;
const KINDS: Record<string, string> = { sig: "signatures", att: "attestations", sbom: "SBOM" };
/** What annotations of layers hold, by their names (cosign, SIGNATURE_SPEC.md). */
const ANNOTATIONS: Record<string, string> = {
  "dev.cosignproject.cosign/signature": "signature",
  "dev.sigstore.cosign/certificate": "certificate",
  "dev.sigstore.cosign/chain": "certificate chain",
  "dev.sigstore.cosign/bundle": "log entry",
  "dev.sigstore.cosign/rfc3161timestamp": "timestamp",
};

/** The evidence as a tree: images, what is attached to them, and what they are made of. */
export function itemsOf(evidence: EvidenceDocument): Item[] {
  const reader = new Reader(evidence);
  const { objects = [], failures = [], logEntries = {}, trustRoot } = evidence;
  return [
    ...reader.images(),
    ...reader.others(),
    ...(trustRoot === undefined ? [] : [leaf("trust root", "Sigstore TrustedRoot", trustRoot)]),
    ...objects.map((object) => leaf("object", objectName(object), object)),
    ...Object.entries(logEntries).map(([url, entry]) => leaf("log answer", url, entry)),
    ...failures.map((failure) => leaf("failure", failure.error, failure)),
  ];
}

function leaf(kind: string, name: string, value: unknown): Item {
  return { key: `${kind} ${name}`, kind, name, value, children: [] };
}

function objectName(object: unknown): string {
  const { kind, metadata } = object as { kind?: string; metadata?: { name?: string; namespace?: string } };
  return [kind, metadata?.namespace, metadata?.name].filter(Boolean).join("/");
}

class Reader {
  private readonly seen = new Set<string>();

  constructor(private readonly evidence: EvidenceDocument) {}

  /** Every tag that is no signature's, every digest that something is attached to. */
  images(): Item[] {
    const { tags = {}, referrers = {} } = this.evidence;
    const images: Item[] = [];
    const found = new Map<string, Set<string>>();
    for (const [reference, digest] of Object.entries(tags)) {
      const [, repository = "", tag = ""] = /^(.+):([^:]+)$/.exec(reference) ?? [];
      if (BESIDE.test(tag)) continue;
      found.set(repository, (found.get(repository) ?? new Set()).add(digest ?? ""));
      images.push(this.image(repository, reference, digest));
    }
    const attached = [
      ...Object.keys(tags).map((reference) => /^(.+):sha256-([0-9a-f]{64})/.exec(reference)).map((match) => match && [match[1], `sha256:${match[2]}`]),
      ...Object.keys(referrers).map((key) => key.split("@")),
    ];
    for (const [repository, digest] of attached.filter((pair) => pair !== null)) {
      if (repository === undefined || digest === undefined || found.get(repository)?.has(digest)) continue;
      found.set(repository, (found.get(repository) ?? new Set()).add(digest));
      images.push(this.image(repository, `${repository}@${digest}`, digest));
    }
    return images;
  }

  /** Blobs that nothing above leads to. */
  others(): Item[] {
    const rest = Object.keys(this.evidence.blobs ?? {}).filter((digest) => !this.seen.has(digest));
    return rest.map((digest) => this.blob("", digest, "blob", digest));
  }

  private image(repository: string, name: string, digest: string | null): Item {
    const children = digest === null ? [] : [...this.contents(name, digest), ...this.attached(repository, digest)];
    return { key: name, kind: digest === null ? "no such image" : "image", name, ...(digest && { digest }), children };
  }

  private attached(repository: string, digest: string): Item[] {
    const { tags = {}, referrers = {} } = this.evidence;
    const items: Item[] = [];
    for (const [reference, target] of Object.entries(tags)) {
      if (!reference.startsWith(`${repository}:${digest.replace(":", "-")}`)) continue;
      const suffix = /\.(\w+)$/.exec(reference)?.[1] ?? "";
      const kind = KINDS[suffix] ?? "referrers index";
      items.push(target === null ? { key: reference, kind: `no ${kind}`, name: reference.split(":").at(-1) ?? "", children: [] } : this.blob(reference, target, kind, reference.split(":").at(-1) ?? ""));
    }
    const listed = referrers[`${repository}@${digest}`];
    if (listed !== undefined) {
      const children = listed.descriptors.map((descriptor) => this.blob(`${repository}@${digest}>`, descriptor.digest, referrerKind(descriptor), descriptor.artifactType ?? descriptor.mediaType));
      const name = `${listed.descriptors.length} by ${listed.source === "api" ? "the referrers API" : "the fallback tag"}`;
      items.push({ key: `referrers ${repository}@${digest}`, kind: "referrers", name, value: listed, children });
    }
    return items;
  }

  private blob(parent: string, digest: string, kind: string, name: string): Item {
    return { key: `${parent}>${digest}`, kind, name, digest, children: this.contents(`${parent}>${digest}`, digest) };
  }

  private contents(parent: string, digest: string): Item[] {
    const known = this.seen.has(digest) && parent.split(digest).length > 2;
    this.seen.add(digest);
    const bytes = blobBytes(this.evidence, digest);
    const manifest = bytes && (jsonOf(bytes) as Manifest | undefined);
    if (known || typeof manifest !== "object" || manifest === null) return [];
    const list = (value: Descriptor[] | undefined) => (Array.isArray(value) ? value : []).filter(({ digest: child }) => typeof child === "string");
    return [
      ...list(manifest.manifests).map((child) => this.blob(parent, child.digest ?? "", referrerKind(child), platform(child))),
      ...list(manifest.layers).map((child) => this.layer(parent, child)),
      ...list(manifest.config && [manifest.config]).filter((child) => this.has(child)).map((child) => this.blob(parent, child.digest ?? "", "config", child.mediaType ?? "")),
      ...payloads(parent, manifest),
    ];
  }

  private has({ digest = "" }: Descriptor): boolean {
    return this.evidence.blobs?.[digest] !== undefined;
  }

  private layer(parent: string, descriptor: Descriptor): Item {
    const item = this.blob(parent, descriptor.digest ?? "", layerKind(descriptor), descriptor.mediaType ?? "");
    const annotations = Object.entries(descriptor.annotations ?? {}).map(([name, text]) => ({
      key: `${item.key}>${name}`, kind: ANNOTATIONS[name] ?? "annotation", name, value: decoded(text), children: [],
    }));
    return { ...item, children: [...item.children, ...annotations] };
  }
}

/** What is inside envelopes: DSSE (payload in base64), bundles, JWS. */
function payloads(parent: string, document: object): Item[] {
  const { payload, payloadType, dsseEnvelope } = document as { payload?: unknown; payloadType?: unknown; dsseEnvelope?: object };
  if (dsseEnvelope !== undefined) return payloads(`${parent}>dsse`, dsseEnvelope);
  if (typeof payload !== "string") return [];
  const kind = typeof payloadType === "string" ? "statement" : "payload";
  try {
    const value = decoded(new TextDecoder().decode(fromBase64(payload.replace(/-/g, "+").replace(/_/g, "/"))));
    return [{ key: `${parent}>payload`, kind, name: statementName(value), value, children: [] }];
  } catch {
    return [];
  }
}

function statementName(value: unknown): string {
  const { predicateType } = (value ?? {}) as { predicateType?: string };
  return predicateType ?? "";
}

function decoded(text: string): unknown {
  try {
    return /^\s*[[{]/.test(text) ? (JSON.parse(text) as unknown) : text;
  } catch {
    return text;
  }
}

function platform({ platform: of, digest = "" }: Descriptor): string {
  return of === undefined ? digest : `${of.os}/${of.architecture}`;
}

function referrerKind({ artifactType = "", mediaType = "" }: Descriptor): string {
  if (/notary/.test(artifactType)) return "Notation signature";
  if (/sigstore\.bundle/.test(artifactType)) return "Sigstore bundle";
  return /index|manifest/.test(mediaType) && artifactType === "" ? "manifest" : "referrer";
}

function layerKind({ mediaType = "" }: Descriptor): string {
  if (/simplesigning/.test(mediaType)) return "signed payload";
  if (/dsse/.test(mediaType)) return "attestation";
  if (/sigstore\.bundle/.test(mediaType)) return "bundle";
  if (/jose/.test(mediaType)) return "JWS envelope";
  return /cose/.test(mediaType) ? "COSE envelope" : "layer";
}
