// What the package offers everywhere: Node and browsers.

import { Artifacts } from "./engine/artifacts.js";
import { PolicySet, type PolicyInput } from "./engine/policy-set.js";
import { ready } from "./engine/ready.js";
import type { AnswerDocument, EvaluateDocument, OptionsDocument } from "./engine/types.js";

export { Artifacts } from "./engine/artifacts.js";
export type { DescriptorDocument, EvidenceDocument, FailureDocument, VerdictDocument } from "./engine/documents.js";
export { VidimusError, diagnosticsOf, formatDiagnostic, type ErrorCode } from "./engine/error.js";
export { inDefaultNamespace } from "./engine/namespace.js";
export { PolicySet, parseObjects, version, type PolicyInput } from "./engine/policy-set.js";
export { ready } from "./engine/ready.js";
export { TestSuite } from "./engine/test-suite.js";
export type * from "./engine/types.js";
export { capture, type Capture, type CaptureInput, type CaptureOptions } from "./evidence/capture.js";
export type { Difference } from "./evidence/difference.js";
export { corruptBlobs, type CorruptBlob } from "./evidence/integrity.js";
export { layoutEvidence, type LayoutRepository } from "./evidence/layout-reader.js";
export { layoutRoot, type LayoutRoot } from "./evidence/layout-writer.js";
export { areJudgedAlike, mergeEvidence, type NamedEvidence } from "./evidence/merge.js";
export { momentsIn, type Moment } from "./evidence/times.js";
export { verdictOf } from "./evidence/record.js";
export { replay, type Replay, type ReplayOptions, type ReplayedDocument } from "./evidence/replay.js";
export { validUntil, type ValidUntil, type VerdictAt } from "./evidence/valid-until.js";
export { inspect, type InspectOptions } from "./inspect.js";
export type { Advice, Edit, Preflight } from "./preflight/model.js";
export { preflight, type PreflightInput } from "./preflight/preflight.js";
export { lint } from "./lint/lint.js";
export { LINT_RULES, type LintRule } from "./lint/rules.js";
export { plan, type Plan, type PlannedRequest } from "./plan.js";
export { RegistryHost, type RegistryHostOptions } from "./host.js";
export { settle, settleAll, untilComplete, type LoopOptions, type LoopsOptions } from "./loop.js";
export type { Credentials, CredentialsOf } from "./registry/auth.js";
export type { FetchLimits, LoggedRequest } from "./registry/fetch.js";
export { RegistrySource } from "./registry/client.js";
export type { BlobCache, ListedReferrers, RegistryOptions } from "./registry/distribution.js";
export { REPORT_FORMATS, type ReportFormat } from "./report/model.js";
export { report, type ReportOptions } from "./report/report.js";
export { LayoutSource, rootFolder, type LayoutFiles } from "./source/layout.js";
export { OfflineSource, describe, type ArtifactSource } from "./source/source.js";
export { RevocationSource } from "./source/revocation.js";
export { TransparencyLogSource } from "./source/transparency-log.js";
export { TrustRootSource } from "./source/trust-root.js";
export { tarFiles } from "./source/tar.js";
export { PUBLIC_GOOD } from "./trust/public-good.js";

/**
 * Evaluates a policy on a Kubernetes object with the artifacts at hand; fetches nothing.
 *
 * `artifacts` is an evidence document, or a store that is used again for the next question.
 */
export async function evaluate(
  policy: PolicyInput | PolicyInput[],
  resource: unknown,
  artifacts: Artifacts | object,
  options: OptionsDocument = {},
): Promise<AnswerDocument> {
  await ready();
  const set = await PolicySet.load(Array.isArray(policy) ? policy : [policy]);
  try {
    const store = artifacts instanceof Artifacts ? artifacts : new Artifacts().add(artifacts);
    return set.evaluate({ resource, options } satisfies EvaluateDocument, store);
  } finally {
    set.free();
  }
}
