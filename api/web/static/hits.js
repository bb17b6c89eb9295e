// Sentences that were found, each with its other side, and the way to them.
import { read } from "./client.js";
import { counted, element, language, say } from "./page.js";

// Shows what is found of the words, a page at a time.
export class Hits {
  constructor(signal) {
    this.signal = signal;
    this.title = element("h2", { "aria-live": "polite" });
    this.list = element("div");
    this.more = element("button", { type: "button", hidden: true, onclick: () => this.#page().catch((error) => signal.aborted || say(error.message)) }, "More sentences");
    this.view = element("section", { class: "hits", "aria-label": "Found sentences", hidden: true }, this.title, this.list, this.more);
  }

  async find(words) {
    this.words = words;
    this.next = null;
    this.count = 0;
    this.document = null;
    this.view.hidden = !words;
    this.list.replaceChildren();
    if (words) await this.#page();
  }

  async #page() {
    const { words } = this;
    const query = new URLSearchParams({ q: words, limit: 20, ...(this.next ? { after: this.next } : {}) });
    const page = await read(`/v1/search?${query}`, this.signal);
    // Other words were asked for meanwhile.
    if (words !== this.words) return;
    for (const hit of page.items) this.#add(hit);
    this.next = page.next;
    this.count += page.items.length;
    this.more.hidden = this.next === null;
    const more = this.next ? " so far" : "";
    this.title.textContent = this.count ? `${counted(this.count, "sentence")} found${more}` : "No sentence was found.";
  }

  #add(hit) {
    if (this.document !== hit.document) {
      this.document = hit.document;
      this.place = element("ol");
      this.list.append(element("h3", {}, element("a", { href: `#/d/${hit.document}` }, hit.name)), this.place);
    }
    const side = (name, text, code) => {
      const context = hit.contexts.find((one) => one.side === name);
      const shown = context ? marked(context) : [text ?? "…"];
      return element("p", { lang: code, class: name }, element("span", { class: "unseen" }, `${language(code)}: `), ...shown);
    };
    const { sentence } = hit;
    this.place.append(element("li", { class: "hit" },
      side("source", sentence.source, hit.source), side("translation", sentence.translation, hit.target),
      element("a", { class: "open", href: `#/d/${hit.document}?s=${sentence.position}`, "aria-label": `Open ${hit.name} at this sentence` }, "Open here")));
  }
}

// The excerpt with its matches marked; places are code points, as in the API.
function marked({ text, matches }) {
  const characters = [...text];
  const pieces = [];
  let at = 0;
  for (const [start, end] of matches) {
    pieces.push(characters.slice(at, start).join(""), element("mark", {}, characters.slice(start, end).join("")));
    at = end;
  }
  return [...pieces, characters.slice(at).join("")];
}
