import { byId } from "../dom.js";

const KEY = "vidimus.theme";

/** Light or dark: the system's choice until one is made here. */
export function themes(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const dark = localStorage.getItem(KEY) === "dark" || (localStorage.getItem(KEY) === null && system.matches);
    document.documentElement.dataset["theme"] = dark ? "dark" : "light";
    byId("theme-button").textContent = dark ? "Light" : "Dark";
    byId("theme-button").setAttribute("aria-label", dark ? "Use light colours" : "Use dark colours");
  };
  byId("theme-button").addEventListener("click", () => {
    localStorage.setItem(KEY, document.documentElement.dataset["theme"] === "dark" ? "light" : "dark");
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}
