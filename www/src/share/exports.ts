import { report, type ReportFormat } from "vidimus";
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
  if (evaluation === undefined) return files;
  const { answers, now } = evaluation;
  const made = (format: ReportFormat) => () => report(answers, format, { policies: [{ name: NAMES.policy, text: policy }], time: now });
  return [
    ...files,
    { label: "Answers", name: "answers.json", type: "application/json", content: made("json") },
    { label: "SARIF", name: "vidimus.sarif", type: "application/sarif+json", content: made("sarif") },
    { label: "Policy reports", name: "policy-reports.yaml", type: yaml, content: made("policyreport") },
    { label: "JUnit", name: "junit.xml", type: "application/xml", content: made("junit") },
  ];
}
