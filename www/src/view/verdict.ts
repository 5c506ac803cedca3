import type { ResultDocument } from "vidimus";
import { byId, fill, h, type Child } from "../dom.js";
import type { Evaluation } from "../engine/protocol.js";
import { withDigests } from "./digest.js";
import { SHAPES, headline, stateOf } from "./words.js";

/** What a card leads to. */
export interface VerdictLinks {
  openPolicy(line: number): void;
  openTrace(answer: number, position: number): void;
}

/** The verdict: one sentence, then a card for each rule, image and phase. */
export function showVerdict(evaluation: Evaluation, links: VerdictLinks): void {
  const { state, title, text } = headline(evaluation);
  const shape = h("span", { class: "shape", "aria-hidden": "true" }, SHAPES[state]);
  fill(byId("headline"), shape, h("p", {}, h("strong", {}, title), ": ", ...withDigests(text)));
  byId("headline").dataset["state"] = state;
  const cards = evaluation.answers.flatMap(({ results }, answer) => results.map((result, position) => card(result, answer, position, links)));
  const warnings = evaluation.answers.flatMap(({ admission }) => admission.warnings);
  fill(byId("cards"), ...cards, ...warnings.map((warning) => h("li", { class: "card note" }, h("strong", {}, "Warning: "), warning)));
}

function card(result: ResultDocument, answer: number, position: number, links: VerdictLinks): HTMLElement {
  const { policy, rule, status, message, code, image, phase, failureAction, location, resource } = result;
  const state = stateOf(status);
  const subject = image ?? [resource.kind, resource.namespace, resource.name].filter((part) => part !== "").join("/");
  const head: Child[] = [
    h("span", { class: "shape", "aria-hidden": "true" }, SHAPES[state]),
    h("strong", {}, status),
    h("span", { class: "rule" }, policy === rule ? rule : `${policy} / ${rule}`),
    phase !== null && h("span", { class: "tag" }, phase),
    failureAction === "Audit" && h("span", { class: "tag" }, "audit"),
  ];
  return h("li", { class: "card", "data-state": state, "data-status": status },
    h("div", { class: "head" }, ...head),
    h("p", { class: "subject" }, ...withDigests(subject)),
    h("p", { class: "words" }, ...withDigests(message)),
    h("div", { class: "foot" }, h("code", { class: "code" }, code),
      h("button", { type: "button", class: "link", onclick: () => links.openPolicy(location.line) }, `line ${location.line}`),
      result.trace !== undefined && h("button", { type: "button", class: "link", onclick: () => links.openTrace(answer, position) }, "why")));
}
