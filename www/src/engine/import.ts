import { LayoutSource, layoutEvidence, mergeEvidence, ready, rootFolder, tarFiles, type EvidenceDocument, type NamedEvidence } from "vidimus";
import { parseAllDocuments } from "yaml";
import type { PlaygroundDocument } from "../document.js";

/** What files bring: the parts of the page that they replace, and what is to be said of them. */
export interface Imported {
  part: Partial<PlaygroundDocument>;
  notes: string[];
}

/** Files, and the repositories of the images that the page is about: a layout does not say what it is a copy of. */
export interface ImportRequest {
  files: File[];
  repositories: { registry: string; path: string }[];
}

const POLICY_KINDS = new Set(["ClusterPolicy", "Policy"]);

/** Reads files: evidence and layouts are merged, policies, exceptions and objects take the place of those that are there. */
export async function importFiles({ files, repositories }: ImportRequest): Promise<Imported> {
  await ready();
  const evidence: NamedEvidence[] = [];
  const texts: Record<"policy" | "resource" | "exceptions", string[]> = { policy: [], resource: [], exceptions: [] };
  const notes: string[] = [];
  let time: string | undefined;
  for (const file of files) {
    if (/\.tar$/.test(file.name)) {
      evidence.push(...(await layouts(file, repositories, notes)));
      continue;
    }
    const text = await file.text();
    const document = evidenceOf(text);
    if (document !== undefined) evidence.push({ name: file.name, document });
    else if (isTest(text)) time = timeOfTest(text) ?? time;
    else addTexts(file.name, text, texts, notes);
  }
  const part = recordedParts(evidence);
  for (const name of ["policy", "resource", "exceptions"] as const) if (texts[name].length > 0) part[name] = texts[name].join("---\n");
  if (evidence.length > 0) part.evidence = mergeEvidence(evidence);
  if (time !== undefined) part.now = time;
  return { part, notes };
}

/** The questions that evidence records, where the file holds them. */
function recordedParts(evidence: { document: EvidenceDocument }[]): Partial<PlaygroundDocument> {
  const [first] = evidence;
  if (first === undefined) return {};
  const { policies, exceptions, requests } = first.document;
  const [request] = requests ?? [];
  const part: Partial<PlaygroundDocument> = {};
  if (policies !== undefined) part.policy = policies.map(({ text }) => text).join("\n---\n");
  if (exceptions?.length) part.exceptions = exceptions.map(({ text }) => text).join("\n---\n");
  if (request?.resource !== undefined) part.resource = `${JSON.stringify(request.resource, null, 2)}\n`;
  if (request?.options?.now !== undefined) part.now = request.options.now;
  return part;
}

/** A kyverno-test.yaml: it says what belongs together, which opening its files does, and when it is evaluated. */
function isTest(text: string): boolean {
  return /^apiVersion:\s*cli\.kyverno\.io\//m.test(text) && /^kind:\s*Test\s*$/m.test(text);
}

function timeOfTest(text: string): string | undefined {
  const { now } = (parseAllDocuments(text)[0]?.toJS() ?? {}) as { now?: unknown };
  return typeof now === "string" && !Number.isNaN(Date.parse(now)) ? now : undefined;
}

function evidenceOf(text: string): EvidenceDocument | undefined {
  try {
    const value = JSON.parse(text) as { schema?: unknown };
    return value?.schema === "vidimus.evidence/v1" ? (value as EvidenceDocument) : undefined;
  } catch {
    return undefined;
  }
}

function addTexts(name: string, text: string, texts: Record<"policy" | "resource" | "exceptions", string[]>, notes: string[]): void {
  const kinds = new Set(parseAllDocuments(text).map((document) => (document.toJS() as { kind?: unknown } | null)?.kind).map(String));
  if ([...kinds].some((kind) => POLICY_KINDS.has(kind))) texts.policy.push(text.endsWith("\n") ? text : `${text}\n`);
  else if (kinds.has("PolicyException")) texts.exceptions.push(text.endsWith("\n") ? text : `${text}\n`);
  else if ([...kinds].some((kind) => kind !== "undefined")) texts.resource.push(text.endsWith("\n") ? text : `${text}\n`);
  else notes.push(`${name} is neither evidence nor a Kubernetes object`);
}

/** The layouts of an archive: one layout, or a root with one for each repository. */
async function layouts(file: File, repositories: ImportRequest["repositories"], notes: string[]): Promise<NamedEvidence[]> {
  const files = tarFiles(new Uint8Array(await file.arrayBuffer()));
  const isRoot = (await files.read("index.json", 1)) === undefined;
  const source = new LayoutSource(file.name, files, isRoot ? rootFolder : () => "");
  const found: NamedEvidence[] = [];
  for (const { registry, path } of isRoot ? repositories : repositories.slice(0, 1)) {
    const folder = isRoot ? rootFolder({ kind: "manifest", registry, repository: path, askedBy: [] }) : "";
    if (folder === undefined || (await source.index(folder)) === undefined) continue;
    found.push({ name: `${file.name}: ${registry}/${path}`, document: await layoutEvidence(source, { registry, repository: path, folder }) });
  }
  if (found.length === 0) notes.push(`${file.name} holds no layout of ${repositories.map(({ registry, path }) => `${registry}/${path}`).join(", ") || "an image: write the resource first"}`);
  return found;
}
