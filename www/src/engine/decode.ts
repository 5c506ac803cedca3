import { Artifacts, OfflineSource, inspect, type InspectionNode } from "vidimus";
import { currentEvidence } from "./evaluate.js";

/** What the evidence of images says, decoded and not verified: each part that has a signature, by its digest. */
export async function decode(images: string[]): Promise<[string, InspectionNode][]> {
  const evidence = currentEvidence();
  if (evidence === undefined) return [];
  const artifacts = new Artifacts().add(evidence);
  const found = new Map<string, InspectionNode>();
  try {
    for (const image of images) gather((await inspect(image, artifacts, [new OfflineSource()], { platforms: true })).root, found);
  } finally {
    artifacts.free();
  }
  return [...found];
}

function gather(node: InspectionNode, found: Map<string, InspectionNode>): void {
  if (node.digest !== undefined && node.signature !== undefined) found.set(node.digest, node);
  for (const child of node.children ?? []) gather(child, found);
}
