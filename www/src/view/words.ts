import type { AnswerDocument, ResultDocument, Step } from "vidimus";
import type { Evaluation } from "../engine/protocol.js";

/** The three states, and the one before there is any. */
export type State = "verified" | "rejected" | "pending" | "empty";

/** Shapes beside the colours: nothing is told by colour alone. */
export const SHAPES: Record<State, string> = { verified: "●", rejected: "▲", pending: "◆", empty: "○" };

/** The verdict in one sentence. */
export interface Headline {
  state: State;
  title: string;
  text: string;
}

/** What the first line says. */
export function headline({ answers, diagnostics, evidenceError }: Evaluation): Headline {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (evidenceError !== "") return { state: "pending", title: "Not evaluated", text: `the evidence cannot be read: ${evidenceError}` };
  if (errors[0] !== undefined) {
    const { message, line, source } = errors[0];
    const place = source === undefined ? "" : ` (${source}${line === undefined ? "" : `, line ${line}`})`;
    return { state: "pending", title: "Not evaluated", text: `${message}${place}` };
  }
  if (answers.length === 0) return { state: "empty", title: "Nothing to evaluate", text: "write a policy and a resource, or choose an example" };
  const missing = answers.flatMap(({ needs }) => needs);
  const denied = answers.filter(({ admission }) => !admission.allowed);
  if (missing.length > 0) {
    return { state: "pending", title: "Not decided", text: `${missing.length} ${missing.length === 1 ? "artifact is" : "artifacts are"} missing: the fetch plan lists what a host would ask for` };
  }
  const cause = firstFailure(denied.length > 0 ? denied : answers);
  if (denied.length > 0) return deniedHeadline(cause);
  if (cause !== undefined) return { state: "verified", title: "Admitted, with failures", text: `${cause.message}: the policy does not enforce it` };
  const results = answers.flatMap((answer) => answer.results);
  if (results.every(({ status }) => status === "skip")) return { state: "verified", title: "Admitted", text: results.length === 0 ? "no rule applies to this resource" : "every rule was skipped" };
  return { state: "verified", title: "Admitted", text: admittedText(answers) };
}

function deniedHeadline(cause: ResultDocument | undefined): Headline {
  if (cause === undefined) return { state: "rejected", title: "Denied", text: "a policy denies it" };
  return { state: cause.status === "error" ? "pending" : "rejected", title: "Denied", text: plainly(cause) };
}

function admittedText(answers: AnswerDocument[]): string {
  const verified = answers.flatMap(({ images }) => images).filter(({ outcome }) => outcome === "pass");
  if (verified.length === 1 && verified[0] !== undefined) return `${verified[0].image} is signed as the policy wants it`;
  if (verified.length > 1) return `${verified.length} images are signed as the policies want it`;
  return "every rule that applies passes";
}

function firstFailure(answers: AnswerDocument[]): ResultDocument | undefined {
  const results = answers.flatMap(({ results }) => results);
  return results.find(({ status }) => status === "fail" || status === "error");
}

/** What is wrong, by the code of the deepest step that failed: in words that need no knowledge of Kyverno. */
const PLAIN: Record<string, string> = {
  "no-signatures": "is not signed",
  "signature-tag-absent": "is not signed",
  "signature-checked": "is signed, but not by the key that this policy trusts, or what was signed was altered",
  "no-matching-signatures": "is signed, but by nobody that this policy trusts",
  "no-matching-bundles": "has Sigstore bundles, but none by anybody that this policy trusts",
  "no-matching-attestations": "has attestations, but none by anybody that this policy trusts",
  "subject-mismatch": "is signed by somebody else than the policy wants",
  "issuer-mismatch": "is signed by an identity of another issuer than the policy wants",
  "certificate-expired": "was signed with a certificate that was not valid any more at the proven time",
  "claim-digest-mismatch": "carries a signature that was made for another image",
  "attestations-not-found": "has no attestation of the type that the policy asks for",
  "attestation-missing": "has no attestation of the type that the policy asks for",
  "image-not-found": "is not in the registry",
};

function plainly(result: ResultDocument): string {
  const subject = result.image ?? `${result.resource.kind}/${result.resource.name}`;
  const failed = result.trace === undefined ? [] : failures(result.trace);
  for (const code of [...failed.map((step) => step.code).reverse(), result.code]) {
    const words = PLAIN[code];
    if (words !== undefined && result.image !== null) return `${subject} ${words}`;
  }
  const deepest = failed.at(-1);
  return result.image === null || deepest === undefined ? result.message : `${subject}: ${deepest.message}`;
}

/** The failed steps from the outermost inwards, along the first path that failed. */
function failures(step: Step): Step[] {
  const path: Step[] = [];
  for (let next: Step | undefined = step; next !== undefined; next = next.steps?.find(hasFailed)) path.push(next);
  return path.filter(hasFailed);
}

/** Whether a step says that something is wrong. */
export function hasFailed({ outcome }: Step): boolean {
  return outcome === "failed" || outcome === "error";
}

/** The state that a status of a result stands for. */
export function stateOf(status: ResultDocument["status"]): State {
  if (status === "pass") return "verified";
  if (status === "fail") return "rejected";
  return status === "skip" ? "empty" : "pending";
}

/** A long text without its middle: digests and keys are told by their ends. */
export function shortened(text: string, length = 28): string {
  return text.replace(/\b(sha(?:256|384|512):)([0-9a-f]{12})[0-9a-f]{40,}\b/g, "$1$2…").slice(0, Math.max(length * 40, 400));
}
