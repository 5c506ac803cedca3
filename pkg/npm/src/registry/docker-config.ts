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
 * exact host; in an auth.json also by repository, the longest name first. A helper for the host goes before the store, and
 * both before what is in the file.
 *
 * Source: docker/cli, "cli/config/configfile"; containers-auth.json(5).
 */
export function dockerCredentials(folder?: string): CredentialsOf {
  const paths = folder === undefined ? usualPaths() : [join(folder, "config.json")];
  let configs: Promise<Config[]> | undefined;
  const asked = new Map<string, Promise<Credentials | undefined>>();
  return (host, repository) => {
    configs ??= Promise.all(paths.map(read));
    const key = `${host}/${repository ?? ""}`;
    const found = asked.get(key) ?? configs.then((all) => firstOf(all, host, repository));
    asked.set(key, found);
    return found;
  };
}

/** Credentials of the text of a config.json, such as a pull secret holds; throws where it cannot be read. */
export function credentialsOf(text: string, name: string): CredentialsOf {
  const config = parseConfig(text, name);
  return (host, repository) => firstOf([config], host, repository);
}

function usualPaths(): string[] {
  const docker = join(process.env.DOCKER_CONFIG ?? join(homedir(), ".docker"), "config.json");
  const runtime = process.env.XDG_RUNTIME_DIR;
  const containers = process.env.REGISTRY_AUTH_FILE ?? (runtime && join(runtime, "containers", "auth.json"));
  return containers ? [docker, containers] : [docker];
}

async function firstOf(configs: Config[], host: string, repository?: string): Promise<Credentials | undefined> {
  for (const config of configs) {
    const found = await credentialsIn(config, host === HUB_ON_WIRE ? HUB : host, repository);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function credentialsIn(config: Config, host: string, repository?: string): Promise<Credentials | undefined> {
  const helper = config.credHelpers.get(host) ?? config.credsStore;
  const stored = helper && (await askHelper(helper, host === HUB ? HUB_FOR_HELPERS : host));
  if (stored) return stored;
  const entry = namesOf(host, repository).flatMap((name) => config.auths.get(name) ?? [])[0];
  return entry && parse(entry);
}

/** `host/a/b`, `host/a`, `host`. */
function namesOf(host: string, repository?: string): string[] {
  const parts = repository === undefined ? [] : repository.split("/");
  return Array.from({ length: parts.length + 1 }, (_, cut) => [host, ...parts.slice(0, parts.length - cut)].join("/"));
}

/** What the file says; throws where there is one and it cannot be read. */
async function read(path: string): Promise<Config> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw new VidimusError("bad-call", `${path}: ${error.message}`);
  });
  return parseConfig(text, path);
}

function parseConfig(text: string, name: string): Config {
  try {
    const { auths, credHelpers, credsStore } = JSON.parse(text) as {
      auths?: Record<string, Entry>;
      credHelpers?: Record<string, string>;
      credsStore?: string;
    };
    return { auths: byName(auths), credHelpers: byName(credHelpers), credsStore };
  } catch (error) {
    // The words of the parser repeat what it read, and that is secret.
    if (error instanceof SyntaxError) throw new VidimusError("bad-call", `${name}: expected JSON as \`docker login\` writes it`);
    throw new VidimusError("bad-call", `${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function byName<T>(record: Record<string, T> | undefined): Map<string, T> {
  return new Map(Object.entries(record ?? {}).map(([key, value]) => [nameOf(key), value]));
}

/** Keys are hosts, of an auth.json also repositories or, of older logins, URLs: `https://index.docker.io/v1/`. */
function nameOf(key: string): string {
  const name = key.replace(/^https?:\/\//, "");
  return name !== key || /\/v[12]\/?$/.test(name) ? name.replace(/\/.*$/s, "") : name;
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
