import { PolicySet as Compiled, objects, version as engineVersion } from "../wasm/vidimus.js";
import { Artifacts } from "./artifacts.js";
import { inputError } from "./error.js";
import { ready } from "./ready.js";
import type { AnswerDocument, DiagnosticDocument, EvaluateDocument, SourceDocument } from "./types.js";

const encoder = new TextEncoder();
/** The version of the engine. */
export async function version(): Promise<string> {
  await ready();
  return engineVersion();
}

/**
 * The Kubernetes objects of a text, read by the rules Kubernetes reads YAML by; lists are unwrapped.
 *
 * Throws a VidimusError with the diagnostics where it is not YAML.
 */
export async function parseObjects(text: string, name = "resource"): Promise<unknown[]> {
  await ready();
  const answer = JSON.parse(objects(text, name)) as { objects: unknown[] } | { diagnostics: DiagnosticDocument[] };
  if ("objects" in answer) return answer.objects;
  throw inputError(answer.diagnostics);
}

/** A policy: a text with a name, a text alone, or a value. */
export type PolicyInput = SourceDocument | string | object;

/** Policies, compiled once and evaluated many times. */
export class PolicySet {
  private constructor(private readonly compiled: Compiled) {}

  /**
   * Compiles policies and exceptions.
   *
   * Throws a VidimusError with the diagnostics where one of them cannot be understood: none is evaluated then.
   */
  static async load(policies: PolicyInput[], exceptions: PolicyInput[] = []): Promise<PolicySet> {
    await ready();
    const sources = { policies: policies.map(asSource("policies")), exceptions: exceptions.map(asSource("exceptions")) };
    const set = new PolicySet(Compiled.load(encoder.encode(JSON.stringify(sources))));
    const found = set.diagnostics();
    const errors = found.filter((diagnostic) => diagnostic.severity === "error");
    if (errors.length > 0) throw inputError(errors, found);
    return set;
  }

  /** Warnings about the policies. */
  diagnostics(): DiagnosticDocument[] {
    return JSON.parse(this.compiled.diagnostics()) as DiagnosticDocument[];
  }

  /**
   * Evaluates with what is in `artifacts`, fetching nothing: the answer lists what is missing.
   *
   * Throws a VidimusError with the diagnostics where the request cannot be understood.
   */
  evaluate(request: EvaluateDocument, artifacts: Artifacts): AnswerDocument {
    const answer = JSON.parse(this.evaluateText(request, artifacts)) as AnswerDocument | { diagnostics: DiagnosticDocument[] };
    if (!("status" in answer)) throw inputError(answer.diagnostics);
    return answer;
  }

  /** The same as JSON text, as the engine writes it; what is wrong with the request is `{"diagnostics": [...]}`. */
  evaluateText(request: EvaluateDocument, artifacts: Artifacts): string {
    return this.compiled.evaluate(encoder.encode(JSON.stringify(request)), artifacts.store);
  }

  /** Frees the memory of the compiled set. */
  free(): void {
    this.compiled.free();
  }
}

/** Gives inputs without a name one by their place in a list. */
export function asSource(list: string) {
  return (input: PolicyInput, index: number): SourceDocument => {
    const name = `${list}[${index}]`;
    if (typeof input === "string") return { name, text: input };
    if ("text" in input && typeof input.text === "string") {
      return { name: "name" in input && typeof input.name === "string" ? input.name : name, text: input.text };
    }
    return { name, text: JSON.stringify(input) };
  };
}
