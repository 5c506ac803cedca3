import { Artifacts, OfflineSource, RegistrySource, TransparencyLogSource, TrustRootSource, settle, type EvidenceDocument } from "vidimus";
import { compiledSet, currentEvidence, requestsOf } from "./evaluate.js";
import type { Question } from "./protocol.js";

/** Fetches what is missing from the registries, as far as they let a page ask them; failures are part of the evidence. */
export async function fetchMissing(question: Question): Promise<EvidenceDocument> {
  const set = await compiledSet(question);
  const artifacts = new Artifacts();
  const evidence = currentEvidence();
  if (evidence !== undefined) artifacts.add(evidence);
  const sources = [new TrustRootSource(), new RegistrySource({}), new TransparencyLogSource(), new OfflineSource()];
  if (set !== undefined) for (const request of await requestsOf(question)) await settle(set, request, artifacts, sources);
  const document = { ...artifacts.toDocument(), capturedAt: new Date().toISOString() } as unknown as EvidenceDocument;
  artifacts.free();
  return document;
}
