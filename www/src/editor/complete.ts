import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import type { EditorState } from "@codemirror/state";
import type { HoverTooltipSource } from "@codemirror/view";
import { h } from "../dom.js";
import { described, fieldsAt, typeAt, wordsOf, type FieldType, type Root } from "./fields.js";
import { keyOf, pathTo } from "./path.js";

const KEY = /^\s*(?:- +)*(\w*)$/;
const VALUE = /^\s*(?:- +)*(\w+): +(\w*)$/;

/** Completes fields and their words, as the model of the engine has them. */
export function completeFields(root: Root): CompletionSource {
  return ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const line = state.doc.lineAt(pos);
    const before = line.text.slice(0, pos - line.from);
    const path = pathTo(linesTo(state, pos), line.number - 1);
    const [, word] = KEY.exec(before) ?? [];
    if (word !== undefined && (explicit || word !== "")) return { from: pos - word.length, options: keys(fieldsAt(root, path)), validFor: /^\w*$/ };
    const [, key = "", value] = VALUE.exec(before) ?? [];
    const words = value === undefined ? [] : wordsOf(typeAt(root, [...path, key]));
    return words.length === 0 ? null : { from: pos - (value ?? "").length, options: words.map((label) => ({ label, type: "enum" })), validFor: /^\w*$/ };
  };
}

/** Says what may stand in the field under the pointer. */
export function hoverFields(root: Root): HoverTooltipSource {
  return ({ state }, pos) => {
    const line = state.doc.lineAt(pos);
    const key = keyOf(line.text);
    const from = line.from + line.text.indexOf(key);
    if (key === "" || pos < from || pos > from + key.length) return null;
    const path = [...pathTo(linesTo(state, pos), line.number - 1), key];
    const type = typeAt(root, path);
    if (type === undefined) return null;
    return { pos: from, end: from + key.length, create: () => ({ dom: h("div", { class: "field" }, h("strong", {}, key), `: ${described(type)}`) }) };
  };
}

function linesTo(state: EditorState, pos: number): string[] {
  return state.doc.sliceString(0, state.doc.lineAt(pos).to).split("\n");
}

function keys(fields: Record<string, FieldType>): Completion[] {
  return Object.entries(fields).map(([label, type]) => ({ label, type: "property", detail: described(type), apply: `${label}: ` }));
}
