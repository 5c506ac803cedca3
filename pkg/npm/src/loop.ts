import type { Artifacts } from "./engine/artifacts.js";
import { VidimusError } from "./engine/error.js";
import type { PolicySet } from "./engine/policy-set.js";
import type { AnswerDocument, EvaluateDocument, NeedDocument } from "./engine/types.js";
import { describe, requestOf, type ArtifactSource } from "./source/source.js";

/** Options of {@link settle}. */
export interface LoopOptions {
  /** Requests at the same time. */
  concurrency?: number;
  /** Ends the loop. */
  signal?: AbortSignal;
  /** Called before each request. */
  onRequest?: (need: NeedDocument) => void;
}

/** Evaluations ask in rounds: tag, signature manifest, layers. No evaluation that makes sense needs more. */
const MAX_ROUNDS = 64;

/**
 * Evaluates until nothing is missing: what the engine needs is asked of the sources, in their order, and the engine asked
 * again.
 *
 * Throws where no source answers a need.
 */
export function settle(
  set: PolicySet,
  request: EvaluateDocument,
  artifacts: Artifacts,
  sources: ArtifactSource[],
  options: LoopOptions = {},
): Promise<AnswerDocument> {
  return untilComplete(() => set.evaluate(request, artifacts), artifacts, sources, options);
}

/** Asks until the answer needs nothing. */
export async function untilComplete<T extends { needs: NeedDocument[] }>(
  ask: () => T,
  artifacts: Artifacts,
  sources: ArtifactSource[],
  options: LoopOptions = {},
): Promise<T> {
  const asked = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    options.signal?.throwIfAborted();
    const answer = ask();
    if (answer.needs.length === 0) return answer;
    answer.needs.forEach((need) => refuseRepeat(need, asked));
    await fetchAll(answer.needs, artifacts, sources, options);
  }
  throw new VidimusError("needs-unanswered", `still missing artifacts after ${MAX_ROUNDS} rounds`);
}

/** What was asked before and is missing still, a source said to have answered and did not. */
function refuseRepeat(need: NeedDocument, asked: Set<string>): void {
  const key = JSON.stringify(requestOf(need));
  if (asked.has(key)) throw new VidimusError("needs-unanswered", `${describe(need)} is missing still after it was fetched`);
  asked.add(key);
}

async function fetchAll(
  needs: NeedDocument[],
  artifacts: Artifacts,
  sources: ArtifactSource[],
  options: LoopOptions,
): Promise<void> {
  const queue = [...needs];
  const work = async () => {
    for (let need = queue.shift(); need !== undefined; need = queue.shift()) {
      options.signal?.throwIfAborted();
      options.onRequest?.(need);
      await fetchOne(need, artifacts, sources, options.signal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 8, needs.length) }, work));
}

async function fetchOne(
  need: NeedDocument,
  artifacts: Artifacts,
  sources: ArtifactSource[],
  signal?: AbortSignal,
): Promise<void> {
  for (const source of sources) {
    if (await source.answer(need, artifacts, signal)) return;
  }
  throw new VidimusError("needs-unanswered", `no source answers for ${describe(need)}`);
}
