// What is at hand while a text is read: a narrow line at the upper edge of the window.
import { Card } from "./card.js";
import { Choice } from "./choosing.js";
import { Contents } from "./contents.js";
import { Finder } from "./find.js";
import { element, number, say } from "./page.js";
import { note } from "./place.js";
import { keep, look, settings } from "./settings.js";
import { speaker } from "./speech.js";

const VIEWS = { both: "Both", target: "Translation", source: "Source" };

export class Tools {
  constructor(id, list, signal) {
    Object.assign(this, { id, list });
    const failed = (error) => !signal.aborted && say(error.message);
    this.card = new Card(id, list);
    this.choice = new Choice(list, this.card, signal);
    this.finder = new Finder(id, list, this.choice, signal, (position) => note(id, position));
    this.contents = new Contents(id, signal, (position) => this.go(position, true).catch(failed));
    this.settings = settings(() => list.reflow());
    this.view = element("select", { "aria-label": "View", onchange: () => this.#show(this.view.value) },
      ...Object.entries(VIEWS).map(([value, title]) => element("option", { value, selected: value === look.view }, title)));
    this.doubts = element("button", { type: "button", class: "doubts", hidden: true, onclick: () => this.doubt(1).catch(failed) });
    this.read = element("span", { class: "read", title: "How far you are" });
    const icon = (sign, label, onclick) => element("button", { type: "button", class: sign === "⌕" ? "icon small-sign" : "icon", "aria-label": label, title: label, onclick }, sign);
    this.bar = element("div", { class: "tools" },
      element("div", { class: "line", role: "toolbar", "aria-label": "Reading" },
        icon("☰", "Contents", () => this.contents.open(this.#number())),
        this.view,
        icon("⌕", "Search in this document", () => (this.finder.bar.hidden ? this.finder.open() : this.finder.close())),
        icon("Aa", "How it looks", () => this.settings.showModal()),
        speaker(list, this.choice, signal), this.doubts, this.read),
      this.finder.bar);
    this.dialogs = [this.contents.dialog, this.settings, this.finder.dialog];
    list.covered = () => Math.max(0, this.bar.getBoundingClientRect().bottom);
    // Where one is led lies below the bar, which is higher while somebody searches.
    new ResizeObserver(() => list.view.style.setProperty("--bar", `${this.bar.offsetHeight}px`)).observe(this.bar);
    list.view.dataset.view = look.view;
    list.view.addEventListener("drawn", () => this.#moved());
    let last = 0;
    window.addEventListener("scroll", () => {
      // Who reads on needs no tools; who goes back may.
      if (Math.abs(window.scrollY - last) < 8) return;
      this.bar.classList.toggle("gone", window.scrollY > last && window.scrollY > this.bar.offsetTop + 80 && this.finder.bar.hidden);
      last = window.scrollY;
    }, { passive: true, signal });
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, dialog")) return;
      if (event.key === "/") {
        event.preventDefault();
        this.finder.open();
      } else if (event.key === "d" || event.key === "D") this.doubt(event.key === "d" ? 1 : -1).catch(failed);
    }, { signal });
  }

  // Leads to a sentence; `step`: the browser's Back leads back.
  async go(position, step = false) {
    if (!(await this.list.go(position))) return false;
    this.choice.choose(position);
    note(this.id, position, step);
    return true;
  }

  // Leads to the next doubtful sentence, and says why it is one.
  async doubt(by) {
    if (this.finder.only.value !== "doubt=true" || this.finder.bar.hidden) {
      this.finder.open("doubt=true");
      return this.finder.search();
    }
    return this.finder.step(by);
  }

  tell({ sentences }) {
    const count = sentences.suspect + sentences.failed;
    this.doubts.hidden = !count;
    this.doubts.textContent = `⚑ ${number(count)}`;
    this.doubts.ariaLabel = this.doubts.title = `${number(count)} marked as doubtful: go to the next one`;
  }

  #show(view) {
    const { place } = this.list;
    keep("view", view);
    this.list.view.dataset.view = view;
    this.list.place = place;
    this.list.reflow();
  }

  #number() {
    return this.list.parts.numberOf(this.list.place ?? "0.0") ?? 0;
  }

  #moved() {
    const { total, place, view } = this.list;
    const { bottom } = view.getBoundingClientRect();
    const share = bottom <= innerHeight + 2 ? 1 : this.#number() / Math.max(1, total);
    this.read.textContent = total ? `${Math.floor(100 * share)} %` : "";
    this.bar.style.setProperty("--read", share);
    clearTimeout(this.timer);
    if (place && window.scrollY > 0) this.timer = setTimeout(() => location.hash.startsWith(`#/d/${encodeURIComponent(this.id)}`) && note(this.id, place), 300);
  }
}
