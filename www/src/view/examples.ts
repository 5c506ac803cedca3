import { byId, fill, h } from "../dom.js";
import { closePopover, openPopover } from "./popover.js";

/** An example of the gallery, as its index lists it. */
export interface Example {
  id: string;
  title: string;
  text: string;
  topic: string;
}

/** The menu of examples, with a search. */
export function openExamples(examples: Example[], choose: (id: string) => void): void {
  const list = h("ul", { role: "listbox", "aria-label": "Examples" });
  let selected = 0;
  const found = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    return examples.filter(({ id, title, text, topic }) => words.every((word) => `${id} ${title} ${text} ${topic}`.toLowerCase().includes(word)));
  };
  const pick = (id: string) => {
    closePopover();
    choose(id);
  };
  const draw = () => {
    const items = found().map(({ id, title, text }, index) =>
      h("li", {}, h("button", { type: "button", role: "option", "aria-selected": String(index === selected), "data-example": id, onclick: () => pick(id) }, title, h("small", {}, text))));
    fill(list, ...(items.length > 0 ? items : [h("li", { class: "empty" }, "No example speaks of that.")]));
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      selected = Math.min(Math.max(selected + step, 0), found().length - 1);
      event.preventDefault();
      draw();
    }
    const chosen = found()[selected];
    if (event.key === "Enter" && chosen !== undefined) pick(chosen.id);
  };
  const search = h("input", { type: "search", placeholder: "Search examples", "aria-label": "Search examples", oninput: () => ((selected = 0), draw()), onkeydown: onKey });
  draw();
  openPopover(byId("examples-button"), "Examples", h("h2", {}, "Examples"), search, list);
}
