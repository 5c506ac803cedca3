import type { Document } from "yaml";
import { VidimusError } from "../engine/error.js";
import type { SourceDocument } from "../engine/types.js";
import type { Edit } from "./model.js";
import type { Proposal } from "./proposals.js";

type Path = (number | string)[];

/** A proposal, made in the texts. */
export interface EditedPolicies {
  policies: SourceDocument[];
  edits: Edit[];
}

/**
 * Makes a proposal in the first element of verifyImages of the rule that has the attestor; comments stay. None where the
 * policy is not a document of its own, such as one in a List.
 */
export async function editedBy(
  proposal: Proposal,
  { policy, rule, attestor }: { policy: string; rule: string; attestor: Path },
  policies: SourceDocument[],
): Promise<EditedPolicies | undefined> {
  const { parseAllDocuments } = await import("yaml");
  for (const [index, source] of policies.entries()) {
    const documents = parseAllDocuments(source.text);
    if (!Array.isArray(documents)) continue;
    const document = documents.find((candidate) => nameOf(candidate) === policy);
    const element = document && elementOf(document, rule, attestor);
    if (document === undefined || element === undefined) continue;
    const edits = proposal.changes.flatMap(({ path, value }) => change(document, [...element, ...path], value, proposal, policy, source.name));
    if (edits.length === 0) return undefined;
    const text = documents.map((one) => String(one)).join("");
    return { policies: policies.with(index, { ...source, text }), edits };
  }
  return undefined;
}

function nameOf(document: Document): string {
  const name = String(document.getIn(["metadata", "name"]) ?? "");
  return document.get("kind") === "Policy" ? `${String(document.getIn(["metadata", "namespace"]) ?? "default")}/${name}` : name;
}

/** The path of the element of verifyImages that has the attestor. */
function elementOf(document: Document, rule: string, attestor: Path): Path | undefined {
  for (let at = 0; document.hasIn(["spec", "rules", at]); at++) {
    if (document.getIn(["spec", "rules", at, "name"]) !== rule) continue;
    for (let entry = 0; document.hasIn(["spec", "rules", at, "verifyImages", entry]); entry++) {
      const path = ["spec", "rules", at, "verifyImages", entry];
      if (document.hasIn([...path, ...attestor])) return path;
    }
  }
  return undefined;
}

function change(document: Document, path: Path, value: unknown, proposal: Proposal, policy: string, source: string): Edit[] {
  const before = document.hasIn(path) ? plain(document.getIn(path)) : null;
  if (before === (value ?? null)) return [];
  if (value === undefined) document.deleteIn(path);
  else document.setIn(path, value);
  const { why, caution } = proposal;
  return [{ policy, source, path: written(path), before, after: value ?? null, why, caution }];
}

function plain(node: unknown): unknown {
  return typeof node === "object" && node !== null && "toJSON" in node && typeof node.toJSON === "function" ? (node.toJSON() as unknown) : node;
}

function written(path: Path): string {
  return path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("").slice(1);
}

/** `.attestors[0].entries[0].keys` as a path. */
export function attestorPath(text: string): Path {
  const parts = [...text.matchAll(/\.([A-Za-z]+)|\[(\d+)\]/g)].map(([, name, index]) => (name === undefined ? Number(index) : name));
  if (parts.length === 0 && text !== "") throw new VidimusError("input", `no path of an attestor: ${text}`);
  return parts;
}
