import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { Artifacts } from "../engine/artifacts.js";
import type { EvidenceDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";
import { ready } from "../engine/ready.js";
import { layoutRoot } from "../evidence/layout-writer.js";
import { failing } from "./files.js";
import { printable } from "./terminal.js";

/** Reads an evidence document; throws where it is none. `-` is standard input. */
export async function readEvidence(path: string): Promise<EvidenceDocument> {
  const content = await failing(path, () => (path === "-" ? text(process.stdin) : readFile(path, "utf8")));
  await ready();
  const artifacts = new Artifacts();
  try {
    // The engine reads it first: it refuses what JSON.parse lets through, such as a key that is there twice.
    artifacts.add(content);
  } catch (error) {
    if (!(error instanceof VidimusError)) throw error;
    throw new VidimusError("input", `${path}: ${error.message}`, error.diagnostics.map((found) => ({ ...found, source: path })));
  } finally {
    artifacts.free();
  }
  return JSON.parse(content) as EvidenceDocument;
}

/** Writes an evidence document; `-` is standard output. */
export async function writeEvidence(option: string, path: string, document: EvidenceDocument): Promise<void> {
  const content = `${JSON.stringify(document, undefined, 2)}\n`;
  if (path === "-") return void process.stdout.write(content);
  await failing(`${option} ${path}`, () => writeFile(path, content));
}

/** Writes the artifacts of a document as layouts into a new folder; what has no place there is said. */
export async function writeLayout(folder: string, document: EvidenceDocument): Promise<void> {
  const { files, leftOut } = await layoutRoot(document);
  const present = await readdir(folder).catch(() => []);
  if (present.length > 0) throw new VidimusError("bad-call", `--layout ${folder}: expected a new or empty folder`);
  await failing(`--layout ${folder}`, async () => {
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
  });
  if (leftOut.length > 0) {
    const advice = "an evidence file holds them";
    process.stderr.write(`note: not in the layout, which has no place for them: ${leftOut.join(", ")}: ${advice}\n`);
  }
}

/** One line of what a document holds. */
export function contentsOf({ tags = {}, referrers = {}, blobs = {}, objects = [], failures = [] }: EvidenceDocument): string {
  const counts: [number, string, string][] = [
    [Object.keys(tags).length, "tag", "tags"],
    [Object.keys(referrers).length, "list of referrers", "lists of referrers"],
    [Object.keys(blobs).length, "blob", "blobs"],
    [objects.length, "object", "objects"],
    [failures.length, "failed request", "failed requests"],
  ];
  const named = counts.filter(([count]) => count > 0).map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  return printable(named.join(", ") || "nothing");
}
