import { byId, fill, h } from "../dom.js";
import type { Moment } from "../engine/moments.js";
import { openPopover } from "./popover.js";

/** The control of the time that counts as now. */
export function openClock(now: string, moments: Moment[], setTime: (time: string) => void): void {
  const field = h("input", { type: "text", "aria-label": "Time in RFC 3339", placeholder: "2026-03-14T09:26:53Z", value: now });
  const problem = h("p", { class: "faint", role: "status" });
  const set = (time: string) => {
    const isTime = time === "" || (/^\d{4}-\d\d-\d\dT/.test(time) && Number.isFinite(Date.parse(time)));
    fill(problem, isTime ? "" : "expected a time such as 2026-03-14T09:26:53Z");
    if (!isTime) return;
    field.value = time;
    setTime(time);
  };
  field.addEventListener("change", () => set(field.value.trim()));
  openPopover(byId("clock-button"), "Clock", h("h2", {}, "What time is it?"), field, problem,
    h("button", { type: "button", class: "action", onclick: () => set("") }, "Now"), " ",
    h("button", { type: "button", class: "action", onclick: () => set(shift(field.value, 1)) }, "A year later"), " ",
    h("button", { type: "button", class: "action", onclick: () => set(shift(field.value, -1)) }, "A year earlier"),
    moments.length > 1 && slider(moments, set),
    moments.length > 0 && h("ul", { "aria-label": "Times in the evidence" },
      ...moments.map(({ time, name }) => h("li", {}, h("button", { type: "button", onclick: () => set(time) }, time, h("small", {}, name))))));
}

/** One tick for each moment: they are seconds or decades apart. */
function slider(moments: Moment[], set: (time: string) => void): HTMLElement {
  const options = moments.map(({ name }, index) => h("option", { value: index, label: name }));
  const range: HTMLInputElement = h("input", {
    type: "range", min: 0, max: moments.length - 1, step: 1, list: "moments", "aria-label": "Times in the evidence",
    oninput: () => set(moments[Number(range.value)]?.time ?? ""),
  });
  return h("div", {}, range, h("datalist", { id: "moments" }, ...options));
}

function shift(time: string, years: number): string {
  const date = new Date(time === "" ? Date.now() : time);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** What the clock's button says. */
export function clockLabel(now: string): string {
  return now === "" ? "Now" : now.replace("T", " ").replace(/:\d\dZ$/, " UTC").replace("Z", " UTC");
}
