import { VidimusError } from "../engine/error.js";
import { parseObjects } from "../engine/policy-set.js";
import type { EvaluateDocument, OptionsDocument, SourceDocument } from "../engine/types.js";
import { keepTexts } from "./diagnostics.js";
import { readText, readTexts } from "./files.js";
import type { EvaluationOptions } from "./evaluation.js";

/** What stands in place of a cluster and of whoever makes the request. */
export interface Inputs {
  request: Pick<EvaluateDocument, "operation" | "userInfoFile">;
  options: Pick<OptionsDocument, "cluster" | "seed" | "values" | "valuesFile">;
  /** Kubernetes objects that policies read. */
  objects: unknown[];
}

/** Reads the files and values of the call. What they say is read by the engine, which tells what is wrong, and where. */
export async function readInputs(options: EvaluationOptions): Promise<Inputs> {
  const [values, userInfo] = await Promise.all([options.values, options.userInfo].map(readSource));
  const texts = await readTexts([...options.clusterObjects, ...options.targetResources]);
  keepTexts([...texts, ...[values, userInfo].filter((source) => source !== undefined)]);
  const objects = (await Promise.all(texts.map((source) => parseObjects(source.text, source.name)))).flat();
  const set = parseSet(options.set);
  return {
    request: {
      ...(options.operation === undefined ? {} : { operation: options.operation }),
      ...(userInfo === undefined ? {} : { userInfoFile: userInfo }),
    },
    options: {
      ...(values === undefined ? {} : { valuesFile: values }),
      ...(Object.keys(set).length === 0 ? {} : { values: set }),
      // Targets are found among the objects only where these are all there is.
      ...(options.targetResources.length === 0 ? {} : { cluster: "complete" as const }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    },
    objects,
  };
}

async function readSource(path: string | undefined): Promise<SourceDocument | undefined> {
  return path === undefined ? undefined : { name: path, text: await readText(path) };
}

/** `NAME=VALUE,NAME=VALUE`, as Kyverno's command line splits it. */
function parseSet(pairs: string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const pair of pairs.flatMap((text) => text.split(","))) {
    const at = pair.indexOf("=");
    if (at < 1) throw new VidimusError("bad-call", `--set: expected NAME=VALUE, found \`${pair}\``);
    values[pair.slice(0, at).trim()] = pair.slice(at + 1).trim();
  }
  return values;
}
