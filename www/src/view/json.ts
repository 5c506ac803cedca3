import { byId, fill, h } from "../dom.js";
import type { Evaluation } from "../engine/protocol.js";

/** The answers as the engine gives them. */
export function showJson({ answers, diagnostics }: Evaluation): void {
  const text = JSON.stringify(answers.length > 0 ? answers : { diagnostics }, null, 2);
  const copy = () => void navigator.clipboard?.writeText(text);
  fill(byId("json"), h("button", { type: "button", class: "copy", onclick: copy }, "Copy"), h("pre", {}, text));
}
