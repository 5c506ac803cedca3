import { Artifacts } from "../engine/artifacts.js";
import { VidimusError } from "../engine/error.js";
import { PolicySet, parseObjects } from "../engine/policy-set.js";
import { ready } from "../engine/ready.js";
import type { EvaluateDocument, OptionsDocument, SourceDocument } from "../engine/types.js";
import type { LoggedRequest } from "../registry/fetch.js";
import type { ArtifactSource } from "../source/source.js";
import { TrustRootSource } from "../source/trust-root.js";
import { PUBLIC_GOOD } from "../trust/public-good.js";
import { number, oneOf, type Arguments } from "./arguments.js";
import { keepTexts, printDiagnostics } from "./diagnostics.js";
import { readPolicies, readTexts } from "./files.js";
import { readInputs, type Inputs } from "./inputs.js";
import { NETWORK, NETWORK_HELP, networkOptions, openNetwork, writeRequestLog, type NetworkOptions } from "./network.js";
import { inDefaultNamespace } from "../engine/namespace.js";
import { refreshedTrustRoot } from "./refresh.js";
import { givenTrustRoot, openSources } from "./sources.js";

/** What policies are evaluated on, and with what: the options that commands share which evaluate. */
export interface EvaluationOptions extends NetworkOptions {
  policies: string[];
  resources: string[];
  exceptions: string[];
  artifacts: string[];
  trustRoot: string | undefined;
  refreshTrustRoot: boolean;
  now: string;
  compat: "default" | "exact";
  /** Absent: what the values say, else CREATE. */
  operation: EvaluateDocument["operation"];
  values: string | undefined;
  set: string[];
  userInfo: string | undefined;
  clusterObjects: string[];
  targetResources: string[];
  seed: number | undefined;
}

export const EVALUATION = {
  resource: { type: "string", short: "r", multiple: true },
  exception: { type: "string", multiple: true },
  artifacts: { type: "string", multiple: true },
  ...NETWORK,
  "trust-root": { type: "string" },
  "refresh-trust-root": { type: "boolean" },
  now: { type: "string" },
  compat: { type: "string" },
  operation: { type: "string" },
  values: { type: "string", short: "f" },
  set: { type: "string", short: "s", multiple: true },
  userinfo: { type: "string", short: "u" },
  "cluster-object": { type: "string", multiple: true },
  "target-resource": { type: "string", multiple: true },
  seed: { type: "string" },
} as const;

/** What `POLICY` and `RESOURCE` of a usage line are. */
export const PATHS_HELP = `POLICY and RESOURCE are files, folders (every .yaml, .yml and .json below them) or - for standard input. In a folder of
policies, files that hold none are left out. Resources that name no namespace are in \`default\`.`;

/** The lines of help of {@link EVALUATION}. */
export const EVALUATION_HELP = `  -r, --resource PATH            resources; repeatable
      --exception PATH           PolicyExceptions; repeatable
      --artifacts PATH           evidence file, OCI image layout (folder or .tar, REPOSITORY=PATH where several
                                 are asked about) or layout root; repeatable
${NETWORK_HELP}
      --operation CREATE|UPDATE|DELETE|CONNECT
                                 what the request does; CREATE unless the values say otherwise
      --now TIME                 evaluate as of this time, such as 2026-01-31T12:00:00Z
      --trust-root FILE          Sigstore TrustedRoot (JSON) in place of the public-good instance's, which is that of
                                 ${PUBLIC_GOOD.date}
      --refresh-trust-root       ask Sigstore's repository (TUF) for the public-good trust root of today
  -f, --values FILE              values for variables, as Kyverno's command line reads them
  -s, --set NAME=VALUE,...       values for variables, over those of the file; repeatable
  -u, --userinfo FILE            who makes the request, as Kyverno's command line reads it
      --cluster-object PATH      Kubernetes objects that policies read: ConfigMaps, Secrets, Namespaces; repeatable
      --target-resource PATH     targets of mutate rules for existing resources; repeatable
      --seed NUMBER              where the function random begins
      --compat default|exact     exact: Kyverno to the letter, where it accepts what nobody signed too`;

type Values = Arguments<typeof EVALUATION>["values"];

/** The shared options among the values of a call. */
export function evaluationOptions(values: Values, policies: string[]): EvaluationOptions {
  return {
    policies,
    resources: values.resource ?? [],
    exceptions: values.exception ?? [],
    artifacts: values.artifacts ?? [],
    ...networkOptions(values),
    trustRoot: values["trust-root"],
    refreshTrustRoot: values["refresh-trust-root"] ?? false,
    now: values.now ?? new Date().toISOString(),
    compat: oneOf("compat", values.compat ?? "default", ["default", "exact"] as const),
    operation:
      values.operation === undefined
        ? undefined
        : oneOf("operation", values.operation, ["CREATE", "UPDATE", "DELETE", "CONNECT"] as const),
    values: values.values,
    set: values.set ?? [],
    userInfo: values.userinfo,
    clusterObjects: values["cluster-object"] ?? [],
    targetResources: values["target-resource"] ?? [],
    seed: values.seed === undefined ? undefined : number("seed", values.seed),
  };
}

/** Everything that an evaluation needs, read. */
export interface Evaluation {
  set: PolicySet;
  policies: SourceDocument[];
  exceptions: SourceDocument[];
  resources: unknown[];
  artifacts: Artifacts;
  sources: ArtifactSource[];
  /** Requests at the same time. */
  concurrency: number;
  /** What registries were asked so far. */
  log: readonly LoggedRequest[];
  /** Writes down what was asked, where that is wanted. */
  close(): Promise<void>;
  /** The question about a resource. */
  request(resource: unknown, options?: OptionsDocument): EvaluateDocument;
}

/** Reads what the options name. */
export async function openEvaluation(command: string, options: EvaluationOptions): Promise<Evaluation> {
  const usage = `vidimus ${command} POLICY -r RESOURCE`;
  if (options.policies.length === 0) throw new VidimusError("bad-call", `no policy given: ${usage}`);
  if (options.resources.length === 0) throw new VidimusError("bad-call", "no resource given: add -r RESOURCE");
  await ready();
  const policies = await readPolicies(options.policies);
  const exceptions = await readTexts(options.exceptions);
  if (policies.length === 0) throw new VidimusError("bad-call", "the policy folders hold no policy");
  const set = await load(policies, exceptions);
  const resources = (await Promise.all((await readTexts(options.resources)).map(objectsOf))).flat();
  if (resources.length === 0) throw new VidimusError("bad-call", "the resource files hold no object");
  const artifacts = new Artifacts();
  const inputs = await readInputs(options);
  const network = await openNetwork(options, inputs.objects);
  const sources = await openSources(options.artifacts, await trustRoot(options), network, artifacts);
  for (const object of inputs.objects) artifacts.addObject(object);
  if (usesNamespaceLabels([...policies, ...exceptions])) await network.cluster?.addNamespaces(resources, inputs.objects, artifacts);
  const ask = (resource: unknown, more?: OptionsDocument) => request(resource, options, inputs, more);
  const { log } = network;
  const close = () => writeRequestLog(options, log);
  return { set, policies, exceptions, resources, artifacts, sources, concurrency: options.concurrency, log, close, request: ask };
}

/** Whether rules are chosen by labels of namespaces: these are read before anything is evaluated. */
function usesNamespaceLabels(texts: SourceDocument[]): boolean {
  return texts.some(({ text }) => text.includes("namespaceSelector"));
}

function request(resource: unknown, { now, compat }: EvaluationOptions, inputs: Inputs, more: OptionsDocument = {}): EvaluateDocument {
  return { resource, ...inputs.request, options: { now, compat, ...inputs.options, ...more } };
}

async function load(policies: SourceDocument[], exceptions: SourceDocument[]): Promise<PolicySet> {
  keepTexts([...policies, ...exceptions]);
  const set = await PolicySet.load(policies, exceptions);
  printDiagnostics(set.diagnostics());
  return set;
}

async function objectsOf(source: SourceDocument): Promise<unknown[]> {
  keepTexts([source]);
  return (await parseObjects(source.text, source.name)).map(inDefaultNamespace);
}

/** The given trust root, a fresh one, or the one that comes with the package: never two of them. */
async function trustRoot({ trustRoot: path, refreshTrustRoot, offline }: EvaluationOptions): Promise<TrustRootSource> {
  if (refreshTrustRoot && (path !== undefined || offline)) {
    const other = path === undefined ? "--offline" : "--trust-root";
    throw new VidimusError("bad-call", `--refresh-trust-root and ${other} exclude each other`);
  }
  if (refreshTrustRoot) return new TrustRootSource(await refreshedTrustRoot(), "Sigstore's public-good instance, as of now");
  return givenTrustRoot(path);
}
