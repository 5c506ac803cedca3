// The door of a registry that wants credentials: challenges as real ones write them, and tokens that are good for their scope.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";

/** Who may enter. */
export const USER = { username: "robot$ci", password: "pa55-w0rd" };
export const BASIC = `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString("base64")}`;

/** Wants `scheme` ("Basic" or "Bearer"; undefined: nothing) of whoever asks. `own`: the host that challenges name. */
export class Guard {
  tokens = new Map();

  constructor(scheme, own) {
    Object.assign(this, { scheme, own });
  }

  /** Whether the request was answered here: a token issued, or a challenge. */
  answers(request, response) {
    const url = new URL(request.url, "http://registry");
    if (this.scheme === undefined) return false;
    if (this.scheme === "Bearer" && url.pathname === "/token") return this.issue(url, request, response);
    if (this.admits(url, request)) return false;
    const bearer = `Bearer realm="http://${this.own()}/token",service="guard",scope="repository:any:pull"`;
    const challenge = this.scheme === "Basic" ? 'Basic realm="guard"' : bearer;
    response.writeHead(401, { "www-authenticate": challenge, "content-type": "application/json" });
    response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
    return true;
  }

  issue(url, request, response) {
    if (request.headers.authorization !== BASIC) response.writeHead(401).end();
    else {
      const token = randomUUID();
      this.tokens.set(token, url.searchParams.get("scope"));
      response.end(JSON.stringify({ token }));
    }
    return true;
  }

  admits(url, { method, headers: { authorization } }) {
    if (this.scheme === "Basic") return authorization === BASIC;
    const [, path, actions] = /^repository:(.+):([a-z,]+)$/.exec(this.tokens.get(authorization?.slice("Bearer ".length)) ?? "") ?? [];
    const action = method === "GET" || method === "HEAD" ? "pull" : "push";
    return path !== undefined && url.pathname.startsWith(`/v2/${path}/`) && actions.split(",").includes(action);
  }
}

/** What lets a client push to `repository`, where a token service of the guard's kind is at `host`. */
export async function pushAuthorization(scheme, host, repository) {
  if (scheme !== "Bearer") return scheme && BASIC;
  const scope = encodeURIComponent(`repository:${repository}:pull,push`);
  const issued = await fetch(`http://${host}/token?service=guard&scope=${scope}`, { headers: { authorization: BASIC } });
  return `Bearer ${(await issued.json()).token}`;
}

/** A guard before a registry that has none of its own; `named`: the host that clients know it by. */
export function startGuarded(scheme, registry, named) {
  const server = createServer(async (request, response) => {
    if (guard.answers(request, response)) return request.resume();
    const parts = [];
    for await (const part of request) parts.push(part);
    const { host, connection, authorization, "content-length": _, ...headers } = request.headers;
    const body = request.method === "GET" || request.method === "HEAD" ? undefined : Buffer.concat(parts);
    const answer = await fetch(`http://${registry}${request.url}`, { method: request.method, headers, body });
    const { "content-encoding": __, "transfer-encoding": ___, ...sent } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, { ...sent, ...(sent.location && { location: sent.location.replace(/^https?:\/\/[^/]+/, "") }) });
    return response.end(Buffer.from(await answer.arrayBuffer()));
  });
  const guard = new Guard(scheme, () => named ?? `localhost:${server.address().port}`);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const stop = () => {
        server.closeAllConnections();
        server.close();
      };
      resolve({ host: `localhost:${server.address().port}`, stop });
    });
  });
}
