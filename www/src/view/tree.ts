import { fill, h, type Child } from "../dom.js";

/** A node of a tree. */
export interface TreeNode {
  /** Stays the same when the tree is drawn again, so that what was open stays open. */
  key: string;
  label: Child[];
  className?: string;
  open?: boolean;
  children?: TreeNode[];
  /** What is shown below the label while the node is open. */
  detail?: () => Child[];
  onSelect?: () => void;
}

/** A tree by the rules of ARIA: arrows walk and open, Home and End jump, Enter selects. */
export class Tree {
  private readonly root: HTMLElement;
  private readonly opened = new Map<string, boolean>();
  private current: string | undefined;

  constructor(parent: Element, label: string) {
    this.root = h("ul", { role: "tree", class: "tree", "aria-label": label, onkeydown: (event) => this.onKey(event) });
    parent.append(this.root);
  }

  /** Draws the nodes. */
  show(nodes: TreeNode[], forget = false): void {
    if (forget) this.opened.clear();
    const focused = this.root.contains(document.activeElement);
    fill(this.root, ...nodes.map((node) => this.item(node, 1)));
    const item = this.items().find(({ dataset }) => dataset["key"] === this.current) ?? this.items()[0];
    if (item !== undefined) item.tabIndex = 0;
    if (focused) item?.focus();
  }

  /** Opens what leads to a node, and focuses it. */
  reveal(key: string): void {
    const item = [...this.root.querySelectorAll<HTMLElement>("[role=treeitem]")].find(({ dataset }) => dataset["key"] === key);
    for (let above = item?.parentElement; above && above !== this.root; above = above.parentElement) {
      if (above.getAttribute("role") === "treeitem") this.toggle(above, true);
    }
    item?.focus();
    item?.scrollIntoView({ block: "center" });
  }

  private item(node: TreeNode, level: number): HTMLElement {
    const isBranch = (node.children?.length ?? 0) > 0 || node.detail !== undefined;
    const isOpen = this.opened.get(node.key) ?? node.open ?? false;
    const item: HTMLElement = h("li", {
      role: "treeitem", class: `node ${node.className ?? ""}`, "data-key": node.key, "aria-level": level, tabindex: -1,
      "aria-expanded": isBranch ? String(isOpen) : undefined,
    });
    const select = () => {
      this.focus(item);
      if (isBranch) this.toggle(item, item.getAttribute("aria-expanded") !== "true");
      node.onSelect?.();
    };
    item.addEventListener("select-node", select);
    item.append(h("div", { class: "row", onclick: select }, h("span", { class: "twist", "aria-hidden": "true" }), ...node.label));
    if (!isBranch) return item;
    const body = h("div", { class: "body" });
    item.append(body);
    // What is closed is made when it is opened: a trace can be long.
    const build = () => {
      if (body.childElementCount > 0) return;
      if (node.detail !== undefined) body.append(h("div", { class: "detail" }, ...node.detail()));
      if (node.children?.length) body.append(h("ul", { role: "group" }, ...node.children.map((child) => this.item(child, level + 1))));
    };
    item.addEventListener("open-node", build);
    if (isOpen) build();
    return item;
  }

  private toggle(item: HTMLElement, open: boolean): void {
    if (!item.hasAttribute("aria-expanded")) return;
    if (open) item.dispatchEvent(new Event("open-node"));
    item.setAttribute("aria-expanded", String(open));
    this.opened.set(item.dataset["key"] ?? "", open);
  }

  private focus(item: HTMLElement): void {
    this.root.querySelectorAll<HTMLElement>("[tabindex='0']").forEach((other) => (other.tabIndex = -1));
    item.tabIndex = 0;
    this.current = item.dataset["key"];
    item.focus({ preventScroll: true });
    item.querySelector(".row")?.scrollIntoView({ block: "nearest" });
  }

  /** What can be seen, from top to bottom. */
  private items(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>("[role=treeitem]")].filter((item) => {
      const above = item.parentElement?.closest("[role=treeitem]");
      for (let next = above; next; next = next.parentElement?.closest("[role=treeitem]")) if (next.getAttribute("aria-expanded") !== "true") return false;
      return true;
    });
  }

  private onKey(event: KeyboardEvent): void {
    const item = (event.target as Element).closest<HTMLElement>("[role=treeitem]");
    if (item === null || event.target !== item) return;
    const move = this.moves(item)[event.key];
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }

  private moves(item: HTMLElement): Record<string, () => void> {
    const items = this.items();
    const at = items.indexOf(item);
    const go = (to: HTMLElement | null | undefined) => to && this.focus(to);
    const isOpen = item.getAttribute("aria-expanded") === "true";
    const enter = () => item.dispatchEvent(new Event("select-node"));
    return {
      ArrowDown: () => go(items[at + 1]),
      ArrowUp: () => go(items[at - 1]),
      ArrowRight: () => (isOpen ? go(items[at + 1]) : this.toggle(item, true)),
      ArrowLeft: () => (isOpen ? this.toggle(item, false) : go(item.parentElement?.closest<HTMLElement>("[role=treeitem]"))),
      Home: () => go(items[0]),
      End: () => go(items.at(-1)),
      Enter: enter,
      " ": enter,
    };
  }
}
