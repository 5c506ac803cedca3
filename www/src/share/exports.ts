import type { PlaygroundDocument } from "../document.js";
import { NAMES } from "../document.js";
import type { Evaluation } from "../engine/protocol.js";
import type { Export } from "../view/share.js";

/** The files that can be made of what is on the page. */
export function exportsOf(document: PlaygroundDocument, evaluation: Evaluation | undefined): Export[] {
  const { evidence, policy, resource, exceptions } = document;
  const yaml = "application/yaml";
  const files: Export[] = [
    { label: "Policy", name: NAMES.policy, type: yaml, content: () => policy },
    { label: "Resource", name: NAMES.resource, type: yaml, content: () => resource },
  ];
  if (exceptions.trim() !== "") files.push({ label: "Exceptions", name: NAMES.exceptions, type: yaml, content: () => exceptions });
  if (evidence !== undefined) files.push({ label: "Evidence", name: "evidence.json", type: "application/json", content: () => JSON.stringify(evidence) });
  if (evaluation !== undefined) files.push({ label: "Answers", name: "answers.json", type: "application/json", content: () => JSON.stringify(evaluation.answers, null, 2) });
  return files;
}
