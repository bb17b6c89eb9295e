// What else can be said of a document: its title, a glossary, whether the memory is used.
import { read } from "./client.js";
import { element } from "./page.js";

export class Options {
  known = [];

  constructor(changed) {
    this.title = element("input", { id: "title", maxlength: "255", autocomplete: "off" });
    this.glossary = element("select", { id: "glossary", onchange: changed }, element("option", { value: "" }, "None"));
    this.memory = element("input", { id: "memory", type: "checkbox", checked: true, onchange: changed });
    const glossaries = element("div", { hidden: true }, element("label", { for: "glossary" }, "Glossary"), this.glossary);
    this.glossaries = glossaries;
    this.view = element("details", { class: "options" },
      element("summary", {}, "Options"),
      element("div", { class: "row" },
        element("div", { class: "grow" }, element("label", { for: "title" }, "Title (of a single document)"), this.title),
        glossaries,
        element("label", { class: "check" }, this.memory, " Use the translation memory")));
  }

  async load(signal) {
    this.known = (await read("/v1/glossaries", signal)).items;
  }

  // Offers the glossaries that a pair of languages can be translated with; with `auto` as source the text tells.
  fit({ source, target }) {
    const same = (one, other) => one === "auto" || one.split("-")[0] === other.split("-")[0];
    const fitting = this.known.filter(({ pairs }) => pairs.some((pair) => same(source, pair.source) && same(target, pair.target)));
    const before = this.glossary.value;
    this.glossary.replaceChildren(element("option", { value: "" }, "None"), ...fitting.map(({ id, name }) => element("option", { value: id }, name)));
    if (fitting.some(({ id }) => id === before)) this.glossary.value = before;
    this.glossaries.hidden = !fitting.length;
  }

  // What differs from what is usual.
  get value() {
    return {
      ...(this.glossary.value ? { glossary: this.glossary.value } : {}),
      ...(this.memory.checked ? {} : { memory: "off" }),
    };
  }
}
