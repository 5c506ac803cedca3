import type { InspectionDocument, InspectionNode } from "../engine/types.js";

/** A signer as certificates name one. */
export interface Identity {
  subject: string;
  issuer: string;
}

/** What an image carries, as far as policies can ask for it. */
export interface Carried {
  kinds: InspectionNode["kind"][];
  identities: Identity[];
  predicateTypes: string[];
}

/** Gathers it from the tree. */
export function carriedBy({ root }: InspectionDocument): Carried {
  const found: Carried = { kinds: [], identities: [], predicateTypes: [] };
  walk(root, found);
  return found;
}

function walk(node: InspectionNode, found: Carried): void {
  // What could not be asked for is not carried, as far as is known.
  if (node.digest === undefined) return;
  if (!found.kinds.includes(node.kind)) found.kinds.push(node.kind);
  const { certificates = [], statement } = node.signature ?? {};
  const [leaf] = certificates;
  const issuer = leaf?.extensions["oidcIssuer"];
  if (leaf !== undefined && issuer !== undefined) addIdentities(leaf.names, issuer, found.identities);
  const type = statement?.predicateType;
  if (type !== undefined && !found.predicateTypes.includes(type)) found.predicateTypes.push(type);
  for (const child of node.children ?? []) walk(child, found);
}

function addIdentities(subjects: string[], issuer: string, found: Identity[]): void {
  for (const subject of subjects) {
    if (!found.some((known) => known.subject === subject && known.issuer === issuer)) found.push({ subject, issuer });
  }
}
