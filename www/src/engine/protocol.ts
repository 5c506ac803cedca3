import type { AnswerDocument, DiagnosticDocument, EvidenceDocument, FindingDocument, InspectionNode, Plan, Preflight } from "vidimus";
import type { Imported, ImportRequest } from "./import.js";
import type { Moment } from "./moments.js";
import type { PlaygroundDocument } from "../document.js";

/** What the worker is asked without the evidence, which is large and sent only when it changes. */
export type Question = Omit<PlaygroundDocument, "evidence">;

/** A call of one of the worker's methods. */
export interface Call {
  id: number;
  method: string;
  argument: unknown;
}

/** Its answer: a value, or what went wrong. */
export type Reply = { id: number; value: unknown } | { id: number; error: string };

/** What an evaluation brought. */
export interface Evaluation {
  /** One for each object; none where a text cannot be understood. */
  answers: AnswerDocument[];
  /** The objects, as they were read. */
  resources: unknown[];
  /** What is wrong with the texts, and warnings. */
  diagnostics: DiagnosticDocument[];
  /** What is wrong with the evidence; empty where nothing is. */
  evidenceError: string;
  /** Time of the evaluation proper, without parsing. */
  milliseconds: number;
  /** Time of compiling the policies; 0 where they were compiled before. */
  compileMilliseconds: number;
  /** The time that counted as now. */
  now: string;
  /** Version of the engine. */
  version: string;
}

/** What could be better about the policies. */
export interface AdviceDocument {
  findings: FindingDocument[];
  /** One for each image that the objects name. */
  preflights: Preflight[];
}

/** What the worker can do: argument and value of each method. */
export interface Methods {
  /** Sets the evidence of all further questions. */
  evidence: [EvidenceDocument | undefined, undefined];
  evaluate: [Question, Evaluation];
  /** What a host would request, in order. */
  plan: [Question, Plan[]];
  /** What policies hardly mean, and what would let images pass. */
  advice: [Question & { images: string[] }, AdviceDocument];
  /** Parts of the evidence of images that have a signature, decoded, by digest. */
  decode: [string[], [string, InspectionNode][]];
  /** Reads files that were opened or dropped. */
  import: [ImportRequest, Imported];
  /** Fetches what is missing from the registries themselves. */
  fetch: [Question, EvidenceDocument];
  /** The times that the evidence names. */
  moments: [undefined, Moment[]];
}
