import { Artifacts, OfflineSource, TrustRootSource, lint, preflight, type Preflight } from "vidimus";
import { NAMES } from "../document.js";
import { compiledSet, currentEvidence, timeOf } from "./evaluate.js";
import type { AdviceDocument, Question } from "./protocol.js";

/** Looks through the policies, and asks of each image whether they can admit it. */
export async function advice(question: Question & { images: string[] }): Promise<AdviceDocument> {
  if ((await compiledSet(question)) === undefined) return { findings: [], preflights: [] };
  const policies = [{ name: NAMES.policy, text: question.policy }];
  const options = { now: timeOf(question) };
  const preflights: Preflight[] = [];
  for (const image of question.images) preflights.push(await withEvidence((artifacts) => preflight({ policies, image, artifacts, sources: sources(), options })));
  return { findings: await lint(policies), preflights };
}

/** What the evidence does not hold counts as not to be had: nothing is fetched for advice. */
function sources() {
  const { trustRoot } = currentEvidence() ?? {};
  const root = trustRoot === undefined ? new TrustRootSource() : new TrustRootSource(JSON.stringify(trustRoot), "the evidence");
  return [root, new OfflineSource()];
}

async function withEvidence<T>(work: (artifacts: Artifacts) => Promise<T>): Promise<T> {
  const artifacts = new Artifacts();
  const evidence = currentEvidence();
  if (evidence !== undefined) artifacts.add(evidence);
  try {
    return await work(artifacts);
  } finally {
    artifacts.free();
  }
}
