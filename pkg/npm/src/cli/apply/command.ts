import type { EvidenceDocument } from "../../engine/documents.js";
import { VidimusError, diagnosticsOf } from "../../engine/error.js";
import type { AnswerDocument } from "../../engine/types.js";
import { settle } from "../../loop.js";
import { oneOf, parseArguments } from "../arguments.js";
import { EVALUATION, EVALUATION_HELP, PATHS_HELP, evaluationOptions, openEvaluation, type EvaluationOptions } from "../evaluation.js";
import { writeEvidence } from "../evidence.js";
import { Exit, exitOf } from "../exit.js";
import { Progress } from "../progress.js";
import { print, serialise, type OutputFormat } from "./output.js";

export const HELP = `usage: vidimus apply POLICY... -r RESOURCE... [OPTIONS]

Evaluates policies on resources. Signatures are fetched from the registries that the images name, or taken from files.

${PATHS_HELP}

options:
${EVALUATION_HELP}
      --capture FILE             write the artifacts that the verdicts used, to be given to --artifacts later
  -o, --output table|json|yaml   json and yaml: a list with one answer for each resource
      --explain                  print the reasoning as a tree
  -h, --help                     this text

examples:
  vidimus apply policy.yaml -r pod.yaml
  vidimus apply policies/ -r deployment.yaml --explain
  vidimus apply policy.yaml -r pod.yaml --capture evidence.json
  vidimus apply policy.yaml -r pod.yaml --artifacts evidence.json --offline
  kubectl get deployments -o json | vidimus apply policy.yaml -r - -o json
`;

interface ApplyOptions extends EvaluationOptions {
  explain: boolean;
  capture: string | undefined;
  output: OutputFormat;
}

const SPECIFICATION = {
  ...EVALUATION,
  explain: { type: "boolean" },
  capture: { type: "string" },
  output: { type: "string", short: "o" },
} as const;

function parse(args: string[]): ApplyOptions {
  const { values, positionals } = parseArguments("apply", args, SPECIFICATION);
  return {
    ...evaluationOptions(values, positionals),
    explain: values.explain ?? false,
    capture: values.capture,
    output: oneOf("output", values.output ?? "table", ["table", "json", "yaml"] as const),
  };
}

/** Evaluates, and prints the results. */
export async function run(args: string[]): Promise<number> {
  const options = parse(args);
  try {
    return await evaluateAll(options);
  } catch (error) {
    const isInput = error instanceof VidimusError && error.code !== "needs-unanswered";
    if (!isInput || options.output === "table") throw error;
    process.stdout.write(await serialise(options.output, { diagnostics: diagnosticsOf(error) }));
    return Exit.BadInput;
  }
}

async function evaluateAll(options: ApplyOptions): Promise<number> {
  const { set, resources, request, artifacts, sources } = await openEvaluation("apply", options);
  const progress = new Progress(resources.length);
  const answers: AnswerDocument[] = [];
  const trace = options.explain ? "full" : "failures";
  for (const resource of resources) {
    const question = request(resource, { trace, evidence: options.capture !== undefined });
    answers.push(await settle(set, question, artifacts, sources, { onRequest: (need) => progress.request(need) }));
    progress.evaluated();
  }
  progress.done();
  if (options.capture !== undefined) {
    await writeEvidence("--capture", options.capture, answers.map((answer) => answer.evidence as EvidenceDocument));
  }
  process.stdout.write(await print(options.output, answers, options.explain));
  return exitOf(answers);
}
