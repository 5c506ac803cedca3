import { request as requestHttp } from "node:http";
import { request as requestHttps, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Artifacts } from "../engine/artifacts.js";
import { VidimusError } from "../engine/error.js";
import type { NeedDocument } from "../engine/types.js";
import { requestOf, type ArtifactSource } from "./source.js";

/** Which cluster is asked. */
export interface ClusterOptions {
  /** A kubeconfig; absent: `$KUBECONFIG`, `~/.kube/config` or the service account of a pod, as `kubectl` looks. */
  kubeconfig?: string;
  /** A context of it; absent: the current one. */
  context?: string;
}

/** What the API server answered. */
interface Reply {
  status: number;
  text: string;
}

/** Objects that policies read, by the name that their API has; everything else is not asked for. */
const RESOURCES: Record<string, string> = { ConfigMap: "configmaps", Secret: "secrets", Namespace: "namespaces" };
const TIMEOUT = 15_000;
/** What an API server accepts of an object, with room for what it adds. */
const MAX_OBJECT = 8 << 20;

/**
 * The Kubernetes objects that policies read, from the cluster of a kubeconfig. It only reads, and only what a policy names.
 *
 * Needs the package `@kubernetes/client-node`, which is installed by whoever wants this.
 */
export class KubernetesSource implements ArtifactSource {
  readonly name = "kubernetes";

  private constructor(private readonly config: KubeConfig) {}

  /** Reads the kubeconfig; throws where there is none, or none that is of use. */
  static async open(options: ClusterOptions = {}): Promise<KubernetesSource> {
    // Loaded where it is used: it is large.
    const { KubeConfig } = await import("@kubernetes/client-node").catch(() => {
      const how = "npm install @kubernetes/client-node";
      throw new VidimusError("bad-call", `asking a cluster needs the package @kubernetes/client-node: ${how}`);
    });
    const config = new KubeConfig();
    try {
      if (options.kubeconfig === undefined) config.loadFromDefault();
      else config.loadFromFile(options.kubeconfig);
    } catch (error) {
      throw new VidimusError("bad-call", `kubeconfig: ${words(error)}`);
    }
    if (options.context !== undefined) choose(config, options.context);
    if (config.getCurrentCluster() === null) {
      throw new VidimusError("bad-call", "kubeconfig: no current context: choose one with --context");
    }
    return new KubernetesSource(config);
  }

  async answer(need: NeedDocument, artifacts: Artifacts, signal?: AbortSignal): Promise<boolean> {
    const resource = RESOURCES[need.objectKind ?? ""];
    if (need.kind !== "object" || need.apiVersion !== "v1" || resource === undefined) return false;
    try {
      const { status, text } = await this.get(resource, need.namespace ?? "", need.name ?? "", signal);
      if (status === 200) artifacts.addObject(JSON.parse(text) as unknown);
      else artifacts.addFailure(requestOf(need), { status, error: statusWords(status, text), transport: false });
    } catch (error) {
      if (signal?.aborted) throw error;
      artifacts.addFailure(requestOf(need), { error: words(error), transport: true });
    }
    return true;
  }

  /**
   * Adds the Namespaces of resources, for their labels; those among `given` are not asked for. One that cannot be read is
   * left out: rules that want its labels say so.
   */
  async addNamespaces(resources: unknown[], given: unknown[], artifacts: Artifacts): Promise<void> {
    const known = new Set(given.flatMap((object) => (identityOf(object).kind === "Namespace" ? [identityOf(object).name] : [])));
    const names = new Set(resources.map((resource) => identityOf(resource).namespace));
    for (const name of names) {
      if (name === "" || known.has(name)) continue;
      await this.answer({ kind: "object", apiVersion: "v1", objectKind: "Namespace", namespace: "", name, askedBy: [] }, artifacts);
    }
  }

  /** A Secret; throws where it cannot be read. */
  async secret(namespace: string, name: string): Promise<unknown> {
    const what = `Secret ${namespace}/${name}`;
    const { status, text } = await this.get("secrets", namespace, name).catch((error: unknown) => {
      throw new VidimusError("needs-unanswered", `${what}: ${words(error)}`);
    });
    if (status !== 200) throw new VidimusError("bad-call", `${what}: ${statusWords(status, text)}`);
    return JSON.parse(text) as unknown;
  }

  /** One object as the API server writes it: the client's own types would change times and leave fields out. */
  private async get(resource: string, namespace: string, name: string, signal?: AbortSignal): Promise<Reply> {
    const within = namespace === "" ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
    const server = this.config.getCurrentCluster()?.server ?? "";
    const url = new URL(`${server.replace(/\/+$/, "")}/api/v1${within}/${resource}/${encodeURIComponent(name)}`);
    const options: RequestOptions = { timeout: TIMEOUT, headers: { accept: "application/json" }, ...(signal && { signal }) };
    await this.config.applyToHTTPSOptions(options);
    return send(url, options);
  }
}

function identityOf(object: unknown): { kind: string; namespace: string; name: string } {
  const { kind = "", metadata } = (object ?? {}) as { kind?: string; metadata?: { namespace?: string; name?: string } };
  return { kind, namespace: metadata?.namespace ?? "", name: metadata?.name ?? "" };
}

function choose(config: KubeConfig, context: string): void {
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    throw new VidimusError("bad-call", `--context: expected ${names.join(", ") || "a context"}, found \`${context}\``);
  }
  config.setCurrentContext(context);
}

function send(url: URL, options: RequestOptions): Promise<Reply> {
  const request = url.protocol === "http:" ? requestHttp : requestHttps;
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        if (text.length > MAX_OBJECT) response.destroy(new Error(`an object of more than ${MAX_OBJECT} characters`));
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text })).on("error", reject);
    });
    sent.on("timeout", () => sent.destroy(new Error(`${url.host}: no answer within ${TIMEOUT} ms`)));
    sent.on("error", reject).end();
  });
}

/** The words of a Kubernetes `Status`. */
function statusWords(status: number, text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === "string" && message !== "") return `HTTP ${status}: ${message.slice(0, 500)}`;
  } catch {
    // A proxy's HTML says nothing.
  }
  return `HTTP ${status}`;
}

function words(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
