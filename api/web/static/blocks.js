// Pieces of the text that are fetched, shown and let go together. Each holds the paragraphs that begin in it, whole.
import { read } from "./client.js";
import { element } from "./page.js";
import { paragraphsOf } from "./paragraphs.js";

const BLOCK = 50; // Sentences that begin a block each.
const KEPT = 12; // Blocks in memory.
const BACK = 3; // A paragraph is never longer than two blocks.

export class Blocks {
  constructor(id, parts, signal, changed) {
    Object.assign(this, { id, parts, signal, changed });
    this.blocks = new Map();
  }

  get count() {
    return Math.ceil(this.parts.total / BLOCK);
  }

  size(number) {
    return Math.min(BLOCK, this.parts.total - number * BLOCK);
  }

  sentence(position) {
    for (const block of this.blocks.values()) if (block.sentences.has(position)) return block.sentences.get(position);
    return undefined;
  }

  // A block, which is fetched if it is not there.
  near(number, list) {
    this.list = list;
    const size = this.size(number);
    const known = this.blocks.get(number);
    if (known && (known.size === size || known.loading)) return known;
    const block = { node: known?.node ?? element("div"), sentences: known?.sentences ?? new Map(), size, loaded: known?.loaded ?? false };
    this.blocks.set(number, block);
    this.#load(number, block);
    return block;
  }

  // The number of the block that holds a sentence, when it is there; null if it could not be had.
  async holding(position, sentence) {
    const last = Math.floor(sentence / BLOCK);
    for (let number = last; number >= Math.max(0, last - BACK); number -= 1) {
      const block = this.near(number, this.list);
      await block.loading;
      if (block.sentences.has(position)) return number;
    }
    return null;
  }

  refresh() {
    for (const [number, block] of this.blocks) {
      if (!block.loading && [...block.sentences.values()].some(({ translation }) => translation === null)) this.#load(number, block);
    }
  }

  // Lets go what is not seen, once there is too much of it.
  forget(seen) {
    for (const [number, block] of this.blocks) {
      if (this.blocks.size <= KEPT) break;
      if (!seen.includes(number) && !block.loading) this.blocks.delete(number);
    }
  }

  #load(number, block) {
    block.loading = this.#fetch(number, block).then(
      (sentences) => {
        block.loading = null;
        this.changed(() => {
          block.sentences = new Map(sentences.map((sentence) => [sentence.position, sentence]));
          block.node.replaceChildren(...paragraphsOf(sentences, this.list.languages));
          block.loaded = true;
        });
      },
      () => {
        block.loading = null;
        // What could not be had is asked for again when it is looked at next.
        if (!block.loaded) this.blocks.delete(number);
      },
    );
  }

  async #fetch(number, block) {
    const query = new URLSearchParams({ limit: block.size, whole: true });
    const before = this.parts.position(number * BLOCK - 1);
    if (before) query.set("after", before);
    const page = await read(`/v1/documents/${this.id}/sentences?${query}`, this.signal);
    const own = page.items.filter((sentence) => this.parts.paragraphOf(sentence) >= number * BLOCK);
    const { recent } = this.list;
    for (const sentence of own) {
      const told = recent.get(sentence.position);
      if (told && (sentence.translation === null || told.version > (sentence.version ?? 0))) Object.assign(sentence, told);
    }
    return own;
  }
}
