import type { Artifacts } from "../engine/artifacts.js";
import type { EvidenceDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";
import type { PolicySet } from "../engine/policy-set.js";
import type { AnswerDocument, EvaluateDocument, SourceDocument } from "../engine/types.js";
import { settleAll, type LoopsOptions } from "../loop.js";
import type { ArtifactSource } from "../source/source.js";
import { TrustRootSource } from "../source/trust-root.js";
import { mergeEvidence } from "./merge.js";
import { recorded, verdictOf } from "./record.js";
import { replay } from "./replay.js";
import { withoutSecrets } from "./secrets.js";

/** What is captured: questions, what they are judged by, and where artifacts come from. */
export interface CaptureInput {
  set: PolicySet;
  /** The texts that the set was compiled from. */
  policies: SourceDocument[];
  exceptions?: SourceDocument[];
  requests: EvaluateDocument[];
  artifacts: Artifacts;
  sources: ArtifactSource[];
}

/** Options of {@link capture}. */
export interface CaptureOptions extends LoopsOptions {
  /** Keep everything that was fetched or given, not only what the verdicts used. */
  all?: boolean;
}

/** A self-contained record, and the whole answers with their reasoning. */
export interface Capture {
  document: EvidenceDocument;
  answers: AnswerDocument[];
}

/**
 * Evaluates, and records everything that the verdicts rest on: the artifacts, the policies, the questions with their time,
 * the trust root where one was asked for, and the verdicts.
 *
 * Throws where the record would hold secrets, or where its replay gives another verdict.
 */
export async function capture(input: CaptureInput, options: CaptureOptions = {}): Promise<Capture> {
  const { set, policies, exceptions = [], artifacts, sources } = input;
  const time = new Date().toISOString();
  const requests = input.requests.map((request) => withTime(request, time));
  const answers = await settleAll(set, requests, artifacts, sources, options);
  // What came from older evidence is not made fresher by writing it again.
  const capturedAt = [artifacts.capturedAt ?? time, time].sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? time;
  const found = { ...(options.all === true ? everything(artifacts) : used(answers)), capturedAt };
  const verdict = answers.map(verdictOf);
  const document = recorded(found, { policies, exceptions, requests, verdict }, trustRootOf(sources));
  await refuseOther(document);
  return { document, answers };
}

function withTime(request: EvaluateDocument, time: string): EvaluateDocument {
  return { ...request, options: { now: time, ...request.options, evidence: true } };
}

function used(answers: AnswerDocument[]): EvidenceDocument {
  return mergeEvidence(answers.map(({ evidence }) => ({ name: "the evidence", document: evidence as EvidenceDocument })));
}

function everything(artifacts: Artifacts): EvidenceDocument {
  const document = artifacts.toDocument() as unknown as EvidenceDocument;
  return { ...document, objects: (document.objects ?? []).map(withoutSecrets) };
}

function trustRootOf(sources: ArtifactSource[]): unknown {
  const source = sources.find((candidate) => candidate instanceof TrustRootSource && candidate.asked);
  return source instanceof TrustRootSource ? JSON.parse(source.text) : undefined;
}

/** A record that does not lead to its own verdict is none: it lacks what must not be kept. */
async function refuseOther(document: EvidenceDocument): Promise<void> {
  const { replays } = await replay(JSON.parse(JSON.stringify(document)) as EvidenceDocument, "the evidence");
  const [different] = replays.flatMap(({ differences }) => differences);
  if (different === undefined) return;
  const { what, recorded, found } = different;
  const values = `${JSON.stringify(recorded)} now and ${JSON.stringify(found)} from the evidence`;
  throw new VidimusError("bad-call", `${what} is ${values}: a verdict that rests on other data of Secrets cannot be captured`);
}
