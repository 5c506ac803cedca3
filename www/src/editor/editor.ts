import { autocompletion, completionKeymap, type CompletionSource } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers, type HoverTooltipSource } from "@codemirror/view";
import type { DiagnosticDocument } from "vidimus";
import { theme } from "./theme.js";

/** Options of {@link Editor}. */
export interface EditorOptions {
  label: string;
  onChange(text: string): void;
  complete?: CompletionSource;
  hover?: HoverTooltipSource;
}

/** An editor of one YAML text. */
export class Editor {
  private readonly view: EditorView;
  private readonly extensions: Extension;
  private silent = false;

  constructor(parent: Element, { label, onChange, complete, hover }: EditorOptions) {
    const changed = EditorView.updateListener.of((update) => {
      if (update.docChanged && !this.silent) onChange(update.state.doc.toString());
    });
    this.extensions = [
      lineNumbers(), foldGutter(), lintGutter(), history(), drawSelection(), bracketMatching(), highlightActiveLine(),
      highlightActiveLineGutter(), highlightSelectionMatches(), indentUnit.of("  "), yaml(), theme, changed,
      autocompletion(complete === undefined ? {} : { override: [complete] }),
      hover === undefined ? [] : hoverTooltip(hover),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      // Tab indents; Escape, then Tab leaves the editor, as CodeMirror documents it.
      keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, ...searchKeymap, indentWithTab]),
    ];
    // A shadow root takes style sheets as objects, which a strict content security policy allows.
    const root = parent.attachShadow({ mode: "open" });
    this.view = new EditorView({ parent: root, root, state: this.state("") });
    this.view.dom.style.height = "100%";
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Another text, with a history of its own. */
  set text(text: string) {
    if (text === this.text) return;
    this.silent = true;
    this.view.setState(this.state(text));
    this.silent = false;
  }

  /** Shows what is wrong, in the gutter and under the text. */
  show(diagnostics: DiagnosticDocument[]): void {
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics.map((diagnostic) => this.mark(diagnostic))));
  }

  /** Selects the line and brings it into sight. */
  jump(line: number): void {
    const { doc } = this.view.state;
    const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.view.focus();
  }

  focus(): void {
    this.view.focus();
  }

  private state(text: string): EditorState {
    return EditorState.create({ doc: text, extensions: this.extensions });
  }

  private mark({ severity, message, help, code, path, line, column, endLine, endColumn }: DiagnosticDocument): Diagnostic {
    const from = this.offset(line ?? 1, column ?? 1);
    const to = endLine === undefined ? from : this.offset(endLine, endColumn ?? 1);
    const text = `${path === "" ? "" : `${path}: `}${message}${help === undefined ? "" : `\n${help}`}`;
    return { from, to: Math.max(to, from), severity, message: text, source: code };
  }

  /** Columns count characters, the editor counts UTF-16 units. */
  private offset(line: number, column: number): number {
    const { doc } = this.view.state;
    const { from, text } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return from + [...text].slice(0, column - 1).join("").length;
  }
}
