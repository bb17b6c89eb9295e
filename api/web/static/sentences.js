// A list of sentences beside their translations, of which only what is seen is kept: memory does not grow with the document.
import { read } from "./client.js";
import { element } from "./page.js";

const BLOCK = 50; // Sentences that are fetched, shown and let go together.
const KEPT = 12; // Blocks in memory.
const RECENT = 2000; // Translations that may be known here before they are in the store.
const GUESS = 34; // Height of a sentence in pixels before it was seen.
const REASONS = {
  capped: "may break off", copy: "not translated", empty: "empty", kept: "an address or placeholder is missing",
  language: "in a language that nothing translates", length: "much shorter or longer", numbers: "a number, time or unit is missing or changed",
  repetition: "repeats itself", short: "something may be missing", unusual: "words that the model hardly knows",
  unsure: "made again, and the model was unsure",
};

export class SentenceList {
  constructor(id, target, signal) {
    this.id = id;
    this.languages = { source: null, target };
    this.signal = signal;
    this.parts = []; // For each part: its first sentence in the document, and how many it has.
    this.total = 0;
    this.heights = [];
    this.blocks = new Map();
    this.recent = new Map();
    this.before = element("div");
    this.after = element("div");
    this.list = element("div");
    this.view = element("div", { class: "text", tabindex: "0", role: "region", "aria-label": "Text and translation" }, this.before, this.list, this.after);
    this.atEnd = false; // Whether the reader went to the end: it is kept in sight when what is above turns out higher.
    this.view.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    window.addEventListener("resize", () => this.#soon(), { signal });
  }

  // Learns which sentences there are; parts that have come are asked for once.
  async grow() {
    const incomplete = this.parts.findIndex((part) => part.total === null);
    for (let after = this.parts.length - 1; ; ) {
      const query = new URLSearchParams({ limit: 1000, ...(after >= 0 ? { after } : {}) });
      const page = await read(`/v1/documents/${this.id}/parts?${query}`, this.signal);
      for (const part of page.items) {
        // Numbers that are missing have not come yet; what is behind them is shown when they have.
        if (part.part !== this.parts.length) return this.#soon();
        this.parts.push({ first: this.total, total: part.sentences.total });
        this.total += part.sentences.total;
      }
      if (page.next === null) break;
      after = page.next;
    }
    if (incomplete < 0) this.#soon();
  }

  // Puts a translation in its place, if that is in memory; otherwise it is fetched when it is seen. What is fetched may be
  // older than what was told: the newest translations are remembered for that.
  put(sentence) {
    this.recent.set(sentence.position, sentence);
    if (this.recent.size > RECENT) this.recent.delete(this.recent.keys().next().value);
    const [part, index] = sentence.position.split(".").map(Number);
    if (!this.parts[part]) return;
    const block = this.blocks.get(Math.floor((this.parts[part].first + index) / BLOCK));
    const row = block?.rows.get(sentence.position);
    if (!row) return;
    fill(row, sentence, this.languages);
    this.#stay();
  }

  // Fetches what is in memory once more where translations are missing.
  refresh() {
    for (const [number, block] of this.blocks) {
      if (block.loading || !block.node.querySelector(".waiting")) continue;
      block.loading = true;
      this.#load(number, block).catch(() => this.blocks.delete(number));
    }
  }

  #scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.view;
    this.atEnd = scrollTop > 0 && scrollTop + clientHeight >= scrollHeight - 2;
    this.#soon();
  }

  #stay() {
    if (this.atEnd) this.view.scrollTop = this.view.scrollHeight;
  }

  #soon() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.#render();
    });
  }

  #height(block) {
    return this.heights[block] ?? Math.min(BLOCK, this.total - block * BLOCK) * GUESS;
  }

  #render() {
    const count = Math.ceil(this.total / BLOCK);
    const top = this.view.scrollTop - this.view.clientHeight;
    const bottom = this.view.scrollTop + 2 * this.view.clientHeight;
    let offset = 0;
    let above = 0;
    const seen = [];
    for (let block = 0; block < count; block += 1) {
      const height = this.#height(block);
      if (offset + height >= top && offset <= bottom) seen.push(block);
      else if (!seen.length) above += height;
      offset += height;
    }
    const shown = seen.reduce((sum, block) => sum + this.#height(block), 0);
    this.before.style.height = `${above}px`;
    this.after.style.height = `${Math.max(0, offset - above - shown)}px`;
    const nodes = seen.map((block) => this.#block(block).node);
    const same = nodes.length === this.list.children.length && nodes.every((node, place) => node === this.list.children[place]);
    if (!same) this.list.replaceChildren(...nodes);
    for (const block of seen) {
      const node = this.blocks.get(block).node;
      if (node.isConnected && node.childElementCount) this.heights[block] = node.offsetHeight;
    }
    for (const block of this.blocks.keys()) {
      if (this.blocks.size <= KEPT) break;
      if (!seen.includes(block)) this.blocks.delete(block);
    }
    this.#stay();
  }

  #block(number) {
    const size = Math.min(BLOCK, this.total - number * BLOCK);
    let block = this.blocks.get(number);
    if (block && (block.size === size || block.loading)) return block;
    const node = block?.node ?? element("ol");
    if (!block) node.style.minHeight = `${this.#height(number)}px`;
    block = { node, rows: block?.rows ?? new Map(), size, loading: true };
    this.blocks.set(number, block);
    this.#load(number, block).catch(() => this.blocks.delete(number));
    return block;
  }

  async #load(number, block) {
    const query = new URLSearchParams({ limit: block.size });
    const before = this.#position(number * BLOCK - 1);
    if (before) query.set("after", before);
    const page = await read(`/v1/documents/${this.id}/sentences?${query}`, this.signal);
    const rows = page.items.map((sentence, place) => {
      const row = block.rows.get(sentence.position) ?? this.#row(sentence, page.items[place - 1], number * BLOCK + place);
      block.rows.set(sentence.position, row);
      fill(row, sentence.translation === null ? (this.recent.get(sentence.position) ?? sentence) : sentence, this.languages);
      return row;
    });
    block.node.replaceChildren(...rows);
    block.node.style.minHeight = "";
    block.loading = false;
    this.#stay();
    this.#soon();
  }

  #position(sentence) {
    if (sentence < 0) return null;
    let low = 0;
    let high = this.parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.parts[middle].first <= sentence) low = middle;
      else high = middle - 1;
    }
    return `${low}.${sentence - this.parts[low].first}`;
  }

  #row(sentence, before, place) {
    const apart = before && sentence.span[0] - before.span[1] > 1;
    const row = element("li", { class: `sentence${apart ? " paragraph" : ""}`, "aria-setsize": this.total, "aria-posinset": place + 1 });
    row.append(element("p", { lang: this.languages.source }, sentence.source));
    row.addEventListener("click", () => {
      for (const other of this.list.querySelectorAll(".chosen")) if (other !== row) other.classList.remove("chosen");
      row.classList.toggle("chosen");
    });
    return row;
  }
}

function fill(row, sentence, { source, target }) {
  if (sentence.translation === null) {
    if (row.childElementCount === 1) row.append(element("p", { class: "waiting", lang: source, "aria-label": "not translated yet" }, "…"));
    return;
  }
  const reasons = sentence.failed ? ["no translation could be made; this is the source"] : sentence.suspect.map((reason) => REASONS[reason] ?? reason);
  while (row.childElementCount > 1) row.lastElementChild.remove();
  row.append(element("p", { lang: target }, sentence.translation));
  const { level, reason } = sentence;
  if (reasons.length) row.append(element("span", { class: "why" }, `Check: ${reasons.join("; ")}`));
  else if (level && level !== "high") row.append(element("span", { class: "why soft" }, `${level[0].toUpperCase()}${level.slice(1)} confidence: ${reason}`));
  if (level) {
    // What is high says so and no more, to those who hear the page too.
    const told = level === "high" ? `${level} confidence` : `${level} confidence: ${reason}`;
    row.append(element("span", { class: `sure ${level}`, role: "img", "aria-label": told, title: `${level} confidence (${sentence.confidence}): ${reason}` }));
  }
  row.classList.toggle("doubt", reasons.length > 0);
  row.classList.toggle("failed", sentence.failed);
}
