import { writeFile } from "node:fs/promises";
import { VidimusError } from "../engine/error.js";
import { networkSources } from "../host.js";
import type { CredentialsOf } from "../registry/auth.js";
import { RegistrySource } from "../registry/client.js";
import { credentialsOf, dockerCredentials } from "../registry/docker-config.js";
import type { LoggedRequest } from "../registry/fetch.js";
import { dockerConfigOf, firstKnown } from "../registry/pull-secret.js";
import { folderCache } from "../source/cache-node.js";
import { KubernetesSource } from "../source/kubernetes-node.js";
import type { ArtifactSource } from "../source/source.js";
import { number, type Arguments } from "./arguments.js";
import { failing } from "./files.js";

/** What is asked over the network, and how. */
export interface NetworkOptions {
  offline: boolean;
  insecure: string[];
  /** Seconds without a byte. */
  timeout: number | undefined;
  concurrency: number;
  cache: string | undefined;
  requestLog: string | undefined;
  cluster: boolean;
  kubeconfig: string | undefined;
  context: string | undefined;
  pullSecrets: string[];
}

export const NETWORK = {
  offline: { type: "boolean" },
  "insecure-registry": { type: "string", multiple: true },
  timeout: { type: "string" },
  concurrency: { type: "string" },
  cache: { type: "string" },
  "request-log": { type: "string" },
  cluster: { type: "boolean" },
  kubeconfig: { type: "string" },
  context: { type: "string" },
  "pull-secret": { type: "string", multiple: true },
} as const;

/** The lines of help of {@link NETWORK}. */
export const NETWORK_HELP = `      --offline                  ask nobody: what is not in --artifacts cannot be evaluated
      --insecure-registry HOST   ask this host by plain HTTP (loopback hosts always are); repeatable
      --timeout SECONDS          end a request that stands still for so long; 30 unless given
      --concurrency NUMBER       requests at the same time; 8 unless given
      --cache DIR                keep what has a digest here, and read it from here; every byte is hashed again
      --request-log FILE         write down each request that registries were sent, as JSON; no credentials are in it
      --cluster                  ask the cluster of the kubeconfig for ConfigMaps, Secrets and Namespaces that policies read
      --kubeconfig FILE          in place of $KUBECONFIG and ~/.kube/config; with --cluster
      --context NAME             in place of the current context; with --cluster
      --pull-secret NS/NAME      credentials for registries from this Secret of the cluster or of --cluster-object, before
                                 those of ~/.docker/config.json; repeatable`;

/** The options of the network among the values of a call. */
export function networkOptions(values: Arguments<typeof NETWORK>["values"]): NetworkOptions {
  const { cluster = false, offline = false, kubeconfig, context } = values;
  if (!cluster && (kubeconfig ?? context) !== undefined) throw new VidimusError("bad-call", "--kubeconfig and --context go with --cluster");
  if (cluster && offline) throw new VidimusError("bad-call", "--cluster and --offline exclude each other");
  return {
    offline,
    insecure: values["insecure-registry"] ?? [],
    timeout: values.timeout === undefined ? undefined : positive("timeout", values.timeout),
    concurrency: values.concurrency === undefined ? 8 : positive("concurrency", values.concurrency),
    cache: values.cache,
    requestLog: values["request-log"],
    cluster,
    kubeconfig,
    context,
    pullSecrets: values["pull-secret"] ?? [],
  };
}

function positive(option: string, value: string): number {
  const found = number(option, value);
  if (found === 0) throw new VidimusError("bad-call", `--${option}: expected a number above 0, found \`0\``);
  return found;
}

/** What answers over the network, and what it was asked. */
export interface Network {
  sources: ArtifactSource[];
  log: readonly LoggedRequest[];
  cluster?: KubernetesSource | undefined;
}

/** Opens what the options name; `objects` are those that files hold. */
export async function openNetwork(options: NetworkOptions, objects: unknown[]): Promise<Network> {
  if (options.offline) return { sources: [], log: [] };
  const { kubeconfig, context } = options;
  const cluster = options.cluster
    ? await KubernetesSource.open({ ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) })
    : undefined;
  const pulled = await Promise.all(options.pullSecrets.map((name) => pullSecret(name, objects, cluster)));
  const sources = networkSources({
    credentials: firstKnown([...pulled, dockerCredentials()]),
    insecure: options.insecure,
    ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
    ...(options.cache !== undefined && { cache: folderCache(options.cache) }),
  });
  const log = sources.flatMap((source) => (source instanceof RegistrySource ? [source.log] : []))[0] ?? [];
  return { sources: cluster === undefined ? sources : [...sources, cluster], log, cluster };
}

async function pullSecret(argument: string, objects: unknown[], cluster: KubernetesSource | undefined): Promise<CredentialsOf> {
  const [, namespace = "", name = ""] = /^([^/]+)\/([^/]+)$/.exec(argument) ?? [];
  if (name === "") throw new VidimusError("bad-call", `--pull-secret: expected NAMESPACE/NAME, found \`${argument}\``);
  const given = objects.find((object) => isSecret(object, namespace, name));
  if (given === undefined && cluster === undefined) {
    throw new VidimusError("bad-call", `--pull-secret ${argument}: no such Secret in --cluster-object: add it there, or --cluster`);
  }
  return credentialsOf(dockerConfigOf(given ?? (await cluster?.secret(namespace, name))), `pull secret ${argument}`);
}

function isSecret(object: unknown, namespace: string, name: string): boolean {
  const { kind, metadata } = object as { kind?: string; metadata?: { namespace?: string; name?: string } };
  return kind === "Secret" && (metadata?.namespace ?? "default") === namespace && metadata?.name === name;
}

/** Writes the log of requests, where one is wanted. */
export async function writeRequestLog({ requestLog }: NetworkOptions, log: readonly LoggedRequest[]): Promise<void> {
  if (requestLog === undefined) return;
  await failing(`--request-log ${requestLog}`, () => writeFile(requestLog, `${JSON.stringify(log, undefined, 2)}\n`));
}
