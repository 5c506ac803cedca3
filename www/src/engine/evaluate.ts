import { Artifacts, PolicySet, PUBLIC_GOOD, VidimusError, diagnosticsOf, inDefaultNamespace, parseObjects, version, type DiagnosticDocument, type EvaluateDocument, type EvidenceDocument } from "vidimus";
import { NAMES, type TextName } from "../document.js";
import type { Evaluation, Question } from "./protocol.js";

interface CompiledPolicies {
  key: string;
  set: PolicySet;
  diagnostics: DiagnosticDocument[];
}

let compiled: CompiledPolicies | undefined;
let evidence: EvidenceDocument | undefined;
let store: Artifacts | undefined;

/** Sets the evidence of all further evaluations. */
export function setEvidence(document: EvidenceDocument | undefined): undefined {
  evidence = document;
  store?.free();
  store = undefined;
}

/** The evidence that is set. */
export function currentEvidence(): EvidenceDocument | undefined {
  return evidence;
}

/** Evaluates the policies on each object. What is wrong with a text is a diagnostic; nothing is evaluated then. */
export async function evaluate(question: Question): Promise<Evaluation> {
  const now = timeOf(question);
  const evaluation: Evaluation = { ...blank(), now, version: await version() };
  const set = await policies(question, evaluation);
  const resources = await attempt(() => parseObjects(question.resource, NAMES.resource), evaluation);
  const artifacts = await artifactsOf(evaluation);
  if (set === undefined || resources === undefined || artifacts === undefined) return evaluation;
  evaluation.resources = resources;
  const begin = performance.now();
  for (const resource of resources) {
    const answer = await attempt(async () => set.evaluate(requestFor(resource, question, now), artifacts), evaluation);
    if (answer !== undefined) evaluation.answers.push(answer);
  }
  evaluation.milliseconds = performance.now() - begin;
  return evaluation;
}

/** The policies of a question, compiled; undefined where they cannot be understood. */
export async function compiledSet(question: Question): Promise<PolicySet | undefined> {
  return policies(question, blank());
}

/** One question to the engine for each object. */
export async function requestsOf(question: Question): Promise<EvaluateDocument[]> {
  const resources = await parseObjects(question.resource, NAMES.resource);
  return resources.map((resource) => requestFor(resource, question, timeOf(question)));
}

function requestFor(resource: unknown, { compat }: Question, now: string): EvaluateDocument {
  return { resource: inDefaultNamespace(resource), options: { now, compat, trace: "full" } };
}

/** The time that counts as now. */
export function timeOf({ now }: Question): string {
  return now === "" ? new Date().toISOString() : now;
}

function blank(): Evaluation {
  return { answers: [], resources: [], diagnostics: [], evidenceError: "", milliseconds: 0, compileMilliseconds: 0, now: "", version: "" };
}

async function policies({ policy, exceptions }: Question, evaluation: Evaluation): Promise<PolicySet | undefined> {
  const key = JSON.stringify([policy, exceptions]);
  if (compiled?.key !== key) {
    const begin = performance.now();
    compiled?.set.free();
    compiled = undefined;
    const texts = (name: TextName, text: string) => (text.trim() === "" ? [] : [{ name: NAMES[name], text }]);
    const set = await attempt(() => PolicySet.load(texts("policy", policy), texts("exceptions", exceptions)), evaluation);
    if (set === undefined) return undefined;
    compiled = { key, set, diagnostics: set.diagnostics() };
    evaluation.compileMilliseconds = performance.now() - begin;
  }
  evaluation.diagnostics.push(...compiled.diagnostics);
  return compiled.set;
}

async function artifactsOf(evaluation: Evaluation): Promise<Artifacts | undefined> {
  try {
    return (store ??= newStore());
  } catch (error) {
    evaluation.evidenceError = error instanceof Error ? error.message : String(error);
    return undefined;
  }
}

function newStore(): Artifacts {
  const artifacts = new Artifacts();
  if (evidence !== undefined) artifacts.add(evidence);
  if (evidence?.trustRoot === undefined) artifacts.setTrustRoot(PUBLIC_GOOD.text);
  return artifacts;
}

async function attempt<T>(work: () => Promise<T>, evaluation: Evaluation): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VidimusError)) throw error;
    evaluation.diagnostics.push(...diagnosticsOf(error));
    return undefined;
  }
}
