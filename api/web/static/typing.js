// Translates a text while it is typed: one request at a time, the newest text wins, and no answer overwrites a newer one.
import { Refused, request } from "./client.js";

export const MOST = 5000; // Characters; longer texts become documents.
const PAUSE = 350; // Milliseconds without a key before a text is sent.
const SLOW = 2000; // After so many a request gives way to a newer text.
const RETRIES = [1000, 2000, 5000, 10_000];

export class Typing {
  #wanted = null;
  #running = null;
  #timer = 0;
  #failures = 0;

  // `show(answer, order)` gets each answer, `tell(state, words)` what goes on: "", "waiting", "away" or "refused".
  constructor({ show, tell, signal }) {
    this.show = show;
    this.tell = tell;
    signal.addEventListener("abort", () => this.stop());
    window.addEventListener("online", () => this.#retry(0), { signal });
  }

  // Wants a text, which is `order.text`, translated.
  want(order) {
    this.#wanted = order;
    this.#failures = 0;
    this.tell("waiting", "Translating …");
    this.#retry(PAUSE);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#wanted = null;
    this.#running?.ending.abort();
    this.#running = null;
  }

  #retry(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#next(), pause);
  }

  #next() {
    if (!this.#wanted || this.#running?.order === this.#wanted) return;
    if (this.#running) {
      // It is followed by the newest text, unless it takes too long.
      const left = this.#running.since + SLOW - performance.now();
      if (left > 0) return this.#retry(left);
      this.#running.ending.abort();
    }
    const order = this.#wanted;
    const mine = { order, ending: new AbortController(), since: performance.now() };
    this.#running = mine;
    this.#ask(order, mine).finally(() => {
      if (this.#running !== mine) return;
      this.#running = null;
      if (this.#wanted && this.#wanted !== order) this.#next();
    });
  }

  async #ask(order, mine) {
    try {
      const answer = await (await request("/v1/translate", {
        method: "POST", body: JSON.stringify(order), signal: mine.ending.signal, headers: { "Content-Type": "application/json" },
      })).json();
      // What was asked before something newer was, or before the field was emptied, comes to nothing.
      if (this.#running !== mine || !this.#wanted) return;
      this.#failures = 0;
      this.show(answer, order);
      if (this.#wanted === order) {
        this.#wanted = null;
        this.tell("", "");
      }
    } catch (error) {
      if (this.#running !== mine || mine.ending.signal.aborted) return;
      const refused = error instanceof Refused && error.status < 500;
      this.tell(refused ? "refused" : "away", refused ? error.message : "The server cannot be reached. Your text is kept, and translated as soon as it answers.");
      if (refused) {
        if (this.#wanted === order) this.#wanted = null;
        return;
      }
      this.#retry(RETRIES[Math.min(this.#failures++, RETRIES.length - 1)]);
    }
  }
}
