import type { Advice, Edit, FindingDocument, Preflight } from "vidimus";
import { byId, fill, h, type Child } from "../dom.js";
import type { AdviceDocument } from "../engine/protocol.js";
import { withDigests } from "./digest.js";

const STATES: Record<FindingDocument["severity"], string> = { error: "rejected", warning: "warning", info: "note" };

/** What policies hardly mean, and for each image that is not admitted what would let it pass. */
export function showAdvice({ findings, preflights }: AdviceDocument, openPolicy: (line: number) => void): void {
  const denied = preflights.filter(({ isAdmitted }) => !isAdmitted);
  const images = denied.length === 0 ? [h("p", { class: "empty" }, "Nothing keeps these images out.")] : denied.map(image);
  const found = findings.length === 0 ? [h("p", { class: "empty" }, "Nothing in the policies looks unintended.")] : [h("ul", { class: "plain" }, ...findings.map((one) => finding(one, openPolicy)))];
  fill(byId("advice"), h("h3", {}, "Can the image be admitted?"), ...images, h("h3", {}, "What the policies hardly mean"), ...found);
}

function image({ image, advice }: Preflight): HTMLElement {
  return h("section", {}, h("p", {}, h("strong", {}, ...withDigests(image)), " is not admitted"), ...advice.map(reason));
}

function reason({ policy, rule, attestor, code, found, meaning, fix, edits }: Advice): HTMLElement {
  const words = found === "" ? meaning : found;
  return h("div", { class: "card", "data-state": "rejected" },
    h("p", { class: "subject" }, policy === rule ? rule : `${policy} / ${rule}`, " ", attestor),
    h("p", { class: "words" }, ...withDigests(words)),
    h("p", {}, fix, " ", h("code", { class: "code" }, code)),
    ...edits.map(tried));
}

function tried(edits: Edit[]): HTMLElement {
  const [first] = edits;
  const lines = edits.flatMap(({ path, before, after }): Child[] => [
    h("p", { class: "subject" }, path),
    before !== null && h("del", {}, JSON.stringify(before)),
    after !== null && h("ins", {}, JSON.stringify(after)),
  ]);
  return h("div", { class: "edit" }, h("p", {}, h("strong", {}, "with this edit the rule passes")), ...lines, h("p", { class: "faint" }, first === undefined ? "" : `${first.why}; ${first.caution}`));
}

function finding({ severity, code, message, advice, line }: FindingDocument, openPolicy: (line: number) => void): HTMLElement {
  return h("li", { class: "card", "data-state": STATES[severity] },
    h("p", { class: "words" }, h("strong", {}, severity), ": ", message, advice === "" ? "" : `: ${advice}`),
    h("div", { class: "foot" }, h("code", { class: "code" }, code), h("button", { type: "button", class: "link", onclick: () => openPolicy(line) }, `line ${line}`)));
}
