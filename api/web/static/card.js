// What is known of one sentence, at the lower edge of the window.
import { element, say } from "./page.js";
import { addressOf } from "./place.js";
import { wordsOf } from "./reasons.js";
import { termsIn } from "./term-hits.js";

// What can be done with a sentence: functions of (sentence, card) that return an element, or nothing. They are called
// each time a card is opened. `card.list.put(sentence)` shows what has changed of a sentence.
export const OFFERS = [termsIn, link];

export class Card {
  constructor(id, list) {
    this.id = id;
    this.list = list;
    this.position = null;
    this.node = element("aside", { class: "card", "aria-label": "Sentence", hidden: true });
    list.view.addEventListener("put", ({ detail }) => {
      // What somebody writes into the card is left alone.
      if (detail.position === this.position && !this.node.contains(document.activeElement)) this.open(detail);
    });
  }

  get opened() {
    return !this.node.hidden;
  }

  open(sentence) {
    const { languages } = this.list;
    const told = wordsOf(sentence);
    this.position = sentence.position;
    this.node.hidden = false;
    this.node.replaceChildren(
      element("button", { type: "button", class: "plain close", "aria-label": "Close", onclick: () => this.close() }, "×"),
      element("div", { class: "pair" },
        element("p", { lang: languages.source, dir: "auto" }, sentence.source),
        element("p", { lang: languages.target, dir: "auto" }, sentence.translation ?? "…")),
      element("p", { class: told.startsWith("Doubtful") ? "why" : "soft", "aria-live": "polite" },
        told || (sentence.level ? `High confidence: ${sentence.reason}.` : "")),
      element("div", { class: "row" }, ...OFFERS.map((offer) => offer(sentence, this) ?? null)),
    );
  }

  close() {
    if (!this.opened) return;
    const inside = this.node.contains(document.activeElement);
    this.node.hidden = true;
    const { position } = this;
    this.position = null;
    if (inside) (this.list.seen(position) ?? this.list.view).focus({ preventScroll: true });
  }
}

function link(sentence, card) {
  const address = new URL(addressOf(card.id, sentence.position), location.href).href;
  return element("button", { type: "button", onclick: copy }, "Copy link");
  async function copy({ target }) {
    try {
      await navigator.clipboard.writeText(address);
      target.textContent = "Copied";
    } catch {
      say(`The address of this sentence: ${address}`);
    }
  }
}
