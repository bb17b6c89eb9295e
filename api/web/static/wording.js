// A translation sentence by sentence: each can be chosen, by mouse or keyboard, and shows what else it could be.
import { request } from "./client.js";
import { element } from "./page.js";
import { reasonsOf, wordsOf } from "./reasons.js";

const ALTERNATIVES = 5;

export class Wording {
  #nodes = [];
  #sentences = [];
  #chosen = new Map(); // By source: the wording that was taken in place of the first one.
  #order = null;
  #asking = null;

  constructor() {
    this.text = element("div", { class: "wording", role: "group", "aria-label": "Translation", tabindex: "0" });
    this.other = element("section", { class: "other", "aria-label": "Other wordings", hidden: true });
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("focus", () => this.#nodes[0] && this.#nodes.find((node) => node.tabIndex === 0)?.focus());
    this.text.addEventListener("click", (event) => {
      const at = this.#nodes.indexOf(event.target.closest("[role=button]"));
      // Who selects a text wants to copy it.
      if (at >= 0 && getSelection().isCollapsed) this.#open(at);
    });
    this.other.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  // The translation as it is shown.
  get value() {
    return this.text.textContent;
  }

  show(answer, order) {
    this.#order = { ...order, source: answer.detected ?? order.source };
    const characters = [...order.text];
    const pieces = [];
    let position = 0;
    this.close();
    this.#sentences = answer.sentences;
    this.#nodes = answer.sentences.map((sentence, at) => {
      const [start, end] = sentence.span;
      const doubt = reasonsOf(sentence).length || sentence.level === "low" ? wordsOf(sentence) : "";
      const node = element("span", {
        role: "button", tabindex: at ? "-1" : "0", class: doubt ? "doubt" : null, title: doubt || null, "aria-haspopup": "true",
      }, this.#chosen.get(sentence.source) ?? sentence.translation ?? sentence.source);
      pieces.push(characters.slice(position, start).join(""), node);
      position = end;
      return node;
    });
    this.text.lang = answer.target;
    this.text.tabIndex = this.#nodes.length ? -1 : 0;
    this.text.replaceChildren(...pieces, characters.slice(position).join(""));
  }

  clear() {
    this.close();
    this.#nodes = [];
    this.#sentences = [];
    this.#chosen.clear();
    this.text.replaceChildren();
  }

  close() {
    const had = this.other.contains(document.activeElement);
    const open = this.#nodes.find((node) => node.classList.contains("chosen"));
    open?.classList.remove("chosen");
    this.#asking?.abort();
    this.other.hidden = true;
    if (had) open?.focus();
  }

  #key(event) {
    const at = this.#nodes.indexOf(document.activeElement);
    if (at < 0) return;
    const steps = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: this.#nodes.length - 1 };
    if (event.key in steps) this.#go(Math.max(0, Math.min(this.#nodes.length - 1, steps[event.key])));
    else if (event.key === "Enter" || event.key === " ") this.#open(at);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  #go(at) {
    for (const node of this.#nodes) node.tabIndex = -1;
    this.#nodes[at].tabIndex = 0;
    this.#nodes[at].focus();
  }

  async #open(at) {
    this.close();
    this.#go(at);
    const sentence = this.#sentences[at];
    const node = this.#nodes[at];
    node.classList.add("chosen");
    const list = element("ul", {}, element("li", { class: "soft" }, "Looking for other wordings …"));
    const doubt = wordsOf(sentence);
    this.other.replaceChildren(
      element("p", { lang: this.#order.source }, sentence.source),
      doubt ? element("p", { class: "why" }, doubt) : "",
      list,
      element("button", { type: "button", class: "small", onclick: () => this.close() }, "Close"),
    );
    this.other.hidden = false;
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    try {
      const answer = await (await request("/v1/translate", {
        method: "POST", signal, headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ...this.#order, text: sentence.source, alternatives: ALTERNATIVES }),
      })).json();
      const [first] = answer.sentences;
      // A sentence that is two by itself has no wordings as a whole.
      const found = answer.sentences.length === 1 ? [first.translation, ...first.alternatives] : [];
      const others = [...new Set([sentence.translation, ...found])].filter((text) => text && text !== node.textContent);
      list.replaceChildren(...(others.length ? others : [null]).map((text) => element("li", {}, text === null
        ? "The model knows no other wording."
        : element("button", { type: "button", lang: this.#order.target, onclick: () => this.#take(at, text) }, text))));
      list.querySelector("button")?.focus();
    } catch (error) {
      if (!signal.aborted) list.replaceChildren(element("li", {}, `No other wordings: ${error.message}`));
    }
  }

  #take(at, text) {
    this.#chosen.set(this.#sentences[at].source, text);
    this.#nodes[at].textContent = text;
    this.close();
    this.#nodes[at].focus();
  }
}
