import { inputError } from "../engine/error.js";
import { asSource, type PolicyInput } from "../engine/policy-set.js";
import { ready } from "../engine/ready.js";
import type { DiagnosticDocument, FindingDocument } from "../engine/types.js";
import { lint as lintText } from "../wasm/vidimus.js";

/**
 * What the authors of policies can hardly want: rules that never match, checks that check nothing, gaps that admit what
 * nobody signed, what is on its way out. `LINT_RULES` lists what is looked for, docs/lint.md shows an example of each.
 *
 * Throws a VidimusError with the diagnostics where a policy cannot be understood: nothing is looked through then.
 */
export async function lint(policies: PolicyInput[]): Promise<FindingDocument[]> {
  await ready();
  const sources = { policies: policies.map(asSource("policies")), exceptions: [] };
  const answer = JSON.parse(lintText(new TextEncoder().encode(JSON.stringify(sources)))) as
    | { findings: FindingDocument[] }
    | { diagnostics: DiagnosticDocument[] };
  if ("findings" in answer) return answer.findings;
  throw inputError(answer.diagnostics);
}
