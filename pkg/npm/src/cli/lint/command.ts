import { VidimusError } from "../../engine/error.js";
import { version } from "../../engine/policy-set.js";
import type { FindingDocument } from "../../engine/types.js";
import { findingsOf, rulesOf } from "../../lint/findings.js";
import { lint } from "../../lint/lint.js";
import { LINT_RULES } from "../../lint/rules.js";
import { github } from "../../report/github.js";
import { sarif } from "../../report/sarif.js";
import { oneOf, parseArguments } from "../arguments.js";
import { keepTexts } from "../diagnostics.js";
import { printJson, withDiagnostics } from "../documents.js";
import { Exit } from "../exit.js";
import { readPolicies } from "../files.js";
import { text } from "./text.js";

export const HELP = `usage: vidimus lint POLICY... [OPTIONS]

Looks for what the authors of policies can hardly want: rules that never match, checks that check nothing, gaps that admit
what nobody signed, fields without effect, what is deprecated, what depends on the order of rules. It evaluates nothing.

POLICY is a file, a folder (every .yaml, .yml and .json below it) or - for standard input. In a folder, files that hold no
policy are left out.

options:
  -o, --output text|json|sarif|github
                                 json: a list of findings; github: annotations of workflows
      --strict                   warnings are failures too
      --ignore CODE              leave this rule out, such as lint-kind-removed; repeatable
      --rules                    list what is looked for
  -h, --help                     this text

exit codes: 0 no errors; 1 errors, or with --strict warnings; 2 the call or a policy is wrong

examples:
  vidimus lint policies/
  vidimus lint policy.yaml --strict
  vidimus lint policies/ -o sarif > lint.sarif
`;

export const SPECIFICATION = {
  output: { type: "string", short: "o" },
  strict: { type: "boolean" },
  ignore: { type: "string", multiple: true },
  rules: { type: "boolean" },
} as const;

/** Prints what is found in policies. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments("lint", args, SPECIFICATION);
  const output = oneOf("output", values.output ?? "text", ["text", "json", "sarif", "github"] as const);
  if (values.rules === true) return listRules(output);
  const ignored = new Set((values.ignore ?? []).map((code) => oneOf("ignore", code, LINT_RULES.map((rule) => rule.code))));
  return withDiagnostics(output, async () => {
    if (positionals.length === 0) throw new VidimusError("bad-call", "no policy given: vidimus lint POLICY");
    const policies = await readPolicies(positionals);
    if (policies.length === 0) throw new VidimusError("bad-call", "the policy folders hold no policy");
    keepTexts(policies);
    const found = (await lint(policies)).filter(({ code }) => !ignored.has(code));
    await print(output, found);
    return exitOf(found, values.strict ?? false);
  });
}

async function print(output: "github" | "json" | "sarif" | "text", found: FindingDocument[]): Promise<void> {
  if (output === "json") printJson(found);
  else if (output === "sarif") process.stdout.write(sarif(findingsOf(found), rulesOf(found), await version()));
  else if (output === "github") process.stdout.write(github(findingsOf(found)));
  else process.stdout.write(text(found));
}

function exitOf(found: FindingDocument[], strict: boolean): number {
  const isFailure = ({ severity }: FindingDocument) => severity === "error" || (strict && severity === "warning");
  return found.some(isFailure) ? Exit.Denied : Exit.Admitted;
}

function listRules(output: string): number {
  if (output === "json") printJson(LINT_RULES);
  else process.stdout.write(LINT_RULES.map(({ code, severity, explanation }) => `${code} (${severity})\n    ${explanation}\n`).join(""));
  return Exit.Admitted;
}
