import { VidimusError } from "../../engine/error.js";
import type { Preflight } from "../../preflight/model.js";
import { preflight } from "../../preflight/preflight.js";
import { oneOf, parseArguments } from "../arguments.js";
import { keepTexts } from "../diagnostics.js";
import { printJson, withDiagnostics } from "../documents.js";
import { Exit } from "../exit.js";
import { readPolicies } from "../files.js";
import { IMAGE, IMAGE_HELP, openImage } from "../image.js";
import { text } from "./text.js";

export const HELP = `usage: vidimus preflight POLICY... --image IMAGE... [OPTIONS]

Can these policies admit this image? Evaluates a Pod of it, says why each attestor fails, and compares what the policies read
with what the image carries. An edit of the policy is shown only where the rule passes with it; what it gives up stands
beside it.

options:
      --image IMAGE              the reference of an image; repeatable
      --now TIME                 evaluate as of this time, such as 2026-01-31T12:00:00Z
  -o, --output text|json         json: a list with one document for each image
${IMAGE_HELP}
  -h, --help                     this text

exit codes: 0 every image is admitted; 1 one is not; 2 the call or a policy is wrong; 3 something could not be evaluated

examples:
  vidimus preflight policy.yaml --image ghcr.io/acme/shop:v1
  vidimus preflight policies/ --image registry.example/shop/checkout:v1 --artifacts evidence.json --offline
`;

export const SPECIFICATION = {
  ...IMAGE,
  image: { type: "string", multiple: true },
  now: { type: "string" },
  output: { type: "string", short: "o" },
} as const;

/** Prints whether images can be admitted. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments("preflight", args, SPECIFICATION);
  const output = oneOf("output", values.output ?? "text", ["text", "json"] as const);
  return withDiagnostics(output, async () => {
    const { image: images = [], now } = values;
    if (positionals.length === 0) throw new VidimusError("bad-call", "no policy given: vidimus preflight POLICY --image IMAGE");
    if (images.length === 0) throw new VidimusError("bad-call", "no image given: add --image IMAGE");
    const policies = await readPolicies(positionals);
    keepTexts(policies);
    const { artifacts, sources } = await openImage(values);
    const found: Preflight[] = [];
    for (const image of images) found.push(await preflight({ policies, image, artifacts, sources, ...(now !== undefined && { options: { now } }) }));
    if (output === "json") printJson(found);
    else process.stdout.write(found.map(text).join("\n"));
    return exitOf(found);
  });
}

function exitOf(found: Preflight[]): number {
  if (found.some(({ results }) => results.some(({ status }) => status === "error"))) return Exit.NotEvaluated;
  return found.every(({ isAdmitted }) => isAdmitted) ? Exit.Admitted : Exit.Denied;
}
