import { Artifacts } from "../engine/artifacts.js";
import type { EvidenceDocument } from "../engine/documents.js";
import { PolicySet } from "../engine/policy-set.js";
import type { AnswerDocument, EvaluateDocument, OptionsDocument } from "../engine/types.js";
import { settle } from "../loop.js";
import { OfflineSource } from "../source/source.js";
import { differences, type Difference } from "./difference.js";
import { corruptBlobs, type CorruptBlob } from "./integrity.js";
import { recordsOf, verdictOf } from "./record.js";
import { validUntil, type ValidUntil } from "./valid-until.js";

/** What differs from the record on purpose. */
export interface ReplayOptions {
  /** Evaluate as of this time in place of the recorded one. */
  now?: string;
  compat?: "default" | "exact";
  /** A Sigstore TrustedRoot in place of the recorded one. */
  trustRoot?: object;
  trace?: OptionsDocument["trace"];
  /** Search until when the verdict holds. */
  validUntil?: boolean;
}

/** One question, answered again. */
export interface Replay {
  now: string;
  same: boolean;
  differences: Difference[];
  answer: AnswerDocument;
  validUntil?: ValidUntil;
}

/** A document, evaluated again. */
export interface ReplayedDocument {
  capturedAt: string | null;
  corrupt: CorruptBlob[];
  replays: Replay[];
}

/**
 * Evaluates again what a document records, with nothing but what is in it, and compares the verdicts.
 *
 * What it shows is that the verdict follows from the document. That policies and trust root are the right ones it cannot
 * show: they come from the document, unless the options give a trust root.
 */
export async function replay(document: EvidenceDocument, name: string, options: ReplayOptions = {}): Promise<ReplayedDocument> {
  const { policies, exceptions, requests, verdict } = recordsOf(document, name);
  const set = await PolicySet.load(policies, exceptions);
  const artifacts = new Artifacts().add(document);
  const judgedBy = options.trustRoot ?? document.trustRoot;
  if (typeof judgedBy === "object" && judgedBy !== null) artifacts.setTrustRoot(judgedBy);
  const searched = { ...document, trustRoot: judgedBy };
  const replays: Replay[] = [];
  for (const [index, request] of requests.entries()) {
    const recorded = verdict[index];
    if (recorded === undefined) continue;
    const now = options.now ?? request.options?.now ?? document.capturedAt ?? new Date().toISOString();
    const ask = (now: string, trace: OptionsDocument["trace"]) =>
      settle(set, asked(request, { ...options, now }, trace), artifacts, [new OfflineSource()]);
    const answer = await ask(now, options.trace ?? "failures");
    const different = differences(recorded, verdictOf(answer), options.now === undefined);
    const at = async (time: string) => verdictOf(await ask(time, "none"));
    const question = { ...searched, requests: [request] };
    const until = options.validUntil === true ? { validUntil: await validUntil(at, now, question) } : {};
    replays.push({ now, same: different.length === 0, differences: different, answer, ...until });
  }
  set.free();
  artifacts.free();
  return { capturedAt: document.capturedAt ?? null, corrupt: await corruptBlobs(document), replays };
}

function asked(request: EvaluateDocument, { now, compat }: ReplayOptions, trace: OptionsDocument["trace"]): EvaluateDocument {
  const changed = { ...(now === undefined ? {} : { now }), ...(compat === undefined ? {} : { compat }), ...(trace === undefined ? {} : { trace }) };
  return { ...request, options: { ...request.options, ...changed } };
}
