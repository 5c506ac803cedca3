// Debian's docker-registry with credentials of its own: a password file, or tokens of a service that it trusts.

import { randomUUID, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { authority, certificate } from "./certificates.mjs";
import { BASIC, USER } from "./guard.mjs";
import { startRegistry } from "./registry-server.mjs";

/** bcrypt of the user's password: what the registry reads, and Node cannot make. */
const HASH = "$2y$05$abcdefghijklmnopqrstuuykDbrHIkPBAe3TkMNzTPuBTmCT39jdG";

/** The registry that wants a name and a password. */
export function startBasicRegistry() {
  return startRegistry((folder) => {
    writeFileSync(join(folder, "htpasswd"), `${USER.username}:${HASH}\n`);
    return `auth:\n  htpasswd:\n    realm: r\n    path: ${folder}/htpasswd\n`;
  });
}

/** The registry that wants a token, and the service that issues it. */
export async function startBearerRegistry() {
  const issuer = await startTokenService();
  const registry = await startRegistry((folder) => {
    writeFileSync(join(folder, "root.pem"), issuer.root);
    const lines = [`realm: http://${issuer.host}/token`, "service: guard", "issuer: test", `rootcertbundle: ${folder}/root.pem`];
    return `auth:\n  token:\n${lines.map((line) => `    ${line}\n`).join("")}`;
  });
  const stop = () => {
    registry.stop();
    issuer.stop();
  };
  return { host: registry.host, tokenHost: issuer.host, stop };
}

/** Issues the tokens of the distribution specification: JSON web tokens whose certificate the registry trusts. */
async function startTokenService() {
  const ca = authority("token authority");
  const signer = authority("token signer");
  const [from, until] = [new Date(Date.now() - 86_400_000), new Date(Date.now() + 86_400_000)].map((time) => time.toISOString());
  const x5c = [certificate(ca, signer, from, until).replace(/-----[^-]+-----|\s/g, "")];
  const server = createServer((request, response) => {
    if (request.headers.authorization !== BASIC) return response.writeHead(401).end();
    const scope = new URL(request.url, "http://tokens").searchParams.get("scope") ?? "";
    return response.end(JSON.stringify({ token: tokenFor(scope, { alg: "ES256", typ: "JWT", x5c }, signer.privateKey) }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { host: `localhost:${server.address().port}`, root: certificate(ca, ca, from, until), stop };
}

function tokenFor(scope, header, key) {
  const [type, name, actions = ""] = scope.split(":");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "test", sub: USER.username, aud: "guard", nbf: now - 60, iat: now, exp: now + 3600, jti: randomUUID() };
  const parts = [header, { ...claims, access: [{ type, name, actions: actions.split(",") }] }];
  const content = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${content}.${sign("sha256", Buffer.from(content), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
}
