import type { AnswerDocument, EvidenceDocument } from "vidimus";
import { EMPTY, NAMES, type PlaygroundDocument, type TextName } from "./document.js";
import { byId, fill, h } from "./dom.js";
import { completeFields, hoverFields } from "./editor/complete.js";
import { Editor } from "./editor/editor.js";
import type { Root } from "./editor/fields.js";
import { Engine, Superseded } from "./engine/client.js";
import type { Evaluation, Question } from "./engine/protocol.js";
import { EvidenceView } from "./evidence/view.js";
import { loadExample, loadGallery } from "./share/gallery.js";
import { fromFragment, toFragment } from "./share/fragment.js";
import { exportsOf } from "./share/exports.js";
import { showAdvice } from "./view/advice.js";
import { clockLabel, openClock } from "./view/clock.js";
import { divider } from "./view/divider.js";
import { openExamples, type Example } from "./view/examples.js";
import { openHelp } from "./view/help.js";
import { showJson } from "./view/json.js";
import { keys } from "./view/keys.js";
import { showPatch } from "./view/patch.js";
import { showPlan } from "./view/plan.js";
import { closePopover } from "./view/popover.js";
import { openShare } from "./view/share.js";
import { themes } from "./view/theme.js";
import { TraceView } from "./view/trace.js";
import { tabs } from "./view/tabs.js";
import { showVerdict } from "./view/verdict.js";

const DEBOUNCE = 120;
/** An evaluation that takes longer can be stopped. */
const SLOW = 600;
const SAVED = "vidimus.page";

/** The page: what it is about, and who shows it. */
export class App {
  private document: PlaygroundDocument = EMPTY;
  /** The evidence as it was opened, before anything in it was edited. */
  private original: EvidenceDocument | undefined;
  private evaluation: Evaluation | undefined;
  private decodedFrom: { evidence: EvidenceDocument | undefined; images: string } | undefined;
  private examples: Example[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** The newest question: answers to older ones are dropped. */
  private asked = 0;
  private readonly engine = new Engine(() => new Worker(new URL("./engine/worker.ts", import.meta.url), { type: "module" }));
  private readonly editors: Record<TextName, Editor>;
  private readonly trace: TraceView;
  private readonly evidence: EvidenceView;
  private readonly showDetail: (panel: string) => void;
  private readonly showView: (view: string) => void;

  constructor() {
    const editor = (name: TextName, label: string, root?: Root) =>
      new Editor(byId(name), { label, onChange: (text) => this.change({ [name]: text }), ...(root && { complete: completeFields(root), hover: hoverFields(root) }) });
    this.editors = { policy: editor("policy", "Policy", "policy"), resource: editor("resource", "Resource"), exceptions: editor("exceptions", "Exceptions", "exception") };
    this.evidence = new EvidenceView({ edit: (evidence) => this.change({ evidence }) });
    this.trace = new TraceView((digest) => this.openEvidence(digest));
    tabs(byId("object-tabs"))("resource");
    this.showDetail = tabs(byId("detail-tabs"), (panel) => this.detailShown(panel));
    this.showView = tabs(byId("narrow-tabs"), (view) => this.view(view));
    this.showDetail("panel-trace");
    this.showView("column-verdict");
    themes();
    divider();
    this.listen();
  }

  /** Shows what the link holds, else what was here last, else the first example. */
  async start(): Promise<void> {
    this.examples = await loadGallery().catch(() => []);
    await this.openLocation();
    addEventListener("hashchange", () => void this.openLocation());
  }

  private async openLocation(): Promise<void> {
    const fragment = location.hash.slice(1);
    const example = /^example=(.+)$/.exec(fragment)?.[1];
    try {
      if (example !== undefined) return this.open(await loadExample(decodeURIComponent(example)));
      const kept = fragment === "" ? localStorage.getItem(SAVED) : fragment;
      if (kept) return this.open(await fromFragment(kept));
    } catch (error) {
      this.say(`the link cannot be read: ${error instanceof Error ? error.message : String(error)}`);
      if (fragment !== "") return this.open(EMPTY);
    }
    const [first] = this.examples;
    this.open(first === undefined ? EMPTY : await loadExample(first.id));
  }

  private open(document: PlaygroundDocument): void {
    this.original = document.evidence;
    this.document = EMPTY;
    this.change(document, 0);
    for (const name of Object.keys(NAMES) as TextName[]) this.editors[name].text = document[name];
  }

  /** Another document: everything that follows from it is shown anew. */
  private change(part: Partial<PlaygroundDocument>, delay = DEBOUNCE): void {
    const before = this.document;
    this.document = { ...before, ...part };
    if (this.document.evidence !== before.evidence) {
      this.engine.setEvidence(this.document.evidence);
      this.evidence.show(this.document.evidence);
    }
    byId("restore-button").hidden = this.document.evidence === this.original;
    byId("clock-button").textContent = clockLabel(this.document.now);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.evaluate(), delay);
  }

  /** What the worker is asked; it has the evidence already. */
  private get question(): Question {
    const { evidence: _, ...question } = this.document;
    return question;
  }

  private async evaluate(): Promise<void> {
    const id = ++this.asked;
    const slow = setTimeout(() => (byId("stop-button").hidden = false), SLOW);
    try {
      const evaluation = await this.engine.call("evaluate", this.question);
      if (id === this.asked) this.show(evaluation);
    } catch (error) {
      if (!(error instanceof Superseded)) this.say(error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(slow);
      byId("stop-button").hidden = true;
    }
    this.keep();
  }

  private show(evaluation: Evaluation): void {
    this.evaluation = evaluation;
    byId("page").removeAttribute("data-loading");
    showVerdict(evaluation, {
      openPolicy: (line) => (this.view("column-edit"), this.editors.policy.jump(line)),
      openTrace: (answer, position) => (this.showDetail("panel-trace"), this.trace.reveal(answer, position)),
    });
    this.trace.show(evaluation.answers);
    for (const name of Object.keys(NAMES) as TextName[]) {
      this.editors[name].show(evaluation.diagnostics.filter(({ source }) => source === NAMES[name]));
    }
    void this.decode(evaluation.answers);
    showPatch(evaluation);
    showJson(evaluation);
    this.detailShown(this.detail());
    const { milliseconds, compileMilliseconds, version } = evaluation;
    const compiled = compileMilliseconds > 0 ? `, compiled in ${compileMilliseconds.toFixed(1)} ms` : "";
    fill(byId("status-time"), `evaluated in ${milliseconds.toFixed(1)} ms${compiled}`);
    fill(byId("status-engine"), `engine ${version}`);
    dispatchEvent(new CustomEvent("vidimus-verdict"));
  }

  private detail(): string {
    return byId("detail-tabs").querySelector("[aria-selected=true]")?.getAttribute("aria-controls") ?? "";
  }

  /** What is asked for only while somebody looks at it. */
  private detailShown(panel: string): void {
    if (this.evaluation === undefined) return;
    if (panel === "panel-plan") void this.plan(this.evaluation.answers);
    if (panel === "panel-advice") void this.advise();
  }

  private async plan(answers: AnswerDocument[]): Promise<void> {
    const fetch = h("button", { type: "button", class: "action", onclick: () => void this.fetch() }, "Fetch what is missing");
    const note = h("p", { class: "faint" }, "The page asks the registries directly; many do not let pages do that. This makes the evidence instead:");
    const images = answers.flatMap(({ images }) => images.map(({ image }) => image));
    const command = h("pre", {}, `vidimus capture policy.yaml -r resource.yaml -o evidence.json   # ${images.join(", ")}`);
    const plans = await this.engine.call("plan", this.question).catch(() => []);
    showPlan(plans, answers.flatMap(({ needs }) => needs).length, [fetch, note, command]);
  }

  /** Decodes what the images carry, where other images or other evidence came. */
  private async decode(answers: AnswerDocument[]): Promise<void> {
    const images = imagesOf(answers);
    const { evidence } = this.document;
    if (evidence === this.decodedFrom?.evidence && images.join() === this.decodedFrom?.images) return;
    this.decodedFrom = { evidence, images: images.join() };
    this.evidence.decode(await this.engine.call("decode", images).catch(() => []));
  }

  private async advise(): Promise<void> {
    const advice = await this.engine.call("advice", { ...this.question, images: imagesOf(this.evaluation?.answers ?? []) }).catch(() => undefined);
    if (advice !== undefined) showAdvice(advice, (line) => (this.view("column-edit"), this.editors.policy.jump(line)));
  }

  private async fetch(): Promise<void> {
    this.say("fetching…");
    try {
      this.change({ evidence: await this.engine.call("fetch", this.question) }, 0);
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** Reads files that were opened or dropped. */
  async import(files: File[]): Promise<void> {
    if (files.length === 0) return;
    const images = this.evaluation?.answers.flatMap(({ images }) => images) ?? [];
    const repositories = images.map(({ registry, path }) => ({ registry, path }));
    try {
      const { part, notes } = await this.engine.call("import", { files, repositories });
      if (part.evidence !== undefined) this.original = part.evidence;
      for (const name of Object.keys(NAMES) as TextName[]) if (part[name] !== undefined) this.editors[name].text = part[name];
      this.change(part, 0);
      if (notes.length > 0) this.say(notes.join("; "));
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  private openEvidence(digest: string): void {
    this.view("column-evidence");
    this.evidence.open(digest);
  }

  private view(view: string): void {
    byId("page").dataset["view"] = view;
    for (const button of byId("narrow-tabs").children) button.setAttribute("aria-selected", String(button.getAttribute("aria-controls") === view));
    for (const column of ["column-edit", "column-verdict", "column-evidence"]) byId(column).hidden = false;
  }

  /** A line for people, where the time of the evaluation stands else. */
  private say(text: string): void {
    fill(byId("status-time"), text);
  }

  private keep(): void {
    void toFragment(this.document).then((text) => localStorage.setItem(SAVED, text)).catch(() => localStorage.removeItem(SAVED));
  }

  private listen(): void {
    const openMenu = () => openExamples(this.examples, (id) => (location.hash = `example=${id}`));
    const share = () => void openShare(this.document, exportsOf(this.document, this.evaluation));
    byId("examples-button").addEventListener("click", openMenu);
    byId("share-button").addEventListener("click", share);
    byId("help-button").addEventListener("click", () => openHelp(this.evaluation?.version ?? ""));
    byId("restore-button").addEventListener("click", () => this.change({ evidence: this.original }, 0));
    byId("clock-button").addEventListener("click", () => void this.clock());
    byId("stop-button").addEventListener("click", () => (this.engine.stop(), this.say("stopped: change something to evaluate again")));
    const input = byId<HTMLInputElement>("import-file");
    byId("import-button").addEventListener("click", () => input.click());
    input.addEventListener("change", () => void this.import([...(input.files ?? [])]).then(() => (input.value = "")));
    this.listenToDrops();
    keys({ evaluate: () => this.change({}, 0), examples: openMenu, share, help: () => byId("help-button").click() });
  }

  private async clock(): Promise<void> {
    const moments = await this.engine.call("moments", undefined).catch(() => []);
    openClock(this.document.now, moments, (now) => this.change({ now }, 0));
  }

  private listenToDrops(): void {
    const drop = byId("drop");
    addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.hidden = false;
    });
    drop.addEventListener("dragleave", () => (drop.hidden = true));
    addEventListener("drop", (event) => {
      event.preventDefault();
      drop.hidden = true;
      closePopover();
      void this.import([...(event.dataTransfer?.files ?? [])]);
    });
  }
}

/** The images that objects name, each once. */
function imagesOf(answers: AnswerDocument[]): string[] {
  return [...new Set(answers.flatMap(({ images }) => images.map(({ image }) => image)))];
}
