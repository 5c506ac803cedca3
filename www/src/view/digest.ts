import { h, type Child } from "../dom.js";

const DIGEST = /\bsha(?:256|384|512)[:-][0-9a-f]{64,128}\b/g;

/** A text in which digests are told by their ends; one click copies a whole one. */
export function withDigests(text: string): Child[] {
  const children: Child[] = [];
  let end = 0;
  for (const match of text.matchAll(DIGEST)) {
    children.push(text.slice(end, match.index), digest(match[0]));
    end = match.index + match[0].length;
  }
  children.push(text.slice(end));
  return children;
}

/** A digest that is told by its ends and copied whole. */
export function digest(text: string): HTMLElement {
  const label = `${text.slice(0, 13)}…${text.slice(-4)}`;
  const copy = (event: Event) => {
    event.stopPropagation();
    void navigator.clipboard?.writeText(text).then(() => {
      button.dataset["copied"] = "";
      setTimeout(() => delete button.dataset["copied"], 900);
    });
  };
  const button = h("button", { class: "digest", type: "button", tabindex: -1, title: `${text}\nclick to copy`, onclick: copy }, label);
  return button;
}
