import { parseArgs } from "node:util";
import { VidimusError } from "../engine/error.js";
import type { EvaluateDocument, OptionsDocument } from "../engine/types.js";

/** How results are printed. */
export type OutputFormat = "json" | "table" | "yaml";

/** The options of `apply`. */
export interface ApplyOptions {
  policies: string[];
  resources: string[];
  exceptions: string[];
  artifacts: string[];
  insecure: string[];
  offline: boolean;
  explain: boolean;
  help: boolean;
  capture: string | undefined;
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
  output: OutputFormat;
}

const SPECIFICATION = {
  resource: { type: "string", short: "r", multiple: true },
  exception: { type: "string", multiple: true },
  artifacts: { type: "string", multiple: true },
  "insecure-registry": { type: "string", multiple: true },
  offline: { type: "boolean" },
  explain: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  capture: { type: "string" },
  "trust-root": { type: "string" },
  "refresh-trust-root": { type: "boolean" },
  now: { type: "string" },
  compat: { type: "string" },
  operation: { type: "string" },
  output: { type: "string", short: "o" },
  values: { type: "string", short: "f" },
  set: { type: "string", short: "s", multiple: true },
  userinfo: { type: "string", short: "u" },
  "cluster-object": { type: "string", multiple: true },
  "target-resource": { type: "string", multiple: true },
  seed: { type: "string" },
} as const;

/** Reads the arguments of `apply`; throws where one is unknown or has no meaning. */
export function parseApply(args: string[]): ApplyOptions {
  const { values, positionals } = parse(args);
  return {
    policies: positionals,
    resources: values.resource ?? [],
    exceptions: values.exception ?? [],
    artifacts: values.artifacts ?? [],
    insecure: values["insecure-registry"] ?? [],
    offline: values.offline ?? false,
    explain: values.explain ?? false,
    help: values.help ?? false,
    capture: values.capture,
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
    output: oneOf("output", values.output ?? "table", ["table", "json", "yaml"] as const),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: SPECIFICATION, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new VidimusError("bad-call", `${reason.split(". To specify")[0]}: try vidimus apply --help`);
  }
}

/** One of the allowed values of an option. */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new VidimusError("bad-call", `--${option}: expected ${allowed.join(", ")}, found \`${value}\``);
  }
  return found;
}

/** A whole number that is not negative. */
export function number(option: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new VidimusError("bad-call", `--${option}: expected a whole number, found \`${value}\``);
  return Number(value);
}

/** The engine's part of the options. */
export function engineOptions(options: ApplyOptions): OptionsDocument {
  return {
    now: options.now,
    compat: options.compat,
    trace: options.explain ? "full" : "failures",
    evidence: options.capture !== undefined,
  };
}
