import type { InspectionDocument } from "../../engine/types.js";
import { VidimusError } from "../../engine/error.js";
import { inspect } from "../../inspect.js";
import { oneOf, parseArguments } from "../arguments.js";
import { printJson, withDiagnostics } from "../documents.js";
import { Exit } from "../exit.js";
import { IMAGE, IMAGE_HELP, openImage } from "../image.js";
import { tree } from "./tree.js";

export const HELP = `usage: vidimus inspect IMAGE... [OPTIONS]

Shows what an image carries, decoded: manifests, signatures, certificates, log entries, timestamps, attestations. Nothing of
it is verified: a certificate in this tree may be anybody's. Whether somebody signed is for vidimus apply to say.

options:
  -o, --output tree|json         json: a list with one tree for each image
      --platforms                look for signatures of the manifests within an index too
${IMAGE_HELP}
  -h, --help                     this text

examples:
  vidimus inspect ghcr.io/acme/shop:v1
  vidimus inspect registry.example/shop/checkout:v1 --artifacts evidence.json --offline
`;

export const SPECIFICATION = {
  ...IMAGE,
  platforms: { type: "boolean" },
  output: { type: "string", short: "o" },
} as const;

/** Prints what images carry. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArguments("inspect", args, SPECIFICATION);
  const output = oneOf("output", values.output ?? "tree", ["tree", "json"] as const);
  return withDiagnostics(output, async () => {
    if (positionals.length === 0) throw new VidimusError("bad-call", "no image given: vidimus inspect IMAGE");
    const { artifacts, sources } = await openImage(values);
    const found: InspectionDocument[] = [];
    for (const image of positionals) found.push(await inspect(image, artifacts, sources, { platforms: values.platforms ?? false }));
    if (output === "json") printJson(found);
    else process.stdout.write(found.map(tree).join("\n"));
    return found.some(({ root }) => root.kind === "unknown") ? Exit.NotEvaluated : Exit.Admitted;
  });
}
