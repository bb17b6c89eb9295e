// What the pages of glossaries share.
import { element, language, number } from "./page.js";

export const pairName = ({ source, target }) => `${language(source)} into ${language(target)}`;

export const inWords = ({ pairs }) => pairs.map((pair) => `${pairName(pair)}: ${number(pair.entries)}`).join(" · ") || "no terms yet";

// A line for what went wrong, read aloud when it appears.
export function tell() {
  const node = element("p", { class: "problem", role: "alert", hidden: true });
  return {
    node,
    say(text) {
      node.textContent = text;
      node.hidden = !text;
    },
  };
}

// Two selects of the languages that models translate.
export function languageSelects(pairs) {
  const select = (id, codes) => element("select", { id }, ...codes.map((code) => element("option", { value: code }, language(code))));
  const codes = (side) => [...new Set(pairs.map((pair) => pair[side].split("-")[0]))];
  const source = select("glossary-source", codes("source"));
  const target = select("glossary-target", codes("target"));
  const labelled = (node, label) => element("div", {}, element("label", { for: node.id }, label), node);
  return { source, target, row: element("div", { class: "row pair" }, labelled(source, "From"), labelled(target, "Into")) };
}

// A button that lets choose a file.
export function chooseFile(label, chosen) {
  const input = element("input", { type: "file", accept: ".csv,.tsv,.txt,.tbx,.xml", hidden: true, "aria-label": label });
  input.addEventListener("change", () => {
    const [file] = input.files;
    if (file) chosen(file);
    input.value = "";
  });
  return element("span", {}, input, element("button", { type: "button", onclick: () => input.click() }, label));
}
