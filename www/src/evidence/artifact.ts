import type { EvidenceDocument } from "vidimus";
import type { InspectionNode } from "vidimus";
import { fill, h, type Child } from "../dom.js";
import { digest } from "../view/digest.js";
import { blobBytes, jsonOf } from "./blob.js";
import { refitted, withBytes } from "./edit.js";
import { decoded } from "./decoded.js";
import type { Item } from "./model.js";

type Edit = (evidence: EvidenceDocument) => void;

/** Shows one item: decoded, and the bytes as they are, which can be edited. */
export function showArtifact(panel: HTMLElement, item: Item, evidence: EvidenceDocument, node: InspectionNode | undefined, edit: Edit): void {
  const bytes = item.digest === undefined ? undefined : blobBytes(evidence, item.digest);
  const head = h("p", {}, h("strong", {}, item.kind), " ", item.digest !== undefined && digest(item.digest), bytes !== undefined && h("span", { class: "faint" }, ` ${bytes.length} bytes`));
  if (bytes === undefined) return fill(panel, head, ...values(item));
  const value = jsonOf(bytes);
  fill(panel, head, node !== undefined && decoded(node), value === undefined ? h("pre", {}, hex(bytes)) : json(value), ...editor(item.digest ?? "", bytes, evidence, edit));
}

function values({ value, name, digest: missing }: Item): Child[] {
  if (value !== undefined) return [typeof value === "string" ? h("pre", {}, value) : json(value)];
  return [h("p", { class: "empty" }, missing === undefined ? `The registry says that there is no ${name}.` : "The evidence does not hold these bytes: no verdict needed them.")];
}

/** JSON with long parts folded. */
export function json(value: unknown): HTMLElement {
  return h("pre", { class: "json" }, JSON.stringify(value, null, 2));
}

function hex(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 4096)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ") + (bytes.length > 4096 ? " …" : "");
}

function editor(name: string, bytes: Uint8Array<ArrayBuffer>, evidence: EvidenceDocument, edit: Edit): Child[] {
  const isText = jsonOf(bytes) !== undefined;
  const refit = h("input", { type: "checkbox", id: "refit" });
  const apply = async (changed: Uint8Array<ArrayBuffer>) => edit(refit.checked ? await refitted(evidence, name, changed) : withBytes(evidence, name, changed));
  const area = h("textarea", { rows: 8, class: "raw", spellcheck: "false", "aria-label": "Bytes as text" });
  area.value = isText ? new TextDecoder().decode(bytes) : "";
  const flip = () => {
    const changed = bytes.slice();
    const at = Math.floor(changed.length / 2);
    changed[at] = (changed[at] ?? 0) ^ 1;
    void apply(changed);
  };
  return [
    h("h3", {}, "What if it were something else?"),
    isText && area,
    h("p", {},
      isText && h("button", { type: "button", class: "action", onclick: () => void apply(new TextEncoder().encode(area.value)) }, "Use this text"), " ",
      h("button", { type: "button", class: "action", id: "flip-button", onclick: flip }, "Flip a bit"), " ",
      refit, h("label", { for: "refit" }, " and make digests fit, as somebody could who may write to the registry")),
  ];
}
