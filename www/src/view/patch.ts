import { diffLines } from "diff";
import { stringify } from "yaml";
import { byId, fill, h, type Child } from "../dom.js";
import type { Evaluation } from "../engine/protocol.js";

/** What admission would change in the objects. */
export function showPatch({ answers, resources }: Evaluation): void {
  const blocks = answers.flatMap((answer, index) => {
    if (answer.patches.length === 0) return [];
    const name = `${answer.patches.length} ${answer.patches.length === 1 ? "change" : "changes"}`;
    return [h("h3", {}, name), h("pre", { class: "diff" }, ...lines(yaml(resources[index]), yaml(answer.resource)))];
  });
  fill(byId("patch"), ...(blocks.length > 0 ? blocks : [h("p", { class: "empty" }, "Nothing is changed: no rule mutates this resource, and no verified digest is pinned.")]));
}

function yaml(value: unknown): string {
  return stringify(value ?? null, { lineWidth: 0 });
}

function lines(before: string, after: string): Child[] {
  return diffLines(before, after).flatMap(({ added, removed, value }) => {
    const [kind, sign] = added ? ["added", "+"] : removed ? ["removed", "-"] : ["same", " "];
    return value.replace(/\n$/, "").split("\n").map((line) => h("span", { class: kind }, `${sign} ${line}\n`));
  });
}
