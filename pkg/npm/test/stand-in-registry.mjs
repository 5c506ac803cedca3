// A small registry with the referrers API, for where none can be installed: it pushes and pulls as the OCI distribution
// specification 1.1 says, pages its lists, filters by type, and wants credentials where it is told to.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { Guard } from "./guard.mjs";
import { digestOf, referrerOf } from "./registry-server.mjs";

const INDEX = "application/vnd.oci.image.index.v1+json";
const REPOSITORY = "[a-z0-9]+(?:(?:[._]|__|-+|/)[a-z0-9]+)*";
const ROUTES = [
  [new RegExp(`^/v2/(${REPOSITORY})/blobs/uploads/([^/]*)$`), "upload"],
  [new RegExp(`^/v2/(${REPOSITORY})/blobs/([^/]+)$`), "blob"],
  [new RegExp(`^/v2/(${REPOSITORY})/manifests/([^/]+)$`), "manifest"],
  [new RegExp(`^/v2/(${REPOSITORY})/referrers/([^/]+)$`), "referrers"],
];

/**
 * Starts it on a free loopback port. `auth`: "Basic" or "Bearer"; `pageSize`: referrers on a page; `named`: the host that
 * clients know it by, where that is another than its own; `fault`: answers in its place where it returns true.
 */
export function startStandIn({ auth, pageSize = 4, named, fault = () => false } = {}) {
  const repositories = new Map();
  const seen = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://registry");
    seen.push(`${request.method} ${url.pathname}${url.search}`);
    const body = Buffer.concat(await collect(request));
    if (fault(request, response) === true || guard.answers(request, response)) return undefined;
    if (url.pathname === "/v2/") return response.end("{}");
    const [match, kind] = ROUTES.map(([pattern, name]) => [pattern.exec(url.pathname), name]).find(([found]) => found !== null) ?? [];
    if (match === undefined) return refuse(response, 404, "NAME_UNKNOWN");
    const [, name, key] = match;
    if (request.method !== "GET" && request.method !== "HEAD" && !repositories.has(name)) {
      repositories.set(name, { blobs: new Map(), manifests: new Map(), tags: new Map() });
    }
    const repository = repositories.get(name);
    if (repository === undefined) return refuse(response, 404, "NAME_UNKNOWN");
    return HANDLERS[`${request.method === "HEAD" ? "GET" : request.method} ${kind}`]({ repository, name, key, url, body, request, response });
  });
  const HANDLERS = handlers(pageSize);
  const guard = new Guard(auth, () => named ?? `localhost:${server.address().port}`);

  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const stop = () => {
        server.closeAllConnections();
        server.close();
      };
      resolve({ host: `localhost:${server.address().port}`, requests: seen, stop });
    });
  });
}

async function collect(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts;
}

function refuse(response, status, code, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
}

/** What is done by method and kind of path. */
function handlers(pageSize) {
  return {
    "POST upload": ({ name, response }) =>
      response.writeHead(202, { location: `/v2/${name}/blobs/uploads/${randomUUID()}` }).end(),
    "PUT upload": ({ repository, url, body, response }) => {
      const digest = url.searchParams.get("digest");
      if (digestOf(body) !== digest) return refuse(response, 400, "DIGEST_INVALID");
      repository.blobs.set(digest, body);
      return response.writeHead(201).end();
    },
    "GET blob": ({ repository, key, response }) => {
      const bytes = repository.blobs.get(key);
      if (bytes === undefined) return refuse(response, 404, "BLOB_UNKNOWN");
      return response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length }).end(bytes);
    },
    "PUT manifest": ({ repository, key, body, request, response }) => putManifest(repository, key, body, request, response),
    "GET manifest": ({ repository, key, request, response }) => {
      const digest = key.startsWith("sha256:") ? key : repository.tags.get(key);
      const found = repository.manifests.get(digest);
      if (found === undefined) return refuse(response, 404, "MANIFEST_UNKNOWN");
      if (!request.headers.accept?.includes(found.mediaType)) return refuse(response, 406, "UNSUPPORTED");
      return response
        .writeHead(200, { "content-type": found.mediaType, "docker-content-digest": digest, "content-length": found.bytes.length })
        .end(found.bytes);
    },
    "GET referrers": ({ repository, name, key, url, response }) => listReferrers(repository, name, key, url, response, pageSize),
  };
}

function putManifest(repository, key, bytes, request, response) {
  const digest = digestOf(bytes);
  if (key.startsWith("sha256:") && key !== digest) return refuse(response, 400, "DIGEST_INVALID");
  let parsed;
  try {
    parsed = JSON.parse(bytes);
  } catch {
    return refuse(response, 400, "MANIFEST_INVALID");
  }
  repository.manifests.set(digest, { bytes, mediaType: request.headers["content-type"], parsed });
  if (!key.startsWith("sha256:")) repository.tags.set(key, digest);
  const subject = parsed?.subject?.digest;
  return response.writeHead(201, { location: digest, ...(subject && { "oci-subject": subject }) }).end();
}

function listReferrers(repository, name, subject, url, response, pageSize) {
  const type = url.searchParams.get("artifactType");
  const all = [...repository.manifests].filter(([, { parsed }]) => parsed?.subject?.digest === subject).map(([digest, { bytes, mediaType, parsed }]) => referrerOf(mediaType, digest, bytes, parsed));
  const matching = all.filter(({ artifactType }) => type === null || artifactType === type);
  const start = Number(url.searchParams.get("from") ?? 0);
  const next = start + pageSize;
  const query = new URLSearchParams({ ...(type !== null && { artifactType: type }), from: String(next) });
  const headers = {
    "content-type": INDEX,
    ...(type !== null && { "oci-filters-applied": "artifactType" }),
    ...(next < matching.length && { link: `</v2/${name}/referrers/${subject}?${query}>; rel="next"` }),
  };
  response.writeHead(200, headers).end(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: matching.slice(start, next) }));
}
