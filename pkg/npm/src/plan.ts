import type { Artifacts } from "./engine/artifacts.js";
import type { PolicySet } from "./engine/policy-set.js";
import type { EvaluateDocument, NeedDocument } from "./engine/types.js";
import { wireName } from "./registry/name.js";
import { requestKey, type ArtifactSource } from "./source/source.js";

/** A request that an evaluation would make. */
export interface PlannedRequest {
  /** In which round of requests: those of one can be sent at the same time. */
  round: number;
  need: NeedDocument;
  /** What was given answers it; null: it would be sent. */
  answeredBy: string | null;
  /** The host that it would be sent to; null: nothing is sent for it. */
  sentTo: string | null;
}

/** What an evaluation would fetch. */
export interface Plan {
  requests: PlannedRequest[];
  /** Nothing is missing: a verdict needs no request. Else there may be more of them, which depends on the answers. */
  complete: boolean;
}

const MAX_ROUNDS = 64;

/** What an evaluation would fetch, as far as it shows with the artifacts at hand and `local` sources. Sends nothing. */
export async function plan(set: PolicySet, request: EvaluateDocument, artifacts: Artifacts, local: ArtifactSource[]): Promise<Plan> {
  const requests: PlannedRequest[] = [];
  const seen = new Set<string>();
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const { needs } = set.evaluate(request, artifacts);
    if (needs.length === 0) return { requests, complete: true };
    const fresh = needs.filter((need) => !seen.has(requestKey(need)));
    fresh.forEach((need) => seen.add(requestKey(need)));
    const planned = await Promise.all(fresh.map(async (need) => plannedRequest(round, need, await answeredBy(need, artifacts, local))));
    requests.push(...planned);
    if (!planned.some(({ answeredBy }) => answeredBy !== null)) break;
  }
  return { requests, complete: false };
}

async function answeredBy(need: NeedDocument, artifacts: Artifacts, local: ArtifactSource[]): Promise<string | null> {
  for (const source of local) {
    if (await source.answer(need, artifacts)) return source.name;
  }
  return null;
}

function plannedRequest(round: number, need: NeedDocument, answeredBy: string | null): PlannedRequest {
  return { round, need, answeredBy, sentTo: answeredBy === null ? hostOf(need) : null };
}

/** Objects and the trust root are given, not fetched. */
function hostOf({ kind, registry, repository, url }: NeedDocument): string | null {
  if (kind === "rekor-entry" || kind === "ocsp" || kind === "revocation-list") return url !== undefined && URL.canParse(url) ? new URL(url).host : null;
  return kind === "object" || kind === "trust-root" ? null : wireName(registry ?? "", repository ?? "").host;
}
