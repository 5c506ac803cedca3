import { byId, fill, type Child } from "../dom.js";

let opener: HTMLElement | undefined;

/** Opens the one popover beside what it speaks of; a second click on its button closes it. */
export function openPopover(button: HTMLElement, label: string, ...children: Child[]): boolean {
  const isOpen = opener === button;
  closePopover();
  if (isOpen) return false;
  const popover = byId("popover");
  popover.setAttribute("aria-label", label);
  fill(popover, ...children);
  popover.hidden = false;
  button.setAttribute("aria-expanded", "true");
  opener = button;
  popover.querySelector<HTMLElement>("input, button, textarea")?.focus();
  return true;
}

/** Closes it, and gives the focus back. */
export function closePopover(): void {
  if (opener === undefined) return;
  byId("popover").hidden = true;
  opener.setAttribute("aria-expanded", "false");
  if (byId("popover").contains(document.activeElement) || document.activeElement === document.body) opener.focus();
  opener = undefined;
}

document.addEventListener("keydown", ({ key }) => key === "Escape" && closePopover());
document.addEventListener("pointerdown", ({ target }) => {
  if (opener === undefined || byId("popover").contains(target as Node) || opener.contains(target as Node)) return;
  closePopover();
});
