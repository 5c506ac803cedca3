// Pushes OCI image layouts to a registry, as a client would: blobs, then manifests, what refers to others last.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { digestOf, referrerOf } from "./registry-server.mjs";

const REF_NAME = "org.opencontainers.image.ref.name";
const INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

/** The repositories of a layout root under one host folder, as paths. */
export function repositoriesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith("/index.json") && existsSync(join(folder, path, "../oci-layout")))
    .map((path) => path.slice(0, -"/index.json".length))
    .sort();
}

/**
 * Pushes a layout. What the registry refuses, such as bytes that are not those of their digest, comes back by name.
 * `hasReferrers`: where it does not list referrers itself, the fallback tag is pushed as clients must.
 */
export async function pushLayout(host, repository, folder, { authorization, hasReferrers }) {
  const layout = new Layout(folder);
  const refused = [];
  const note = (what, status) => status === 201 || refused.push(`${repository} ${what}: HTTP ${status}`);
  const headers = authorization === undefined ? {} : { authorization };
  for (const [digest, bytes] of layout.blobs) note(digest, await putBlob(host, repository, digest, bytes, headers));
  for (const { mediaType, digest, name } of layout.manifests) {
    note(name, await putManifest(host, repository, name, mediaType, layout.bytes(digest), headers));
  }
  for (const [subject, manifests] of hasReferrers ? [] : layout.referrers()) {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
    note(`referrers of ${subject}`, await putManifest(host, repository, subject.replace(":", "-"), INDEX, bytes, headers));
  }
  return refused;
}

/** A layout as things to push, in the order that registries want. */
class Layout {
  constructor(folder) {
    this.folder = folder;
    const { manifests } = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
    this.listed = manifests;
    this.manifests = [];
    for (const descriptor of manifests) this.collect(descriptor, descriptor.annotations?.[REF_NAME] ?? descriptor.digest);
    const known = new Set(this.manifests.map(({ digest }) => digest));
    const files = existsSync(join(folder, "blobs/sha256")) ? readdirSync(join(folder, "blobs/sha256")) : [];
    this.blobs = files.map((hex) => [`sha256:${hex}`, readFileSync(join(folder, "blobs/sha256", hex))]).filter(([digest]) => !known.has(digest));
  }

  bytes(digest) {
    const path = join(this.folder, "blobs", digest.replace(":", "/"));
    return existsSync(path) ? readFileSync(path) : undefined;
  }

  /** The children of an index, then itself. */
  collect({ mediaType, digest }, name) {
    const bytes = this.bytes(digest);
    if (bytes === undefined) return;
    const parsed = parse(bytes);
    for (const child of mediaType === INDEX || mediaType === LIST ? (parsed?.manifests ?? []) : []) {
      if (child !== null && typeof child?.digest === "string") this.collect(child, child.digest);
    }
    this.manifests.push({ mediaType: parsed?.mediaType ?? mediaType ?? MANIFEST, digest, name });
  }

  /** What refers to what, as the fallback tag lists it. */
  referrers() {
    const found = new Map();
    for (const { mediaType, digest } of this.manifests) {
      const bytes = this.bytes(digest);
      const parsed = parse(bytes);
      if (parsed?.subject?.digest === undefined) continue;
      const list = found.get(parsed.subject.digest) ?? [];
      if (!list.some((known) => known.digest === digest)) {
        list.push(referrerOf(mediaType, digest, bytes, parsed));
      }
      found.set(parsed.subject.digest, list);
    }
    return found;
  }
}

function parse(bytes) {
  try {
    return JSON.parse(bytes);
  } catch {
    return undefined;
  }
}

async function putBlob(host, repository, digest, bytes, headers) {
  if (digestOf(bytes) !== digest) return 400;
  const started = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: "POST", headers });
  if (started.status !== 202) return started.status;
  const url = new URL(started.headers.get("location"), `http://${host}`);
  url.searchParams.set("digest", digest);
  const done = await fetch(url, { method: "PUT", body: bytes, headers: { "content-type": "application/octet-stream", ...headers } });
  await done.arrayBuffer();
  return done.status;
}

async function putManifest(host, repository, name, mediaType, bytes, headers) {
  const url = `http://${host}/v2/${repository}/manifests/${name}`;
  const done = await fetch(url, { method: "PUT", body: bytes, headers: { "content-type": mediaType, ...headers } });
  await done.arrayBuffer();
  return done.status;
}
