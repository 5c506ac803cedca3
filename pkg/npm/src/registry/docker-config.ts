import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { VidimusError } from "../engine/error.js";
import type { Credentials, CredentialsOf } from "./auth.js";

interface Entry {
  auth?: string;
  username?: string;
  password?: string;
}

/** Docker Hub's host in the file, and the one that answers for it. */
const HUB = "index.docker.io";
const HUB_ON_WIRE = "registry-1.docker.io";

/** Credentials of `~/.docker/config.json` (or of `$DOCKER_CONFIG`), read once, by exact host. */
export function dockerCredentials(folder = process.env.DOCKER_CONFIG ?? join(homedir(), ".docker")): CredentialsOf {
  let entries: Promise<Map<string, Entry>> | undefined;
  return async (host) => {
    entries ??= read(join(folder, "config.json"));
    const entry = (await entries).get(host === HUB_ON_WIRE ? HUB : host);
    return entry && parse(entry);
  };
}

/** The entries by host; throws where there is a file and it cannot be read. */
async function read(path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    const { auths } = JSON.parse(await readFile(path, "utf8")) as { auths?: Record<string, Entry> };
    for (const [key, entry] of Object.entries(auths ?? {})) entries.set(hostOf(key), entry);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return entries;
    throw new VidimusError("bad-call", `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return entries;
}

/** Keys are hosts or, of older logins, URLs: `https://index.docker.io/v1/`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
}

function parse(entry: Entry): Credentials | undefined {
  if (entry.username !== undefined && entry.password !== undefined) {
    return { username: entry.username, password: entry.password };
  }
  const decoded = Buffer.from(entry.auth ?? "", "base64").toString();
  const colon = decoded.indexOf(":");
  return colon < 1 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
