// What a suite reads: test files, and the files that tests name. Synchronously, each file once: hundreds of small files
// are read several times faster so.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { VidimusError } from "../../engine/error.js";

/** A file, and what is in it. */
export interface TextFile {
  name: string;
  text: string;
}

/** The test files that paths name, in order, each once. */
export function findTests(paths: string[], fileName: string): string[] {
  const found = paths.flatMap((path) => {
    const info = statSync(path, { throwIfNoEntry: false });
    if (info === undefined) throw new VidimusError("bad-call", `${path}: no such file or folder`);
    return info.isDirectory() ? [...walk(path, (name) => name === fileName)].sort() : [path];
  });
  return [...new Set(found)];
}

/** Folders that hold nobody's tests. Hidden ones may: Kyverno's own policies have theirs in `.kyverno-test`. */
const LEFT_OUT = new Set([".git", "node_modules"]);

/** Files below a folder whose name is wanted. */
function* walk(folder: string, wanted: (name: string) => boolean): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!LEFT_OUT.has(entry.name)) yield* walk(path, wanted);
    } else if (wanted(entry.name)) {
      yield path;
    }
  }
}

/** Reads the files of tests. */
export class TestReader {
  private readonly texts = new Map<string, string>();

  /** The text of a file. */
  text(path: string): string {
    let text = this.texts.get(path);
    if (text === undefined) {
      text = readFileSync(path, "utf8");
      this.texts.set(path, text);
    }
    return text;
  }

  /** The files behind a path that a test in `folder` names; throws with a reason where there is none. */
  expand(folder: string, path: string): TextFile[] {
    if (/^https?:\/\//.test(path)) throw new Error("URLs are not supported: keep a copy beside the test");
    const whole = path.startsWith("/") ? path : join(folder, path);
    const info = statSync(whole, { throwIfNoEntry: false });
    if (info?.isDirectory()) {
      const names = [...walk(whole, (name) => /^[^.].*\.(ya?ml|json)$/.test(name))].sort();
      if (names.length === 0) throw new Error("no .yaml, .yml or .json file in this folder");
      return names.map((name) => this.file(name));
    }
    if (info !== undefined) return [this.file(whole)];
    const names = /[*?[]/.test(path) ? [...matches(whole)].sort() : [];
    if (names.length === 0) throw new Error("no such file or folder");
    return names.map((name) => this.file(name));
  }

  private file(name: string): TextFile {
    return { name, text: this.text(name) };
  }
}

/** Files that a pattern names: `*`, `?` and `[...]` within one name each. */
function* matches(pattern: string): Generator<string> {
  const folder = dirname(pattern);
  const folders = /[*?[]/.test(folder) ? [...matches(folder)] : [folder];
  const wanted = nameMatcher(basename(pattern));
  for (const candidate of folders) {
    if (!statSync(candidate, { throwIfNoEntry: false })?.isDirectory()) continue;
    for (const name of readdirSync(candidate)) {
      if (wanted.test(name)) yield join(candidate, name);
    }
  }
}

function nameMatcher(pattern: string): RegExp {
  const parts = pattern.match(/\*|\?|\[\^?[^\]]+\]|[^]/g) ?? [];
  const expression = parts.map((part) => {
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    return part.length > 1 ? part.replaceAll("\\", "\\\\") : part.replace(/[.+^${}()|[\]\\]/, "\\$&");
  });
  return new RegExp(`^${expression.join("")}$`, "u");
}
