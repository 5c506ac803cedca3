import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { VidimusError } from "../engine/error.js";
import { askHelper } from "./credential-helper-node.js";
import type { Credentials, CredentialsOf } from "./auth.js";

interface Entry {
  auth?: string;
  username?: string;
  password?: string;
  identitytoken?: string;
}

interface Config {
  auths: Map<string, Entry>;
  credHelpers: Map<string, string>;
  credsStore: string | undefined;
}

/** Docker Hub's host in the file, the one that answers for it, and what helpers call it. */
const HUB = "index.docker.io";
const HUB_ON_WIRE = "registry-1.docker.io";
const HUB_FOR_HELPERS = "https://index.docker.io/v1/";

/**
 * Credentials of `~/.docker/config.json` (or of `$DOCKER_CONFIG`), else of the containers' tools' auth.json, read once, by
 * exact host. A helper for the host goes before the store, and both before what is in the file.
 */
export function dockerCredentials(folder?: string): CredentialsOf {
  const paths = folder === undefined ? usualPaths() : [join(folder, "config.json")];
  let configs: Promise<Config[]> | undefined;
  const asked = new Map<string, Promise<Credentials | undefined>>();
  return (host) => {
    configs ??= Promise.all(paths.map(read));
    let found = asked.get(host);
    if (found === undefined) {
      found = configs.then((all) => firstOf(all, host));
      asked.set(host, found);
    }
    return found;
  };
}

function usualPaths(): string[] {
  const docker = join(process.env.DOCKER_CONFIG ?? join(homedir(), ".docker"), "config.json");
  const runtime = process.env.XDG_RUNTIME_DIR;
  const containers = process.env.REGISTRY_AUTH_FILE ?? (runtime && join(runtime, "containers", "auth.json"));
  return containers ? [docker, containers] : [docker];
}

async function firstOf(configs: Config[], host: string): Promise<Credentials | undefined> {
  for (const config of configs) {
    const found = await credentialsIn(config, host === HUB_ON_WIRE ? HUB : host);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function credentialsIn({ auths, credHelpers, credsStore }: Config, host: string): Promise<Credentials | undefined> {
  const helper = credHelpers.get(host) ?? credsStore;
  const stored = helper && (await askHelper(helper, host === HUB ? HUB_FOR_HELPERS : host));
  const entry = auths.get(host);
  return stored || (entry && parse(entry));
}

/** What the file says; throws where there is one and it cannot be read. */
async function read(path: string): Promise<Config> {
  try {
    const { auths, credHelpers, credsStore } = JSON.parse(await readFile(path, "utf8")) as {
      auths?: Record<string, Entry>;
      credHelpers?: Record<string, string>;
      credsStore?: string;
    };
    return { auths: byHost(auths), credHelpers: byHost(credHelpers), credsStore };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { auths: new Map(), credHelpers: new Map(), credsStore: undefined };
    throw new VidimusError("bad-call", `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function byHost<T>(record: Record<string, T> | undefined): Map<string, T> {
  return new Map(Object.entries(record ?? {}).map(([key, value]) => [hostOf(key), value]));
}

/** Keys are hosts or, of older logins, URLs: `https://index.docker.io/v1/`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
}

function parse(entry: Entry): Credentials | undefined {
  if (entry.identitytoken) return { username: "", password: "", identityToken: entry.identitytoken };
  if (entry.username !== undefined && entry.password !== undefined) {
    return { username: entry.username, password: entry.password };
  }
  const decoded = Buffer.from(entry.auth ?? "", "base64").toString();
  const colon = decoded.indexOf(":");
  return colon < 1 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
