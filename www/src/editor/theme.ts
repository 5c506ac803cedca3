import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The looks of the editors, from the page's colours: one theme for light and dark. */
export const theme = [
  EditorView.theme({
    "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "13px" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
    ".cm-content": { caretColor: "var(--accent)", padding: "8px 0" },
    ".cm-cursor": { borderLeftColor: "var(--accent)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { background: "var(--selection)" },
    ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--faint)", border: "none" },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--line-active)" },
    ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--border)", borderRadius: "6px" },
    ".cm-tooltip .field": { padding: "6px 10px", maxWidth: "420px", fontFamily: "var(--sans)" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
    ".cm-diagnostic": { fontFamily: "var(--sans)", whiteSpace: "pre-wrap", maxWidth: "520px" },
    ".cm-diagnostic-error": { borderLeftColor: "var(--rejected)" },
    ".cm-diagnostic-warning": { borderLeftColor: "var(--pending)" },
    ".cm-panels": { backgroundColor: "var(--raised)", color: "var(--text)" },
    ".cm-line.marked": { backgroundColor: "var(--marked)" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
      { tag: [tags.string, tags.special(tags.string)], color: "var(--code-text)" },
      { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-value)" },
      { tag: tags.comment, color: "var(--faint)", fontStyle: "italic" },
      { tag: [tags.punctuation, tags.separator], color: "var(--faint)" },
    ]),
  ),
];
