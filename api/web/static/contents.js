// The chapters of a document.
import { read } from "./client.js";
import { element } from "./page.js";

// A dialog that is filled when it is opened; `go` is called with the position of a chapter.
export class Contents {
  constructor(id, signal, go) {
    Object.assign(this, { id, signal, go });
    this.chapters = [];
    this.list = element("ol", { class: "contents" });
    this.told = element("p", { class: "soft" });
    this.dialog = element("dialog", { "aria-label": "Contents" },
      element("form", { method: "dialog", class: "row" }, element("h2", { class: "grow" }, "Contents"), element("button", {}, "Close")), this.told, this.list);
  }

  async learn() {
    const { items, complete } = await read(`/v1/documents/${this.id}/outline`, this.signal);
    this.chapters = items;
    this.told.textContent = items.length ? (complete ? "" : "Only the first 1,000 are shown.") : "No headings were found.";
  }

  async open(sentence) {
    this.dialog.showModal();
    this.told.textContent = "…";
    try {
      await this.learn();
    } catch (error) {
      this.told.textContent = error.message;
    }
    const here = this.at(sentence);
    const highest = Math.min(...this.chapters.map(({ level }) => level));
    this.list.replaceChildren(...this.chapters.map((chapter) =>
      element("li", { class: `level${Math.min(3, chapter.level - highest)}` },
        element("button", { type: "button", "aria-current": chapter === here ? "location" : null, onclick: () => this.#chosen(chapter) },
          chapter.translation ?? chapter.source,
          chapter.translation && chapter.translation !== chapter.source ? element("span", { class: "soft" }, chapter.source) : null))));
    this.list.querySelector("[aria-current]")?.focus();
  }

  // The chapter in which a sentence is, by how many are before it.
  at(sentence) {
    return this.chapters.findLast((chapter) => chapter.sentence <= sentence) ?? null;
  }

  #chosen(chapter) {
    this.dialog.close();
    this.go(chapter.position);
  }
}
