// A document's text and translation, of which only what is near is kept: memory does not grow with the document.
import { Blocks } from "./blocks.js";
import { arrange, element } from "./page.js";
import { fill } from "./paragraphs.js";
import { Parts } from "./parts.js";

const GUESS = 34; // Height of a sentence in pixels before it was seen.
const RECENT = 2000; // Translations that may be known here before they are in the store.

// What is read lies in `view`; the window is what scrolls. "drawn" is told on `view` when other sentences are there.
export class SentenceList {
  constructor(id, target, signal) {
    this.signal = signal;
    this.languages = { source: null, target };
    this.parts = new Parts(id, signal);
    this.blocks = new Blocks(id, this.parts, signal, (change) => this.#changed(change));
    this.heights = [];
    this.recent = new Map();
    this.before = element("div");
    this.after = element("div");
    this.list = element("div", { class: "paragraphs" });
    this.view = element("div", { class: "text", role: "region", "aria-label": "Text and translation", tabindex: "0" }, this.before, this.list, this.after);
    this.ending = 0; // How many sentences there were when the reader went to the end, which is then kept in sight.
    window.addEventListener("scroll", () => this.#scrolled(), { passive: true, signal });
    this.width = window.innerWidth;
    window.addEventListener("resize", () => (window.innerWidth === this.width ? this.soon() : this.reflow()), { signal });
  }

  get total() {
    return this.parts.total;
  }

  // Learns which sentences there are.
  async grow() {
    if (await this.parts.grow()) this.soon();
  }

  // Puts a translation in its place, if that is near; otherwise it is fetched when it is seen. What is fetched may be
  // older than what was told: the newest translations are remembered for that.
  put(sentence) {
    // What a machine makes of a sentence comes too late where a person has said what it is.
    if (!sentence.version && (this.recent.get(sentence.position) ?? this.sentence(sentence.position))?.version) return;
    this.recent.set(sentence.position, sentence);
    if (this.recent.size > RECENT) this.recent.delete(this.recent.keys().next().value);
    const known = this.sentence(sentence.position);
    if (!known) return;
    Object.assign(known, sentence);
    const node = this.nodes(sentence.position).at(-1);
    if (node) this.#keeping(() => fill(node, known, this.languages));
    this.view.dispatchEvent(new CustomEvent("put", { detail: known }));
  }

  // What is known of a sentence; undefined where it is not near.
  sentence(position) {
    return this.blocks.sentence(position);
  }

  // Where a sentence is on the page: in its source and in its translation.
  nodes(position) {
    return [...this.list.querySelectorAll(`[data-at="${CSS.escape(position)}"]`)];
  }

  // The one of them that is shown: a translation, where it is not hidden.
  seen(position) {
    return this.nodes(position).findLast((node) => node.offsetParent);
  }

  // Fetches what is near once more where translations are missing.
  refresh() {
    this.blocks.refresh();
  }

  // Brings a sentence to the top of the window; false if the document has none there yet.
  async go(position) {
    const number = this.parts.numberOf(position);
    if (number === null) return false;
    const block = await this.blocks.holding(position, number);
    if (block === null || this.signal.aborted) return false;
    this.ending = 0;
    const offset = Array.from({ length: block }, (_, one) => this.#height(one)).reduce((sum, one) => sum + one, 0);
    window.scrollTo({ top: this.#top() + offset, behavior: "instant" });
    this.#render();
    upper(this.nodes(position))?.node.scrollIntoView({ block: "start", behavior: "instant" });
    this.went = { position, top: upper(this.nodes(position))?.top };
    this.#render();
    return true;
  }

  // The first sentence that is seen on both sides, and how far from the top of the window it is; null if none is there.
  first() {
    const edge = this.covered?.() ?? 0;
    for (const paragraph of this.list.querySelectorAll(".paragraph")) {
      if (paragraph.getBoundingClientRect().bottom <= edge) continue;
      const sources = paragraph.querySelectorAll(".source .s");
      const targets = paragraph.querySelectorAll(".target .s");
      for (let at = 0; at < sources.length; at += 1) {
        const found = upper([sources[at], targets[at]]);
        if (found && found.bottom > edge + 4) return found.top < innerHeight ? { position: found.node.dataset.at, ...found } : null;
      }
    }
    return null;
  }

  // The sentence that somebody was led to, until they scroll: in its line there may be the end of another one, and leading to that
  // the next time would lead further and further back.
  #here() {
    const { went } = this;
    const top = went && upper(this.nodes(went.position))?.top;
    if (went && Math.abs(top - went.top) < 3) return went.position;
    this.went = null;
    return this.first()?.position;
  }

  // Measures anew when lines have become longer or shorter; what was read stays where it is.
  reflow() {
    this.width = window.innerWidth;
    this.heights = [];
    const { place } = this;
    if (place && window.scrollY > 0) this.go(place).catch(() => {});
    else this.soon();
  }

  #top() {
    return this.view.getBoundingClientRect().top + window.scrollY;
  }

  #scrolled() {
    const root = document.documentElement;
    this.ending = window.scrollY > 0 && window.scrollY + innerHeight >= root.scrollHeight - 2 ? this.total : 0;
    this.soon();
  }

  soon() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      if (!this.signal.aborted) this.#render();
    });
  }

  // Changes the page so that what is read stays where it is, and the focus with it.
  #keeping(change) {
    const kept = window.scrollY > 0 ? this.first() : null;
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    change();
    if (focused?.matches(".s") && !focused.isConnected) this.seen(focused.dataset.at)?.focus({ preventScroll: true });
    if (this.ending === this.total && this.ending) {
      window.scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
    } else if (kept) {
      const node = kept.node.isConnected ? kept.node : this.nodes(kept.position).find((one) => one.offsetParent);
      const moved = node ? node.getBoundingClientRect().top - kept.top : 0;
      if (Math.abs(moved) > 0.5) window.scrollBy({ top: moved, behavior: "instant" });
    }
  }

  #changed(change) {
    this.#keeping(() => {
      change();
      this.#draw();
    });
    this.soon();
  }

  #height(block) {
    return this.heights[block] ?? this.blocks.size(block) * GUESS;
  }

  #render() {
    this.#keeping(() => this.#draw());
    this.place = this.#here() ?? this.place;
    this.view.dispatchEvent(new CustomEvent("drawn"));
  }

  #draw() {
    const { top: start } = this.view.getBoundingClientRect();
    const [top, bottom] = [-start - innerHeight, 2 * innerHeight - start];
    let [offset, above] = [0, 0];
    const seen = [];
    for (let block = 0; block < this.blocks.count; block += 1) {
      const height = this.#height(block);
      if (offset + height >= top && offset <= bottom) seen.push(block);
      else if (!seen.length) above += height;
      offset += height;
    }
    const shown = seen.reduce((sum, block) => sum + this.#height(block), 0);
    this.before.style.height = `${above}px`;
    this.after.style.height = `${Math.max(0, offset - above - shown)}px`;
    const blocks = seen.map((block) => this.blocks.near(block, this));
    arrange(this.list, blocks.map(({ node }) => node));
    blocks.forEach(({ node, loaded }, at) => {
      node.style.minHeight = loaded ? "" : `${this.#height(seen[at])}px`;
      if (loaded) this.heights[seen[at]] = node.offsetHeight;
    });
    this.blocks.forget(seen);
  }
}

// The one of a sentence's two places that is further up, and where: below it the other one is seen, too. Undefined if none is shown.
function upper(nodes) {
  const shown = nodes.filter((node) => node.offsetParent).map((node) => ({ node, box: node.getBoundingClientRect() }));
  const [first] = shown.filter(({ box }) => box.height).sort((one, other) => one.box.top - other.box.top);
  return first && { node: first.node, top: first.box.top, bottom: first.box.bottom };
}
