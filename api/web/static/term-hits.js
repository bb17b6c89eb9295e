// Terms of a glossary in a sentence, and whether its translation has them.
import { element } from "./page.js";

export function termsIn({ terms = [] }) {
  if (!terms.length) return null;
  return element("ul", { class: "terms", "aria-label": "Terms of the glossary" }, ...terms.map(({ source, target, kept }) =>
    element("li", { class: kept === false ? "missed" : "" }, `${source} → ${target}${kept === false ? " (not in the translation)" : kept ? " ✓" : ""}`)));
}
