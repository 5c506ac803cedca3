import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Credentials, CredentialsOf } from "./auth.js";

interface DockerConfig {
  auths?: Record<string, { auth?: string; username?: string; password?: string }>;
}

/** Docker Hub's key in the file. */
const HUB = "https://index.docker.io/v1/";

/** Credentials of `~/.docker/config.json` (or of `$DOCKER_CONFIG`), read once, by exact host. */
export function dockerCredentials(folder = process.env.DOCKER_CONFIG ?? join(homedir(), ".docker")): CredentialsOf {
  let config: Promise<DockerConfig> | undefined;
  return async (host) => {
    config ??= readFile(join(folder, "config.json"), "utf8").then((text) => JSON.parse(text) as DockerConfig, () => ({}));
    const { auths = {} } = await config;
    const entry = auths[host] ?? auths[`https://${host}`] ?? (host === "registry-1.docker.io" ? auths[HUB] : undefined);
    return entry && parse(entry);
  };
}

function parse(entry: { auth?: string; username?: string; password?: string }): Credentials | undefined {
  if (entry.username !== undefined && entry.password !== undefined) {
    return { username: entry.username, password: entry.password };
  }
  const decoded = Buffer.from(entry.auth ?? "", "base64").toString();
  const colon = decoded.indexOf(":");
  return colon < 1 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
