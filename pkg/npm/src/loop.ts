import type { Artifacts } from "./engine/artifacts.js";
import { VidimusError } from "./engine/error.js";
import type { PolicySet } from "./engine/policy-set.js";
import type { AnswerDocument, EvaluateDocument, NeedDocument } from "./engine/types.js";
import { describe, requestKey, type ArtifactSource } from "./source/source.js";

/** Options of {@link settle}. */
export interface LoopOptions {
  /** Requests at the same time; 8 unless given. */
  concurrency?: number;
  /** Ends the loop. */
  signal?: AbortSignal;
  /** Called before each request. */
  onRequest?: (need: NeedDocument) => void;
}

/** Options of {@link settleAll}. */
export interface LoopsOptions extends LoopOptions {
  /** Called with each answer, in the order of the requests. */
  onAnswer?: (answer: AnswerDocument) => void;
}

/** Evaluations ask in rounds: tag, signature manifest, layers. No evaluation that makes sense needs more. */
const MAX_ROUNDS = 64;
/** Requests at the same time, where the caller says nothing. */
const CONCURRENCY = 8;

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

/**
 * Evaluates many requests. As many as are fetched for at the same time wait together, and what several of them need is
 * asked for once.
 *
 * Throws where no source answers a need.
 */
export async function settleAll(
  set: PolicySet,
  requests: EvaluateDocument[],
  artifacts: Artifacts,
  sources: ArtifactSource[],
  options: LoopsOptions = {},
): Promise<AnswerDocument[]> {
  const limit = options.concurrency ?? CONCURRENCY;
  const answers: AnswerDocument[] = [];
  const isIncomplete = (index: number) => (answers[index] = set.evaluate(requests[index] as EvaluateDocument, artifacts)).needs.length > 0;
  for (let start = 0; start < requests.length; start = answers.length) {
    let waiting: number[] | undefined;
    const ask = () => {
      waiting = waiting?.filter(isIncomplete) ?? firstWaiting(start, requests.length, limit, isIncomplete);
      return { needs: distinct(waiting.flatMap((index) => answers[index]?.needs ?? [])) };
    };
    await untilComplete(ask, artifacts, sources, options);
    for (const answer of answers.slice(start)) options.onAnswer?.(answer);
  }
  return answers;
}

/** Goes through requests from `start` on until `limit` of them need something: which these are. */
function firstWaiting(start: number, end: number, limit: number, isIncomplete: (index: number) => boolean): number[] {
  const waiting: number[] = [];
  for (let index = start; index < end && waiting.length < limit; index++) if (isIncomplete(index)) waiting.push(index);
  return waiting;
}

/** Needs by what they ask for; who asks for it comes together. */
function distinct(needs: NeedDocument[]): NeedDocument[] {
  const found = new Map<string, NeedDocument>();
  for (const need of needs) {
    const key = requestKey(need);
    const known = found.get(key);
    found.set(key, known === undefined ? need : together(known, need));
  }
  return [...found.values()];
}

function together(one: NeedDocument, other: NeedDocument): NeedDocument {
  const bounds = [one, other].flatMap(({ maxBytes }) => (maxBytes === undefined ? [] : [maxBytes]));
  return { ...one, ...(bounds.length > 0 && { maxBytes: Math.max(...bounds) }), askedBy: [...one.askedBy, ...other.askedBy] };
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
  const key = requestKey(need);
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
  await Promise.all(Array.from({ length: Math.min(options.concurrency ?? CONCURRENCY, needs.length) }, work));
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
