import { byId } from "../dom.js";

const KEY = "vidimus.policy-share";

/** Makes the line between the editors movable, by pointer and by arrows. */
export function divider(): void {
  const line = byId("divider");
  const column = byId("column-edit");
  const set = (share: number) => {
    const percent = Math.round(Math.min(Math.max(share, 15), 85));
    document.documentElement.style.setProperty("--policy-share", `${percent}%`);
    line.setAttribute("aria-valuenow", String(percent));
    localStorage.setItem(KEY, String(percent));
  };
  set(Number(localStorage.getItem(KEY) ?? "58") || 58);
  const share = () => Number(line.getAttribute("aria-valuenow"));
  line.addEventListener("pointerdown", (event) => line.setPointerCapture(event.pointerId));
  line.addEventListener("pointermove", (event) => {
    if (!line.hasPointerCapture(event.pointerId)) return;
    const { top, height } = column.getBoundingClientRect();
    set(((event.clientY - top) / height) * 100);
  });
  line.addEventListener("keydown", ({ key }) => {
    const step = { ArrowUp: -4, ArrowDown: 4 }[key];
    if (step !== undefined) set(share() + step);
  });
}
