import type { AnswerDocument, ResultDocument, Step } from "vidimus";
import { byId, fill, h, type Child } from "../dom.js";
import { digest, withDigests } from "./digest.js";
import { Tree, type TreeNode } from "./tree.js";
import { hasFailed } from "./words.js";

/** Which steps are shown. */
export const FILTERS = { all: "All", failures: "Failures", cryptography: "Cryptography", discovery: "Discovery" } as const;
type Filter = keyof typeof FILTERS;

/** Steps that look for evidence rather than check it. */
const DISCOVERY = /^(tag-|signature-(tag|manifest)|attestation-(tag|manifest)|referrer|image$|repository|layer|blob|bundle-found|trust-root|platform|index)/;
const MARKS: Record<Step["outcome"], string> = { ok: "✓", failed: "✗", error: "!", skipped: "–", info: "·" };

/** Called with the digest that a step speaks of. */
export type OpenEvidence = (digest: string) => void;

/** The steps of a verdict in the order in which they happened. */
export class TraceView {
  private readonly tree: Tree;
  private filter: Filter = "all";
  private answers: AnswerDocument[] = [];

  constructor(private readonly openEvidence: OpenEvidence) {
    const buttons = Object.entries(FILTERS).map(([name, label]) => {
      const choose = () => this.choose(name as Filter);
      return h("button", { type: "button", "data-filter": name, "aria-pressed": String(name === "all"), onclick: choose }, label);
    });
    fill(byId("trace-filter"), ...buttons);
    this.tree = new Tree(byId("trace"), "Trace");
  }

  show(answers: AnswerDocument[]): void {
    this.answers = answers;
    const roots = answers.flatMap(({ results }, index) => results.flatMap((result, position) => this.root(result, `${index}.${position}`)));
    this.tree.show(roots);
    byId("trace-empty").hidden = roots.length > 0;
  }

  /** Brings the steps of a result into sight. */
  reveal(answer: number, position: number): void {
    this.tree.reveal(`${answer}.${position}`);
  }

  private choose(filter: Filter): void {
    this.filter = filter;
    byId("trace-filter").querySelectorAll("button").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset["filter"] === filter)));
    this.show(this.answers);
  }

  private root(result: ResultDocument, key: string): TreeNode[] {
    if (result.trace === undefined) return [];
    const children = this.children(result.trace.steps ?? [], key, hasFailed(result.trace));
    if (children.length === 0 && this.filter !== "all") return [];
    const failed = hasFailed(result.trace);
    const rule = h("span", { class: "faint" }, ` ${result.policy} / ${result.rule}`);
    return [{ ...this.node(result.trace, key, failed), label: [...label(result.trace), rule], open: failed || this.answers.length < 3, children }];
  }

  private children(steps: Step[], key: string, leads: boolean): TreeNode[] {
    const first = leads ? steps.findIndex(hasFailed) : -1;
    return steps.flatMap((step, index) => {
      const node = this.node(step, `${key}.${index}`, index === first);
      return this.keeps(step) || node.children?.length ? [node] : [];
    });
  }

  /** The first path that failed is open, everything else closed. */
  private node(step: Step, key: string, leads: boolean): TreeNode {
    const children = this.children(step.steps ?? [], key, leads);
    const detail = step.expected !== undefined || step.found !== undefined || step.data !== undefined ? () => this.detail(step) : undefined;
    return { key, label: label(step), className: `step ${step.outcome}`, open: leads, children, ...(detail && { detail }) };
  }

  private keeps(step: Step): boolean {
    if (this.filter === "failures") return hasFailed(step);
    if (this.filter === "discovery") return DISCOVERY.test(step.code);
    return this.filter === "all" || !DISCOVERY.test(step.code);
  }

  private detail(step: Step): Child[] {
    const both = step.expected !== undefined || step.found !== undefined;
    const facts = Object.entries(step.data ?? {}).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, ...this.fact(value))]);
    return [
      both && h("div", { class: "compare" }, ...comparison(step)),
      facts.length > 0 && h("dl", { class: "facts" }, ...facts),
      h("p", { class: "code faint" }, step.code),
    ];
  }

  private fact(value: unknown): Child[] {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (!/^sha256:[0-9a-f]{64}$/.test(text)) return withDigests(text);
    return [digest(text), " ", h("button", { type: "button", class: "link", onclick: () => this.openEvidence(text) }, "show")];
  }
}

function label(step: Step): Child[] {
  return [h("span", { class: "mark", "aria-label": step.outcome }, MARKS[step.outcome]), h("span", { class: "message" }, ...withDigests(step.message))];
}

/** Expected and found beside each other; what differs is marked. */
function comparison({ expected, found }: Step): Child[] {
  const [one, other] = [text(expected), text(found)];
  const same = commonEnds(one, other);
  const side = (name: string, value: string) => h("div", { class: "side" }, h("span", { class: "faint" }, name), h("code", {}, ...marked(value, same)));
  return [side("expected", one), side("found", other)];
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}

function commonEnds(one: string, other: string): [number, number] {
  const most = Math.min(one.length, other.length);
  let [start, end] = [0, 0];
  while (start < most && one[start] === other[start]) start++;
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  return [start, end];
}

function marked(value: string, [start, end]: [number, number]): Child[] {
  if (start + end >= value.length) return [value];
  return [value.slice(0, start), h("mark", {}, value.slice(start, value.length - end)), value.slice(value.length - end)];
}
