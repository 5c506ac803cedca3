import type { Artifacts } from "../engine/artifacts.js";
import { PolicySet } from "../engine/policy-set.js";
import type { AnswerDocument, OptionsDocument, ResultDocument, SourceDocument, Step } from "../engine/types.js";
import { inspect } from "../inspect.js";
import { settle, type LoopOptions } from "../loop.js";
import { REASONS } from "../report/reasons.js";
import type { ArtifactSource } from "../source/source.js";
import { carriedBy, type Carried } from "./carried.js";
import { attestorPath, editedBy } from "./edit.js";
import type { Advice, Edit, Preflight } from "./model.js";
import { proposals } from "./proposals.js";

/** Reasons that only say that others are below them. */
const SUMMARIES = new Set(["no-matching-attestations", "no-matching-bundles", "no-matching-signatures"]);

/** Attestations of a rule that edits are tried at. */
const MOST_ATTESTATIONS = 8;

/** What is asked of {@link preflight}. */
export interface PreflightInput {
  /** The texts of the policies. */
  policies: SourceDocument[];
  /** The reference of the image. */
  image: string;
  artifacts: Artifacts;
  sources: ArtifactSource[];
  /** Time, trust root and the like. */
  options?: OptionsDocument;
}

/**
 * Can these policies admit this image? Evaluates a Pod of it, and compares what the policies read with what the image
 * carries. Every edit that is proposed was made and evaluated: the rule passes with it.
 */
export async function preflight(input: PreflightInput, loop: LoopOptions = {}): Promise<Preflight> {
  const { image, artifacts, sources } = input;
  const answer = await evaluate(input.policies, input, loop);
  const carries = await inspect(image, artifacts, sources, loop);
  const verified = answer.results.filter(({ ruleType }) => ruleType === "ImageVerify");
  const failing = verified.filter(({ status, phase }) => phase === "verify" && (status === "fail" || status === "error"));
  const carried = carriedBy(carries);
  const advice: Advice[] = [];
  for (const result of failing) advice.push(...(await adviseOn(result, carried, input, loop)));
  return {
    image,
    isConcerned: verified.some(({ status }) => status !== "skip"),
    isAdmitted: answer.admission.allowed,
    results: answer.results,
    advice,
    carries,
  };
}

async function evaluate(policies: SourceDocument[], { image, artifacts, sources, options }: PreflightInput, loop: LoopOptions): Promise<AnswerDocument> {
  const resource = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "preflight", namespace: "default" },
    spec: { containers: [{ name: "preflight", image }] },
  };
  const set = await PolicySet.load(policies);
  try {
    const now = new Date().toISOString();
    return await settle(set, { resource, options: { now, ...options, trace: "failures" } }, artifacts, sources, loop);
  } finally {
    set.free();
  }
}

/** What is wrong at each attestor of a result, or with the result where there is none. */
async function adviseOn(result: ResultDocument, carried: Carried, input: PreflightInput, loop: LoopOptions): Promise<Advice[]> {
  const attestors = stepsOf(result.trace).filter(({ code, outcome }) => code === "attestor" && outcome !== "ok");
  const whole = () => ({ ...causeOf(result.trace), attestor: "", found: result.message });
  const causes = attestors.length === 0 ? [whole()] : attestors.map(causeOf);
  const advice: Advice[] = [];
  for (const { attestor, codes, found } of causes) {
    const known = [...codes].filter((code) => code in REASONS);
    const code = known.find((one) => !SUMMARIES.has(one)) ?? known[0] ?? result.code;
    const { meaning, fix } = REASONS[code] ?? { meaning: result.message, fix: "see the trace: vidimus apply --explain" };
    const { policy, rule } = result;
    const edits = await editsFor(codes, attestor, result, carried, input, loop);
    advice.push({ policy, rule, attestor, code, found, meaning, fix, edits });
  }
  return advice;
}

function causeOf(step: Step | undefined): { attestor: string; codes: Set<string>; found: string } {
  const failed = stepsOf(step).filter(({ outcome, code }) => outcome !== "ok" && outcome !== "info" && code !== "attestor");
  const deepest = failed.find(({ steps = [] }) => !steps.some(({ outcome }) => outcome !== "ok"));
  return { attestor: step?.message ?? "", codes: new Set(failed.map(({ code }) => code)), found: deepest?.message ?? "" };
}

function stepsOf(step: Step | undefined): Step[] {
  return step === undefined ? [] : [step, ...(step.steps ?? []).flatMap(stepsOf)];
}

/** The proposals with which the rule passes, each tried alone. */
async function editsFor(
  codes: Set<string>,
  attestor: string,
  { policy, rule, image }: ResultDocument,
  carried: Carried,
  input: PreflightInput,
  loop: LoopOptions,
): Promise<Edit[][]> {
  const passing: Edit[][] = [];
  for (const path of placesOf(attestor, codes)) {
    for (const proposal of proposals(codes, path, carried)) {
      const edited = await editedBy(proposal, { policy, rule, attestor: path }, input.policies);
      if (edited === undefined) continue;
      const { results } = await evaluate(edited.policies, input, loop);
      const own = results.filter((result) => result.policy === policy && result.rule === rule && result.image === image && result.phase === "verify");
      if (own.length > 0 && own.every(({ status }) => status === "pass")) passing.push(edited.edits);
    }
  }
  return passing;
}

/** Where edits are made: at the attestor; for a type that no attestation has, at each attestation that the rule asks for. */
function placesOf(attestor: string, codes: Set<string>): (number | string)[][] {
  if (attestor !== "" || !codes.has("predicate-type-absent")) return [attestorPath(attestor)];
  return Array.from({ length: MOST_ATTESTATIONS }, (_, index) => ["attestations", index]);
}
