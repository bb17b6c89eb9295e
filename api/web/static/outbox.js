// What is to be saved of corrections: kept until the server has said that it has it, whatever becomes of network, key and page.
import { onAgain } from "./away.js";
import { isLocked, Refused, request } from "./client.js";
import { draftOf, draftsOf, dropDraft, keepDraft } from "./drafts.js";

const AGAIN = 5000; // Milliseconds after which what could not be saved is tried again.

export class Outbox {
  #sending = new Map();

  // `on`: saved(sentence), said(position, words), met(position) where somebody else has changed it meanwhile.
  constructor(id, signal, on) {
    Object.assign(this, { id, signal, on });
    window.addEventListener("online", () => this.sendAll(), { signal });
    onAgain(() => this.sendAll(), signal);
    signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  path(position) {
    return `/v1/documents/${encodeURIComponent(this.id)}/sentences/${position.replace(".", "/")}`;
  }

  isSending(position) {
    return this.#sending.has(position);
  }

  // Saves `draft.fields`; whether they are saved now. What is asked for twice at once is sent once.
  save(position, draft) {
    keepDraft(this.id, position, draft);
    return this.send(position);
  }

  send(position) {
    if (!this.#sending.has(position)) this.#sending.set(position, this.#send(position).finally(() => this.#sending.delete(position)));
    return this.#sending.get(position);
  }

  async sendAll() {
    for (const position of draftsOf(this.id)) {
      if (draftOf(this.id, position)?.fields && !this.signal.aborted) await this.send(position);
    }
  }

  // Asked again with the same version, the server does it once: so an answer that was lost costs nothing.
  async #send(position) {
    const draft = draftOf(this.id, position);
    let sentence;
    try {
      const answer = await request(this.path(position), {
        method: "PATCH",
        body: JSON.stringify(draft.fields),
        headers: { "Content-Type": "application/json", "If-Match": `"${draft.version}"` },
      });
      sentence = await answer.json();
    } catch (error) {
      await this.#failed(position, draft, error);
      return false;
    }
    this.#keepRest(position, draft, sentence);
    this.on.saved(sentence);
    return true;
  }

  // What was typed while it was saved, or is none of what was saved, stays a draft.
  #keepRest(position, sent, { version, translation, comment }) {
    const now = draftOf(this.id, position);
    const text = "text" in sent.fields ? sent.text : translation ?? "";
    const remark = "comment" in sent.fields ? sent.comment : comment ?? "";
    if (!now || (now.text === text && (now.comment ?? remark) === remark)) dropDraft(this.id, position);
    else keepDraft(this.id, position, { text: now.text, comment: now.comment, version });
  }

  async #failed(position, draft, error) {
    const refused = error instanceof Refused && error.status < 500 && !isLocked(error);
    const now = draftOf(this.id, position);
    if (refused && now) keepDraft(this.id, position, { ...now, fields: undefined, refused: draft.fields });
    if (!refused && !isLocked(error)) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.sendAll(), AGAIN);
    }
    if (!refused) {
      const why = isLocked(error) ? "Without a key nothing is saved." : "The server does not answer.";
      // Who has typed since has to say anew what is to be saved.
      return this.on.said(position, `${why} What you typed is kept here${now?.fields ? ", and saved as soon as that is over" : ""}.`);
    }
    if (error.status === 412) return this.on.met(position);
    return this.on.said(position, `It was not saved: ${error.message}`);
  }
}
