// Documents that were sent together, as one entry of the list that opens.
import { read } from "./client.js";
import { remove } from "./deleting.js";
import { arrange, counted, element, number, say } from "./page.js";

const FEW = 10;
const WORDS = { receiving: "arriving", translating: "being translated", done: "done", incomplete: "broken off", cancelled: "cancelled" };

export class Batch {
  constructor(id, signal) {
    this.id = id;
    this.signal = signal;
    this.title = element("span", { class: "title" });
    this.bar = element("progress", { max: 1, "aria-label": `Progress of batch ${id}` });
    this.list = element("ul", { class: "documents" });
    this.refused = element("ul", { class: "refused" });
    this.details = element("details", { class: "batch" }, element("summary", {}, this.title), this.bar, this.refused, this.list,
      element("p", { class: "row" },
        element("a", { href: `#/history?${new URLSearchParams({ batch: id })}` }, "All of this batch"),
        element("button", { type: "button", class: "small", onclick: () => this.cards.forEach((card) => remove(card.id, card.status.name)) }, "Delete these")));
    this.view = element("li", { class: "together" }, this.details);
    this.details.addEventListener("toggle", () => this.details.open && this.#ask().catch((error) => signal.aborted || say(error.message)));
  }

  show(cards) {
    // What is soon looked through is open from the start.
    if (!this.cards) this.details.open = cards.length <= FEW;
    this.cards = cards;
    const states = {};
    for (const { status } of cards) states[status.state] = (states[status.state] ?? 0) + 1;
    const told = Object.entries(states).map(([state, count]) => `${number(count)} ${WORDS[state]}`).join(", ");
    const text = `Batch ${this.id}: ${counted(cards.length, "document")}, ${told}`;
    if (this.title.textContent !== text) this.title.textContent = text;
    const open = cards.filter((card) => card.status.state === "receiving" || card.status.state === "translating");
    this.bar.hidden = !open.length;
    this.bar.value = cards.reduce((sum, card) => sum + card.status.progress, 0) / cards.length;
    arrange(this.list, cards.map((card) => card.view));
  }

  // Files that became no document, and why, are known to the batch alone.
  async #ask() {
    const { documents } = await read(`/v1/batches/${encodeURIComponent(this.id)}`, this.signal);
    this.refused.replaceChildren(...documents.filter((one) => one.problem).map((one) =>
      element("li", { class: "warning" }, `${one.filename ?? `File ${one.position + 1}`} was not taken: ${one.problem.detail}`)));
  }
}
