import { VidimusError } from "../../engine/error.js";
import type { Plan } from "../../plan.js";
import { plan } from "../../plan.js";
import { requestOf } from "../../source/source.js";
import { oneOf, parseArguments } from "../arguments.js";
import { printJson, withDiagnostics } from "../documents.js";
import { EVALUATION, EVALUATION_HELP, PATHS_HELP, evaluationOptions, openEvaluation, type EvaluationOptions } from "../evaluation.js";
import { Exit } from "../exit.js";
import { table } from "./table.js";

export const HELP = `usage: vidimus plan POLICY... -r RESOURCE... [OPTIONS]

Lists what an evaluation would fetch, from where, and for which policy, rule and attestor. Sends no request. What is asked
next often depends on what came back: the list goes as far as it shows with the artifacts given.

${PATHS_HELP}

options:
  -o, --output table|json        json: a list with one plan for each resource
${EVALUATION_HELP}
  -h, --help                     this text

examples:
  vidimus plan policy.yaml -r pod.yaml
  vidimus plan policies/ -r deployment.yaml --artifacts evidence.json -o json
`;

export const SPECIFICATION = {
  ...EVALUATION,
  output: { type: "string", short: "o" },
} as const;

/** The plan for a resource. */
export interface ResourcePlan extends Plan {
  resource: unknown;
}

/** Prints the requests of each round. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments("plan", args, SPECIFICATION);
  const output = oneOf("output", values.output ?? "table", ["table", "json"] as const);
  if (values["refresh-trust-root"] === true) throw new VidimusError("bad-call", "plan sends no request: leave out --refresh-trust-root");
  return withDiagnostics(output, async () => {
    const plans = await planAll(evaluationOptions(values, positionals));
    if (output === "json") printJson(plans.map(asDocument));
    else process.stdout.write(table(plans));
    return Exit.Admitted;
  });
}

async function planAll(options: EvaluationOptions): Promise<ResourcePlan[]> {
  const { set, resources, request, artifacts, sources } = await openEvaluation("plan", { ...options, offline: true });
  // The last one answers what no other does; here that is what would be fetched.
  const local = sources.filter(({ name }) => name !== "offline");
  const plans: ResourcePlan[] = [];
  for (const resource of resources) plans.push({ resource, ...(await plan(set, request(resource, { trace: "none" }), artifacts, local)) });
  return plans;
}

function asDocument({ resource, complete, requests }: ResourcePlan) {
  const { apiVersion, kind, metadata } = resource as { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } };
  return {
    resource: { apiVersion, kind, namespace: metadata.namespace ?? "", name: metadata.name },
    complete,
    requests: requests.map(({ round, need, answeredBy, sentTo }) => ({ round, ...requestOf(need), askedBy: need.askedBy, answeredBy, sentTo })),
  };
}
