// How pages look that are read: remembered, and applied to the whole page.
import { element } from "./page.js";

const KEPT = "satzstrom-reading";
const USUAL = { theme: "auto", font: "sans", size: 17, width: 40, lines: 1.6, view: "both" };
const CHOICES = {
  theme: ["Colours", { auto: "As the device", light: "Light", sepia: "Sepia", dark: "Dark" }],
  font: ["Letters", { sans: "Sans serif", serif: "Serif" }],
};
const RANGES = { size: ["Text size", 13, 30, 1], width: ["Column width", 20, 70, 2], lines: ["Line height", 1.2, 2.2, 0.1] };

export const look = { ...USUAL, ...kept() };

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT)) ?? {};
    return Object.fromEntries(Object.entries(USUAL).map(([name, usual]) => [name, typeof found[name] === typeof usual ? found[name] : usual]));
  } catch {
    return {};
  }
}

export function apply() {
  const root = document.documentElement;
  root.dataset.theme = look.theme;
  root.dataset.font = look.font;
  root.style.setProperty("--size", `${look.size / 16}rem`);
  root.style.setProperty("--measure", `${look.width}em`);
  root.style.setProperty("--lines", look.lines);
}

export function keep(name, value) {
  look[name] = value;
  apply();
  try {
    localStorage.setItem(KEPT, JSON.stringify(look));
  } catch {
    // A browser that keeps nothing has the usual look next time.
  }
}

// A dialog with all of it; `changed` is called after each change.
export function settings(changed) {
  const set = (name, value) => {
    keep(name, value);
    changed();
  };
  const fields = () => [
    ...Object.entries(CHOICES).map(([name, [label, values]]) =>
      element("fieldset", {}, element("legend", {}, label), ...Object.entries(values).map(([value, title]) =>
        element("label", {}, element("input", { type: "radio", name, value, checked: look[name] === value, onchange: () => set(name, value) }), ` ${title}`)))),
    ...Object.entries(RANGES).map(([name, [label, min, max, step]]) =>
      element("label", { class: "range" }, label, element("input", { type: "range", min, max, step, value: look[name], oninput: (event) => set(name, Number(event.target.value)) }))),
    element("div", { class: "row" },
      element("button", { type: "button", onclick: reset }, "As it was"),
      element("button", { class: "main" }, "Close")),
    element("p", { class: "hint" }, "Keys: → and ← go from sentence to sentence, Enter says more of one and, pressed again, corrects it (e does at once), Esc closes, / searches, d leads to the next doubtful sentence."),
  ];
  const form = element("form", { method: "dialog" }, ...fields());
  function reset() {
    Object.entries(USUAL).forEach(([name, value]) => name !== "view" && set(name, value));
    form.replaceChildren(...fields());
  }
  return element("dialog", { class: "settings", "aria-label": "How it looks" }, form);
}

apply();
