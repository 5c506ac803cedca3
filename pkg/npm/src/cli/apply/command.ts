import { VidimusError } from "../../engine/error.js";
import type { AnswerDocument } from "../../engine/types.js";
import { settleAll } from "../../loop.js";
import { REPORT_FORMATS } from "../../report/model.js";
import { oneOf, parseArguments } from "../arguments.js";
import { captureAll } from "../capture/command.js";
import { withDiagnostics } from "../documents.js";
import { EVALUATION, EVALUATION_HELP, PATHS_HELP, evaluationOptions, openEvaluation, type Evaluation, type EvaluationOptions } from "../evaluation.js";
import { writeEvidence } from "../evidence-files.js";
import { exitOf } from "../exit.js";
import { Progress } from "../progress.js";
import { printReport, type OutputFormat } from "./output.js";
import { requests, table, trees } from "./table.js";

export const HELP = `usage: vidimus apply POLICY... -r RESOURCE... [OPTIONS]

Evaluates policies on resources. Signatures are fetched from the registries that the images name, or taken from files.

${PATHS_HELP}

options:
${EVALUATION_HELP}
      --capture FILE             write down all that the verdicts rest on, as vidimus capture does
  -o, --output table|json|yaml|policyreport|openreports|sarif|junit|markdown|github
                                 json and yaml: a list with one answer for each resource; policyreport and openreports:
                                 Kubernetes reports (YAML), one an object; github: annotations of workflows
      --output-file FILE         write that to a file, and print the table all the same
      --explain                  print the reasoning as a tree
  -h, --help                     this text

examples:
  vidimus apply policy.yaml -r pod.yaml
  vidimus apply policies/ -r deployment.yaml --explain
  vidimus apply policy.yaml -r pod.yaml --capture evidence.json
  vidimus apply policy.yaml -r pod.yaml --artifacts evidence.json --offline
  vidimus apply policies/ -r k8s/ -o sarif --output-file vidimus.sarif
  kubectl get deployments -o json | vidimus apply policy.yaml -r - -o json
`;

type Trace = "failures" | "full";

interface ApplyOptions extends EvaluationOptions {
  explain: boolean;
  capture: string | undefined;
  output: OutputFormat;
  outputFile: string | undefined;
}

export const SPECIFICATION = {
  ...EVALUATION,
  explain: { type: "boolean" },
  capture: { type: "string" },
  output: { type: "string", short: "o" },
  "output-file": { type: "string" },
} as const;

function parse(args: string[]): ApplyOptions {
  const { values, positionals } = parseArguments("apply", args, SPECIFICATION);
  const output = oneOf("output", values.output ?? "table", ["table", ...REPORT_FORMATS] as const);
  if (output === "table" && values["output-file"] !== undefined) {
    throw new VidimusError("bad-call", "--output-file: say with --output what to write, such as --output sarif");
  }
  return {
    ...evaluationOptions(values, positionals),
    explain: values.explain ?? false,
    capture: values.capture,
    output,
    outputFile: values["output-file"],
  };
}

/** Evaluates, and prints the results. */
export async function run(args: string[]): Promise<number> {
  const options = parse(args);
  // What goes to a file is not read from the output.
  return withDiagnostics(options.outputFile === undefined ? options.output : "table", () => evaluateAll(options));
}

async function evaluateAll(options: ApplyOptions): Promise<number> {
  const evaluation = await openEvaluation("apply", options);
  const trace = options.explain ? "full" : "failures";
  const answers = options.capture === undefined ? await answerAll(evaluation, trace) : await captureTo(options.capture, evaluation, trace);
  if (options.output !== "table") await printReport(options.output, options.outputFile, answers, { policies: evaluation.policies, time: options.now });
  if (options.output === "table" || options.outputFile !== undefined) {
    process.stdout.write(table(answers) + (options.explain ? trees(answers) + requests(evaluation.log) : ""));
  }
  await evaluation.close();
  return exitOf(answers);
}

async function captureTo(path: string, evaluation: Evaluation, trace: Trace): Promise<AnswerDocument[]> {
  const { document, answers } = await captureAll(evaluation, { trace }, false);
  await writeEvidence("--capture", path, document);
  return answers;
}

async function answerAll({ set, resources, request, artifacts, sources, concurrency }: Evaluation, trace: Trace): Promise<AnswerDocument[]> {
  const progress = new Progress(resources.length);
  const requests = resources.map((resource) => request(resource, { trace }));
  const answers = await settleAll(set, requests, artifacts, sources, {
    concurrency,
    onRequest: () => progress.request(),
    onAnswer: (answer) => progress.evaluated(answer),
  });
  progress.done();
  return answers;
}
