import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { VidimusError } from "../engine/error.js";
import type { SourceDocument } from "../engine/types.js";

/** The texts that paths name: files, folders (every .yaml, .yml and .json below them), `-` for standard input. */
export async function readTexts(paths: string[]): Promise<SourceDocument[]> {
  const names = (await Promise.all(paths.map(expand))).flat();
  return Promise.all(names.map(async (name) => ({ name: name === "-" ? "stdin" : name, text: await readText(name) })));
}

/** A document of one of the kinds that policies are written in, as far as a line of YAML, or JSON in one line, tells. */
const POLICY_KIND = /(?:^|[{,])\s*["']?kind["']?\s*:\s*["']?(ClusterPolicy|Policy|PolicyException|\w*List)["']?\s*(?=[,}]|#|$)/m;

/**
 * The policies that paths name. A file that is named must be one; in a folder, files of other kinds are left out, and
 * said to be.
 */
export async function readPolicies(paths: string[]): Promise<SourceDocument[]> {
  const texts = await readTexts(paths);
  const given = new Set(paths);
  const isPolicy = ({ name, text }: SourceDocument) => given.has(name) || name === "stdin" || POLICY_KIND.test(text);
  const others = texts.filter((source) => !isPolicy(source));
  if (others.length > 0) {
    const named = others.slice(0, 3).map(({ name }) => name).join(", ");
    const more = others.length > 3 ? ` and ${others.length - 3} more` : "";
    process.stderr.write(`note: not policies, left out: ${named}${more}\n`);
  }
  return texts.filter(isPolicy);
}

/** One text file. */
export async function readText(path: string): Promise<string> {
  try {
    return path === "-" ? await text(process.stdin) : await readFile(path, "utf8");
  } catch (error) {
    throw new VidimusError("bad-call", `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function expand(path: string): Promise<string[]> {
  if (path === "-") return [path];
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) throw new VidimusError("bad-call", `${path}: no such file or folder`);
  if (!info.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (found.length === 0) throw new VidimusError("bad-call", `${path}: no .yaml, .yml or .json file in this folder`);
  return found;
}

/** Acts on files; what the system says of a failure is a mistake of the call, with what it was about. */
export async function failing<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new VidimusError("bad-call", `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
