import type { EvidenceDocument, VerdictDocument } from "../engine/documents.js";
import { VidimusError } from "../engine/error.js";
import type { AnswerDocument, EvaluateDocument, SourceDocument } from "../engine/types.js";
import { refuseSecrets } from "./secrets.js";

/** What makes evidence a record that can be verified again. */
export interface Records {
  policies: SourceDocument[];
  exceptions: SourceDocument[];
  requests: EvaluateDocument[];
  verdict: VerdictDocument[];
}

/** The artifacts with the questions, what they were judged by, and the verdicts; throws where it would hold secrets. */
export function recorded(artifacts: EvidenceDocument, records: Records, trustRoot?: unknown): EvidenceDocument {
  const document = {
    ...artifacts,
    ...records,
    requests: records.requests.map(withoutReport),
    ...(trustRoot === undefined ? {} : { trustRoot }),
  };
  refuseSecrets(document);
  return document;
}

/** What was decided. */
export function verdictOf({ admission, images, patches, results, targets }: AnswerDocument): VerdictDocument {
  return {
    admission,
    results: results.map(({ trace: _, ...result }) => result),
    images,
    patches,
    ...(targets === undefined ? {} : { targets }),
  };
}

/** The question without what only says how to report. */
function withoutReport({ options: { trace: _, evidence: __, ...options } = {}, ...request }: EvaluateDocument): EvaluateDocument {
  return { ...request, options };
}

/** The records of a document; throws where it has none, or where they are not what `vidimus capture` writes. */
export function recordsOf(document: EvidenceDocument, name: string): Records {
  const { policies, exceptions = [], requests, verdict } = document;
  if (policies === undefined || requests === undefined || verdict === undefined) {
    const advice = "write it with vidimus capture, or give it to vidimus apply --artifacts";
    throw new VidimusError("input", `${name}: expected policies, requests and verdict, found artifacts alone: ${advice}`);
  }
  const isSource = (item: unknown) => isObject(item) && typeof item["name"] === "string" && typeof item["text"] === "string";
  expectList(`${name}: policies`, policies, isSource, "name and text");
  expectList(`${name}: exceptions`, exceptions, isSource, "name and text");
  expectList(`${name}: requests`, requests, isObject, "a question");
  expectList(`${name}: verdict`, verdict, isVerdict, "admission, results, images and patches");
  if (requests.length !== verdict.length) {
    throw new VidimusError("input", `${name}: expected a verdict for each of ${requests.length} requests, found ${verdict.length}`);
  }
  return { policies, exceptions, requests, verdict };
}

function expectList(at: string, list: unknown, isItem: (item: unknown) => boolean, expected: string): void {
  if (!Array.isArray(list)) throw new VidimusError("input", `${at}: expected a list`);
  const wrong = list.findIndex((item) => !isItem(item));
  if (wrong >= 0) throw new VidimusError("input", `${at}[${wrong}]: expected ${expected}`);
}

function isVerdict(item: unknown): boolean {
  if (!isObject(item) || !isObject(item["admission"]) || typeof item["admission"]["allowed"] !== "boolean") return false;
  const isListOfObjects = (list: unknown) => Array.isArray(list) && list.every(isObject);
  const areNamed = (list: unknown) => isListOfObjects(list) && (list as Record<string, unknown>[]).every((result) => isObject(result["resource"]));
  return areNamed(item["results"]) && isListOfObjects(item["images"]) && Array.isArray(item["patches"]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
