import { byId, h } from "../dom.js";
import { openPopover } from "./popover.js";

const KEYS: [string, string][] = [
  ["Ctrl+Enter", "evaluate now"],
  ["Ctrl+K", "examples"],
  ["Ctrl+S", "share link and export"],
  ["F6", "next pane (Shift: the one before)"],
  ["Escape, Tab", "leave an editor"],
  ["Arrows, Enter", "walk and open trees"],
  ["?", "this list"],
];

/** What the page is, and its keys. */
export function openHelp(version: string): void {
  const rows = KEYS.map(([keys, what]) => h("tr", {}, h("td", {}, h("kbd", {}, keys)), h("td", {}, what)));
  openPopover(byId("help-button"), "Help", h("h2", {}, "Why is this image admitted?"),
    h("p", {}, "A policy, a resource and the evidence that a registry would answer with: the engine, the same as on the command line and in clusters, evaluates them in this page. Nothing is uploaded."),
    h("table", {}, h("tbody", {}, ...rows)),
    h("p", { class: "faint" }, `vidimus ${version}`));
}
