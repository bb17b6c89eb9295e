// Finding sentences of the whole document, not only of what is on the page: by words, by doubt, by confidence.
import { read } from "./client.js";
import { marked } from "./marking.js";
import { element, number, say } from "./page.js";
import { REASONS, wordsOf } from "./reasons.js";

const AT_ONCE = 1000;
const SHOWN = 200; // In the list of what was found.
const ONLY = {
  "": "all sentences",
  "doubt=true": "doubtful ones",
  "missed=true": "those that lack a term of the glossary",
  "confidence=low": "those of low confidence",
  "confidence=medium": "those of medium confidence",
  ...Object.fromEntries(Object.entries(REASONS).map(([reason, words]) => [`reason=${reason}`, `doubtful: ${words}`])),
};

export class Finder {
  constructor(id, list, choice, signal, moved) {
    Object.assign(this, { id, list, choice, signal, moved });
    this.hits = [];
    this.words = element("input", { type: "search", "aria-label": "Words in this document", placeholder: "Words", maxlength: 200, oninput: () => this.#later() });
    this.only = element("select", { "aria-label": "Only among", onchange: () => this.search().catch(failed) },
      ...Object.entries(ONLY).map(([value, title]) => element("option", { value }, title)));
    this.told = element("span", { class: "soft", "aria-live": "polite" });
    this.dialog = element("dialog", { "aria-label": "Found" });
    const step = (by) => () => this.step(by).catch(failed);
    this.bar = element("form", { class: "find", role: "search", hidden: true, onsubmit: (event) => { event.preventDefault(); step(event.submitter?.value === "-1" ? -1 : 1)(); } },
      this.words, this.only, this.told,
      element("button", { type: "button", onclick: step(-1), "aria-label": "Previous" }, "↑"),
      element("button", { value: "1", "aria-label": "Next" }, "↓"),
      element("button", { type: "button", onclick: () => this.#all().catch(failed) }, "List"),
      element("button", { type: "button", class: "plain", "aria-label": "Close search", onclick: () => this.close() }, "×"));
    this.bar.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    list.view.addEventListener("drawn", () => marked(list.list, this.bar.hidden ? "" : this.words.value));
  }

  open(only) {
    this.bar.hidden = false;
    if (only !== undefined) {
      this.only.value = only;
      this.words.value = "";
    } else {
      this.words.focus();
      this.words.select();
    }
  }

  close() {
    this.bar.hidden = true;
    this.words.value = "";
    this.only.value = "";
    this.found = null;
    marked(this.list.list, "");
    this.list.view.focus({ preventScroll: true });
  }

  // Asks anew, and leads to the first that is found behind what is read.
  async search() {
    clearTimeout(this.timer);
    this.found = this.#wanted();
    this.hits = [];
    this.cursor = "";
    this.at = -1;
    if (!this.found) return this.#tell();
    await this.#more();
    await this.step(1, true);
    return undefined;
  }

  // Goes to the next hit, or the one before; `near`: a hit where the reader is counts as the next one.
  async step(by, near = false) {
    clearTimeout(this.timer);
    if (this.found !== this.#wanted()) return this.search();
    const { parts } = this.list;
    const here = parts.numberOf(this.at >= 0 ? this.hits[this.at].position : (this.list.first()?.position ?? "0.0")) ?? 0;
    const place = (hit) => parts.numberOf(hit.position) ?? Infinity;
    while (by > 0 && this.cursor && (!this.hits.length || place(this.hits.at(-1)) <= here)) await this.#more();
    if (!this.hits.length) return this.#tell();
    const behind = this.hits.findIndex((hit) => (near ? place(hit) >= here : place(hit) > here));
    const before = this.hits.findLastIndex((hit) => place(hit) < here);
    // Behind the last one comes the first.
    this.at = by > 0 ? Math.max(0, behind) : before < 0 ? this.hits.length - 1 : before;
    this.#tell();
    return this.#show(this.hits[this.at]);
  }

  async #more() {
    const query = new URLSearchParams(`${this.found}&limit=${AT_ONCE}`);
    if (this.cursor) query.set("after", this.cursor);
    const asked = this.found;
    const page = await read(`/v1/documents/${this.id}/sentences?${query}`, this.signal);
    if (asked !== this.found) return;
    this.hits.push(...page.items);
    this.cursor = page.next;
  }

  async #show(hit) {
    await this.list.go(hit.position);
    this.choice.choose(hit.position, { open: this.choice.card.opened || Boolean(this.only.value) });
    this.moved(hit.position);
  }

  #wanted() {
    const words = this.words.value.trim();
    return [words && `q=${encodeURIComponent(words)}`, this.only.value].filter(Boolean).join("&");
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search().catch(failed), 300);
  }

  #tell() {
    const count = `${number(this.hits.length)}${this.cursor ? "+" : ""}`;
    this.told.textContent = !this.found ? "" : this.hits.length ? `${number(this.at + 1)} of ${count}` : "nothing found";
  }

  async #all() {
    if (this.found !== this.#wanted()) await this.search();
    const go = (hit, at) => {
      this.dialog.close();
      this.at = at;
      this.#tell();
      this.#show(hit).catch(failed);
    };
    const more = this.hits.length > SHOWN || this.cursor ? element("p", { class: "soft" }, `The first ${SHOWN} are shown.`) : null;
    this.dialog.replaceChildren(
      element("form", { method: "dialog", class: "row" }, element("h2", { class: "grow" }, this.hits.length ? "Found" : "Nothing was found"), element("button", {}, "Close")),
      element("ol", { class: "contents" }, ...this.hits.slice(0, SHOWN).map((hit, at) =>
        element("li", {}, element("button", { type: "button", onclick: () => go(hit, at) },
          element("span", { lang: this.list.languages.target }, hit.translation ?? "…"),
          element("span", { class: "soft", lang: this.list.languages.source }, hit.source),
          element("span", { class: wordsOf(hit).startsWith("Doubtful") ? "why" : "soft" }, wordsOf(hit)))))),
      more ?? "");
    this.dialog.showModal();
  }
}

function failed(error) {
  if (error.name !== "AbortError") say(error.message);
}
