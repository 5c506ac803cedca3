/** Makes a tab list by the rules of ARIA of the buttons in `list`; each names its panel in `aria-controls`. */
export function tabs(list: HTMLElement, onShow: (panel: string) => void = () => undefined): (panel: string) => void {
  const buttons = [...list.querySelectorAll<HTMLButtonElement>("[role=tab]")];
  const show = (panel: string) => {
    for (const button of buttons) {
      const name = button.getAttribute("aria-controls") ?? "";
      button.setAttribute("aria-selected", String(name === panel));
      button.tabIndex = name === panel ? 0 : -1;
      const target = document.getElementById(name);
      if (target !== null) target.hidden = name !== panel;
    }
    onShow(panel);
  };
  const panelOf = (button: HTMLButtonElement | undefined) => button?.getAttribute("aria-controls") ?? "";
  buttons.forEach((button, index) => {
    button.addEventListener("click", () => show(panelOf(button)));
    button.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (step === undefined) return;
      const next = buttons[(index + step + buttons.length) % buttons.length];
      show(panelOf(next));
      next?.focus();
    });
  });
  return show;
}
