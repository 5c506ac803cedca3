import { Artifacts, plan, type ArtifactSource, type EvidenceDocument, type NeedDocument, type Plan } from "vidimus";
import { compiledSet, currentEvidence, requestsOf } from "./evaluate.js";
import type { Question } from "./protocol.js";

/** What a host would request for each object: the evidence answers as the registry did. */
export async function plans(question: Question): Promise<Plan[]> {
  const set = await compiledSet(question);
  if (set === undefined) return [];
  const source = new EvidenceSource(currentEvidence());
  const plans = [];
  for (const request of await requestsOf(question)) {
    const artifacts = new Artifacts();
    plans.push(await plan(set, request, artifacts, [source]));
    artifacts.free();
  }
  return plans;
}

/** Answers from an evidence document, one need at a time. */
class EvidenceSource implements ArtifactSource {
  readonly name = "evidence";

  constructor(private readonly evidence: EvidenceDocument | undefined) {}

  async answer(need: NeedDocument, artifacts: Artifacts): Promise<boolean> {
    const part = this.evidence && partFor(need, this.evidence);
    if (part === undefined) return false;
    artifacts.add({ schema: "vidimus.evidence/v1", ...part });
    return true;
  }
}

function partFor(need: NeedDocument, evidence: EvidenceDocument): Partial<EvidenceDocument> | undefined {
  const { tags = {}, blobs = {}, referrers = {}, objects = [], failures = [], logEntries = {}, revocation = {} } = evidence;
  const repository = `${need.registry}/${need.repository}`;
  const failure = failures.find((one) => one.kind === need.kind && one.registry === need.registry && one.repository === need.repository && one.tag === need.tag && one.digest === need.digest && one.url === need.url);
  if (failure !== undefined) return { failures: [failure] };
  const blob = (digest: string | null | undefined) => (digest && blobs[digest] !== undefined ? { blobs: { [digest]: blobs[digest] } } : undefined);
  switch (need.kind) {
    case "manifest": {
      if (need.tag === undefined) return blob(need.digest);
      const name = `${repository}:${need.tag}`;
      const digest = tags[name];
      return digest === undefined ? undefined : { tags: { [name]: digest }, ...blob(digest) };
    }
    case "blob":
      return blob(need.digest);
    case "referrers": {
      const known = referrers[`${repository}@${need.digest}`];
      return known && { referrers: { [`${repository}@${need.digest}`]: known } };
    }
    case "rekor-entry": {
      const key = `${(need.url ?? "").replace(/\/+$/, "")}#${need.digest}`;
      return key in logEntries ? { logEntries: { [key]: logEntries[key] } } : undefined;
    }
    case "object": {
      const object = objects.find((one) => isNeeded(one, need));
      return object === undefined ? undefined : { objects: [object] };
    }
    case "ocsp":
    case "revocation-list": {
      const key = need.kind === "ocsp" ? `${need.url}#${need.digest}` : (need.url ?? "");
      return revocation[key] === undefined ? undefined : { revocation: { [key]: revocation[key] } };
    }
    case "trust-root":
      return evidence.trustRoot === undefined ? undefined : { trustRoot: evidence.trustRoot };
    default:
      return undefined;
  }
}

function isNeeded(object: unknown, { objectKind, name, namespace }: NeedDocument): boolean {
  const { kind, metadata } = object as { kind?: string; metadata?: { name?: string; namespace?: string } };
  return kind === objectKind && metadata?.name === name && (metadata?.namespace ?? "") === (namespace ?? "");
}
