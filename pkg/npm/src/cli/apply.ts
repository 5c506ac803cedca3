import { Artifacts } from "../engine/artifacts.js";
import type { EvidenceDocument } from "../engine/documents.js";
import { VidimusError, diagnosticsOf } from "../engine/error.js";
import { PolicySet, parseObjects } from "../engine/policy-set.js";
import { ready } from "../engine/ready.js";
import type { AnswerDocument, SourceDocument } from "../engine/types.js";
import { settle } from "../loop.js";
import { RegistrySource } from "../registry/client.js";
import { dockerCredentials } from "../registry/docker-config.js";
import { openArtifacts } from "../source/files-node.js";
import { OfflineSource, type ArtifactSource } from "../source/source.js";
import { TransparencyLogSource } from "../source/transparency-log.js";
import { TrustRootSource } from "../source/trust-root.js";
import { capture } from "./capture.js";
import { keepTexts, printDiagnostics } from "./diagnostics.js";
import { Exit, exitOf } from "./exit.js";
import { readPolicies, readText, readTexts } from "./files.js";
import { inDefaultNamespace } from "./namespace.js";
import { engineOptions, parseApply, type ApplyOptions } from "./options.js";
import { print, serialise } from "./output.js";
import { PUBLIC_GOOD } from "../trust/public-good.js";
import { readInputs } from "./inputs.js";
import { Progress } from "./progress.js";
import { refreshedTrustRoot } from "./refresh.js";

export const APPLY_HELP = `usage: vidimus apply POLICY... -r RESOURCE... [OPTIONS]

Evaluates policies on resources. Signatures are fetched from the registries that the images name, or taken from files.

POLICY and RESOURCE are files, folders (every .yaml, .yml and .json below them) or - for standard input. In a folder of
policies, files that hold none are left out. Resources that name no namespace are in \`default\`.

options:
  -r, --resource PATH            resources; repeatable
      --exception PATH           PolicyExceptions; repeatable
      --artifacts PATH           evidence file, OCI image layout (folder or .tar, REPOSITORY=PATH where several
                                 are asked about) or layout root; repeatable
      --offline                  ask no registry: what is not in --artifacts cannot be evaluated
      --insecure-registry HOST   ask this host by plain HTTP (loopback hosts always are); repeatable
      --capture FILE             write the artifacts that the verdicts used, to be given to --artifacts later
      --operation OPERATION      CREATE (default), UPDATE, DELETE or CONNECT
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
      --compat default|exact     exact: Kyverno to the letter, where it accepts what nobody signed too
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

/** Evaluates; prints results to standard output and everything else to standard error. */
export async function apply(args: string[]): Promise<number> {
  const options = parseApply(args);
  if (options.help) {
    process.stdout.write(APPLY_HELP);
    return Exit.Admitted;
  }
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
  if (options.policies.length === 0) throw new VidimusError("bad-call", "no policy given: vidimus apply POLICY -r RESOURCE");
  if (options.resources.length === 0) throw new VidimusError("bad-call", "no resource given: add -r RESOURCE");
  await ready();
  const texts = await readPolicies(options.policies);
  const exceptions = await readTexts(options.exceptions);
  if (texts.length === 0) throw new VidimusError("bad-call", "the policy folders hold no policy");
  const set = await load(texts, exceptions);
  const resources = (await Promise.all((await readTexts(options.resources)).map(objectsOf))).flat();
  if (resources.length === 0) throw new VidimusError("bad-call", "the resource files hold no object");
  const artifacts = new Artifacts();
  const sources = await openSources(options, artifacts);
  const inputs = await readInputs(options);
  for (const object of inputs.objects) artifacts.addObject(object);
  const progress = new Progress(resources.length);
  const answers: AnswerDocument[] = [];
  for (const resource of resources) {
    const request = { resource, ...inputs.request, options: { ...engineOptions(options), ...inputs.options } };
    answers.push(await settle(set, request, artifacts, sources, { onRequest: (need) => progress.request(need) }));
    progress.evaluated();
  }
  progress.done();
  if (options.capture !== undefined) {
    await capture(options.capture, answers.map((answer) => answer.evidence as EvidenceDocument));
  }
  process.stdout.write(await print(options.output, answers, options.explain));
  return exitOf(answers);
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

async function openSources(options: ApplyOptions, artifacts: Artifacts): Promise<ArtifactSource[]> {
  const sources: ArtifactSource[] = [];
  for (const path of options.artifacts) {
    const source = await openArtifacts(path, artifacts);
    if (source !== undefined) sources.push(source);
  }
  sources.push(await trustRoot(options));
  if (!options.offline) {
    sources.push(new RegistrySource({ credentials: dockerCredentials(), insecure: options.insecure }));
    sources.push(new TransparencyLogSource());
  }
  // Kubernetes objects that no file holds have no other source, and offline nothing else has.
  sources.push(new OfflineSource());
  return sources;
}

/** The given trust root, a fresh one, or the one that comes with the package: never two of them. */
async function trustRoot({ trustRoot: path, refreshTrustRoot, offline }: ApplyOptions): Promise<TrustRootSource> {
  if (refreshTrustRoot && (path !== undefined || offline)) {
    const other = path === undefined ? "--offline" : "--trust-root";
    throw new VidimusError("bad-call", `--refresh-trust-root and ${other} exclude each other`);
  }
  if (refreshTrustRoot) return new TrustRootSource(await refreshedTrustRoot(), "Sigstore's public-good instance, as of now");
  return path === undefined ? new TrustRootSource() : new TrustRootSource(await readText(path), path);
}
