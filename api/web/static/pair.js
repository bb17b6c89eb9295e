// The two languages: which there are, which are chosen, and the way back.
import { read } from "./client.js";
import { element, language } from "./page.js";

export const AUTO = "auto";
const CHOSEN = "satzstrom-languages";

// Chooses languages, for the next time that they are asked for.
export const choose = (source, target) => localStorage.setItem(CHOSEN, `${source} ${target}`);

export class Pair {
  #pairs = [];
  #detected = null;

  // `changed(swapping)` is told when other languages are chosen.
  constructor(changed) {
    this.source = element("select", { id: "source" });
    this.target = element("select", { id: "target" });
    this.swap = element("button", { type: "button", class: "swap", "aria-label": "Swap languages and texts", disabled: true }, "⇄");
    this.found = element("span", { class: "hint found" });
    this.where = element("p", { class: "hint", role: "note" });
    this.source.addEventListener("change", () => {
      this.#targets(this.target.value);
      this.#told();
      changed();
    });
    this.target.addEventListener("change", () => {
      this.#told();
      changed();
    });
  }

  async load(signal) {
    this.#pairs = (await read("/v1/pairs", signal)).pairs;
    fill(this.source, [...new Set(this.#pairs.map((pair) => pair.source))]);
    this.source.append(element("option", { value: AUTO }, "Detect language"));
    const [source, target] = (localStorage.getItem(CHOSEN) ?? "").split(" ");
    if ([...this.source.options].some((option) => option.value === source)) this.source.value = source;
    this.#targets(target);
    this.#told();
    return this.#pairs.length > 0;
  }

  get value() {
    return { source: this.source.value, target: this.target.value };
  }

  // The language that a text turned out to be in; null: not known.
  set detected(code) {
    this.#detected = code;
    this.#told();
  }

  // Why a detected text stays as it is; empty if it does not.
  get untranslated() {
    const code = this.#detected;
    if (this.source.value !== AUTO || !code) return "";
    if (base(code) === base(this.target.value)) return `This is ${language(code)} already.`;
    return this.#has(code, this.target.value) ? "" : `This looks like ${language(code)}, which no model here translates into ${language(this.target.value)}.`;
  }

  turn() {
    const [source, target] = [this.target.value, this.#from];
    this.source.value = source;
    this.#targets(target);
    this.detected = null;
  }

  get #from() {
    return this.source.value === AUTO ? this.#detected : this.source.value;
  }

  #has(source, target) {
    return this.#pairs.some((pair) => base(pair.source) === base(source) && pair.target === target);
  }

  #targets(wanted) {
    const fitting = this.#pairs.filter((pair) => this.source.value === AUTO || pair.source === this.source.value);
    const codes = [...new Set(fitting.map((pair) => pair.target))];
    fill(this.target, codes);
    if (codes.includes(wanted)) this.target.value = wanted;
  }

  #told() {
    const { source, target } = this.value;
    if (source && target) choose(source, target);
    this.found.textContent = source === AUTO && this.#detected ? `Detected: ${language(this.#detected)}` : "";
    const back = this.#from && this.#pairs.some((pair) => pair.source === target && pair.target === this.#from);
    this.swap.disabled = !back;
    this.swap.title = back || !target ? "" : `No model here translates from ${language(target)}${this.#from ? ` into ${language(this.#from)}` : ""}.`;
    // A language model on a server reads the texts that it translates.
    const used = this.#pairs.filter((pair) => (source === AUTO || pair.source === source) && pair.target === target);
    this.where.textContent = used.some((pair) => pair.text_goes === "outside") ? "Texts in these languages leave this network to be translated." : "";
    this.inside = used.length > 0 && used.every((pair) => pair.text_goes === "machine");
  }
}

const base = (code) => code.split("-")[0];

const fill = (select, codes) => select.replaceChildren(...codes.map((code) => element("option", { value: code }, language(code))));
