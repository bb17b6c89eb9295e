// Which parts of a document are there, and so which of its sentences is the how many-th.
import { read } from "./client.js";

export class Parts {
  constructor(id, signal) {
    this.id = id;
    this.signal = signal;
    this.firsts = []; // For each part how many sentences are before it.
    this.sizes = [];
    this.total = 0;
  }

  // Asks for what has come since; whether there is anything.
  async grow() {
    const before = this.total;
    for (let after = this.firsts.length - 1; ; ) {
      const query = new URLSearchParams({ limit: 1000, ...(after >= 0 ? { after } : {}) });
      const page = await read(`/v1/documents/${this.id}/parts?${query}`, this.signal);
      for (const part of page.items) {
        // Another call may have been quicker. Numbers that are missing have not come yet; what is behind waits for them.
        if (part.part < this.firsts.length) continue;
        if (part.part > this.firsts.length) return this.total > before;
        this.firsts.push(this.total);
        this.sizes.push(part.sentences.total);
        this.total += part.sentences.total;
      }
      if (page.next === null) return this.total > before;
      after = page.next;
    }
  }

  // The position of a sentence by how many are before it; null in front of the first.
  position(sentence) {
    if (sentence < 0) return null;
    let [low, high] = [0, this.firsts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.firsts[middle] <= sentence) low = middle;
      else high = middle - 1;
    }
    return `${low}.${sentence - this.firsts[low]}`;
  }

  // How many sentences are before the one at a position; null if there is none.
  numberOf(position) {
    const [part, index] = position.split(".").map(Number);
    return index < this.sizes[part] ? this.firsts[part] + index : null;
  }

  // The same of the first sentence of a sentence's paragraph.
  paragraphOf({ position, layout }) {
    return this.firsts[Number(position.split(".")[0])] + layout.paragraph;
  }
}
