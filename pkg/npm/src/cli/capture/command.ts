import type { EvidenceDocument } from "../../engine/documents.js";
import { VidimusError } from "../../engine/error.js";
import type { OptionsDocument } from "../../engine/types.js";
import { capture, type Capture } from "../../evidence/capture.js";
import { table } from "../apply/table.js";
import { parseArguments } from "../arguments.js";
import { EVALUATION, EVALUATION_HELP, PATHS_HELP, evaluationOptions, openEvaluation, type Evaluation } from "../evaluation.js";
import { contentsOf, writeEvidence, writeLayout } from "../evidence-files.js";
import { Exit } from "../exit.js";
import { Progress } from "../progress.js";

export const HELP = `usage: vidimus capture POLICY... -r RESOURCE... -o FILE|--layout DIR [OPTIONS]

Evaluates policies on resources and writes down all that the verdicts rest on: the artifacts that were fetched, the
policies, the questions with their time, the trust root where one was asked for, and the verdicts. Nothing else is needed to
verify them again: see vidimus replay.

Credentials are in no evidence: what registries repeat of them in their errors is cut out. Of a Secret that a policy names
only the field cosign.pub is kept. A private key in any input is refused.

${PATHS_HELP}

options:
  -o, --output FILE              write one evidence document; - for standard output
      --layout DIR               write the artifacts as OCI image layouts, one for each repository, to be given to
                                 --artifacts; policies, verdicts and Kubernetes objects have no place there
      --all                      keep everything that was fetched or given with --artifacts, not only what the verdicts used
${EVALUATION_HELP}
  -h, --help                     this text

exit codes: 0 written, whatever the verdicts; 2 the call or an input is wrong; 3 written, but something could not be
evaluated

examples:
  vidimus capture policy.yaml -r pod.yaml -o evidence.json
  vidimus capture policies/ -r deployments/ -o evidence.json --all
  vidimus capture policy.yaml -r pod.yaml --layout images/
  vidimus capture policy.yaml -r pod.yaml -o - | vidimus replay -
`;

export const SPECIFICATION = {
  ...EVALUATION,
  output: { type: "string", short: "o" },
  layout: { type: "string" },
  all: { type: "boolean" },
} as const;

/** Evaluates, and writes evidence. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments("capture", args, SPECIFICATION);
  const { output, layout, all = false } = values;
  if (output === undefined && layout === undefined) {
    throw new VidimusError("bad-call", "nothing to write to: add -o FILE or --layout DIR");
  }
  const evaluation = await openEvaluation("capture", evaluationOptions(values, positionals));
  const { document, answers } = await captureAll(evaluation, { trace: "none" }, all);
  if (layout !== undefined) await writeLayout(layout, document);
  if (output !== undefined) await writeEvidence("--output", output, document);
  await evaluation.close();
  if (output !== "-") process.stdout.write(`${table(answers)}${written(document, output, layout)}`);
  return answers.some(({ results }) => results.some(({ status }) => status === "error")) ? Exit.NotEvaluated : Exit.Admitted;
}

/** Captures every resource of an evaluation. */
export async function captureAll(evaluation: Evaluation, options: OptionsDocument, all: boolean): Promise<Capture> {
  const { resources, request } = evaluation;
  const progress = new Progress(resources.length);
  const requests = resources.map((resource) => request(resource, options));
  const captured = await capture(
    { ...evaluation, requests },
    { all, concurrency: evaluation.concurrency, onRequest: () => progress.request(), onAnswer: (answer) => progress.evaluated(answer) },
  );
  progress.done();
  return captured;
}

function written(document: EvidenceDocument, output?: string, layout?: string): string {
  const places = [output, layout].filter((place) => place !== undefined).join(" and ");
  return `wrote ${places}: ${contentsOf(document)}\n`;
}
