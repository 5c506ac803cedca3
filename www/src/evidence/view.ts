import type { EvidenceDocument, InspectionNode } from "vidimus";
import { byId, fill, h } from "../dom.js";
import { withDigests } from "../view/digest.js";
import { Tree, type TreeNode } from "../view/tree.js";
import { showArtifact } from "./artifact.js";
import { itemsOf, type Item } from "./model.js";

/** What the view asks of the page. */
export interface EvidenceActions {
  /** Other evidence, since something in it was edited. */
  edit(evidence: EvidenceDocument): void;
}

/** The evidence: a tree, and what is selected in it. */
export class EvidenceView {
  private readonly tree = new Tree(byId("evidence"), "Evidence");
  private evidence: EvidenceDocument | undefined;
  private items: Item[] = [];
  private selected: string | undefined;
  private decoded = new Map<string, InspectionNode>();

  constructor(private readonly actions: EvidenceActions) {}

  /** Shows other evidence; what was selected stays so where it still exists. */
  show(evidence: EvidenceDocument | undefined): void {
    this.evidence = evidence;
    this.items = evidence === undefined ? [] : itemsOf(evidence);
    const size = evidence === undefined ? 0 : JSON.stringify(evidence).length;
    fill(byId("evidence-size"), size === 0 ? "" : `${(size / 1024).toFixed(0)} KiB`);
    this.tree.show(this.items.map((item) => this.node(item, true)));
    byId("evidence").querySelector(".empty")?.remove();
    if (this.items.length === 0) byId("evidence").append(empty());
    this.select(find(this.items, ({ key }) => key === this.selected));
  }

  /** What signatures say, by the digests of the parts that have them. */
  decode(nodes: [string, InspectionNode][]): void {
    this.decoded = new Map(nodes);
    this.select(find(this.items, ({ key }) => key === this.selected));
  }

  /** Selects the item that has this digest. */
  open(digest: string): void {
    const item = find(this.items, (candidate) => candidate.digest === digest);
    if (item === undefined) return;
    this.tree.reveal(item.key);
    this.select(item);
  }

  private node(item: Item, open: boolean): TreeNode {
    const label = [h("span", { class: "kind" }, item.kind), h("span", { class: "message faint" }, ...withDigests(item.name))];
    return { key: item.key, label, open, children: item.children.map((child) => this.node(child, item.children.length < 6)), onSelect: () => this.select(item) };
  }

  private select(item: Item | undefined): void {
    this.selected = item?.key;
    if (item === undefined || this.evidence === undefined) fill(byId("artifact"), h("p", { class: "empty" }, "Choose something above to see it decoded, and as it is."));
    else showArtifact(byId("artifact"), item, this.evidence, this.decoded.get(item.digest ?? ""), (evidence) => this.actions.edit(evidence));
  }
}

function empty(): HTMLElement {
  return h("div", { class: "empty" },
    h("p", {}, "No evidence yet. Drop an evidence file or an image layout (tar) here, or make one:"),
    h("pre", {}, "vidimus capture policy.yaml -r pod.yaml -o evidence.json"));
}

function find(items: Item[], matches: (item: Item) => boolean): Item | undefined {
  for (const item of items) {
    const found = matches(item) ? item : find(item.children, matches);
    if (found !== undefined) return found;
  }
  return undefined;
}
