/** What the keys of the page do. */
export interface KeyActions {
  evaluate(): void;
  examples(): void;
  share(): void;
  help(): void;
}

const PANES = ["#policy", "#resource", "#headline", "#trace [tabindex='0']", "#evidence [tabindex='0']"];

/** Listens to the keys of the page. */
export function keys({ evaluate, examples, share, help }: KeyActions): void {
  addEventListener("keydown", (event) => {
    const command = event.ctrlKey || event.metaKey;
    const action = { Enter: evaluate, k: examples, s: share }[event.key];
    if (command && action !== undefined) {
      event.preventDefault();
      action();
    } else if (event.key === "F6") {
      event.preventDefault();
      cycle(event.shiftKey ? -1 : 1);
    } else if (event.key === "?" && !isWriting(event)) help();
  });
}

function isWriting(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA)$/.test(target.tagName));
}

function cycle(step: number): void {
  const panes = PANES.map((selector) => document.querySelector<HTMLElement>(selector)).filter((pane) => pane !== null && pane.offsetParent !== null) as HTMLElement[];
  const at = panes.findIndex((pane) => pane.contains(document.activeElement) || pane === document.activeElement);
  const next = panes[(at + step + panes.length) % panes.length];
  const editor = next?.shadowRoot?.querySelector<HTMLElement>(".cm-content");
  if (next !== undefined && editor === undefined && next.tabIndex < 0) next.tabIndex = -1;
  (editor ?? next)?.focus();
}
