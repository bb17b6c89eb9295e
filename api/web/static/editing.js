// Sentences are corrected where they stand: by a double click, by the key E, or from their card.
import { OFFERS } from "./card.js";
import { follow, read } from "./client.js";
import { draftOf, draftsOf, dropDraft, keepDraft } from "./drafts.js";
import { Editor } from "./editor.js";
import { Outbox } from "./outbox.js";
import { counted, element } from "./page.js";

// What events leave out of a sentence that nobody has changed, or changed back.
const UNCHANGED = { machine: null, corrected: false, approved: false, comment: null, changed_by: null, changed_at: null };

OFFERS.unshift(
  (sentence, card) => card.editing && element("button", { type: "button", onclick: () => card.editing.open(sentence.position) }, "Correct"),
  ({ position, translation, approved }, card) => card.editing && translation !== null
    && element("button", { type: "button", "aria-pressed": String(Boolean(approved)), onclick: () => card.editing.approve(position, !approved) }, approved ? "Approved ✓" : "Approve"),
);

export class Editing {
  // `edits`: how many edits of the document are known.
  constructor(id, list, card, signal, edits) {
    Object.assign(this, { id, list, card, signal, edits });
    this.editor = this.position = null;
    card.editing = this;
    this.outbox = new Outbox(id, signal, {
      saved: (sentence) => this.#saved(sentence),
      said: (position, words) => this.#said(position, words),
      met: (position) => this.#meet(position),
    });
    this.bar = element("div", { class: "drafts", "aria-live": "polite" });
    const at = (event) => event.target.closest?.(".s")?.dataset.at;
    list.view.addEventListener("dblclick", (event) => {
      if (!at(event)) return;
      getSelection().removeAllRanges();
      this.open(at(event));
    });
    document.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.key.toLowerCase() !== "e" || event.target.closest("input, select, textarea, dialog")) return;
      const chosen = at(event) ?? list.list.querySelector(".s.chosen")?.dataset.at;
      if (!chosen) return;
      event.preventDefault();
      this.open(chosen);
    }, { signal });
    // What is drawn anew has lost the editor.
    for (const event of ["drawn", "put"]) list.view.addEventListener(event, () => this.#attach());
    window.addEventListener("storage", () => this.#tell(), { signal });
    document.addEventListener("visibilitychange", () => this.#listen(), { signal });
    // A keyboard that comes up covers nothing of the editor that is typed into.
    window.visualViewport.addEventListener("resize", () => this.editor?.node.contains(document.activeElement) && this.editor.reveal(), { signal });
    this.#listen();
    this.#tell();
    this.outbox.sendAll();
  }

  async open(position) {
    if (this.position === position) return this.editor.focus();
    this.close(false);
    if (!this.list.sentence(position) && !(await this.list.go(position))) return undefined;
    const sentence = this.list.sentence(position);
    if (!sentence) return undefined;
    this.card.close();
    this.position = position;
    const draft = draftOf(this.id, position);
    this.editor = new Editor(this.outbox.path(position), sentence, this.list.languages, draft, this.signal, {
      save: (fields) => this.#save(position, fields),
      next: async (fields) => {
        const next = this.#next(position);
        if ((await this.#save(position, fields)) && next) await this.open(next);
      },
      typed: (typed) => this.#typed(position, typed),
      close: () => this.close(),
    });
    this.#attach();
    this.#tell();
    if (draft && draft.version !== (sentence.version ?? 0)) this.#conflict(sentence);
    else if (draft && !draft.fields) this.editor.say("This is what you had typed and not saved.", { Discard: () => this.#discard(position) });
    this.editor.focus();
    return undefined;
  }

  // Closes the editor; what was typed is kept, and can be gone on with.
  close(focus = true) {
    if (!this.editor) return;
    const { position, editor } = this;
    this.editor = this.position = null;
    editor.node.remove();
    this.#attach();
    if (!editor.changed && !draftOf(this.id, position)?.fields) dropDraft(this.id, position);
    this.#tell();
    this.list.soon();
    if (focus) (this.list.seen(position) ?? this.list.view).focus({ preventScroll: true });
  }

  #next(position) {
    const { parts } = this.list;
    const number = parts.numberOf(position) + 1;
    return number < parts.total ? parts.position(number) : null;
  }

  // The editor stands behind the paragraph of its sentence, wherever that is drawn.
  #attach() {
    const nodes = this.editor ? this.list.nodes(this.position) : [];
    for (const other of this.list.list.querySelectorAll(".editing")) if (!nodes.includes(other)) other.classList.remove("editing");
    for (const one of nodes) one.classList.add("editing");
    if (!this.editor) return;
    const { node } = this.editor;
    const paragraph = nodes.at(-1)?.closest(".paragraph");
    if (!paragraph || node.parentNode === paragraph) return;
    const { activeElement } = document;
    const focused = this.focused && (activeElement === document.body || activeElement === null);
    paragraph.append(node);
    node.addEventListener("focusin", () => { this.focused = true; });
    node.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !node.contains(relatedTarget)) this.focused = false; });
    if (focused) this.editor.text.focus({ preventScroll: true });
    this.list.soon();
  }

  #typed(position, typed) {
    const sending = this.outbox.isSending(position);
    if (draftOf(this.id, position)?.fields) this.editor.say(sending ? "Saving; what you type now is saved by the next Save." : "Not saved yet.");
    const { refused } = draftOf(this.id, position) ?? {};
    // What is taken back while it is saved is text since then, too.
    if (this.editor.changed || sending) keepDraft(this.id, position, { ...typed, refused, ...(sending ? { comment: this.editor.comment.value } : {}) });
    else dropDraft(this.id, position);
    this.#tell();
  }

  #discard(position) {
    dropDraft(this.id, position);
    this.editor?.take(this.list.sentence(position));
    this.editor?.focus();
    this.#tell();
  }

  // What was to be saved with the text when it was refused is saved with it now: a comment, an approval.
  #conflict(theirs) {
    const { position, editor } = this;
    const { approved } = draftOf(this.id, position)?.refused ?? {};
    editor.conflict(theirs, approved,
      () => {
        const { comment } = editor.draft;
        editor.version = theirs.version;
        editor.sentence = { ...theirs };
        // Theirs stays where there is none of one's own.
        if (comment === undefined) editor.comment.value = theirs.comment ?? "";
        const text = editor.text.value === editor.machineText ? null : editor.text.value;
        this.#save(position, { text, ...(comment === undefined ? {} : { comment: comment || null }), ...(approved === undefined ? {} : { approved }) });
      },
      () => this.#discard(position));
  }

  // Saves what is wanted of a sentence; whether it is saved now.
  async #save(position, fields) {
    const { editor } = this;
    if (!Object.keys(fields).length) {
      this.close();
      return true;
    }
    editor.say("Saving …");
    return this.outbox.save(position, { ...editor.draft, fields });
  }

  #saved(sentence) {
    const { position, editor } = this;
    const left = draftOf(this.id, sentence.position);
    this.#changed(sentence);
    if (position === sentence.position) {
      editor.take(sentence, left);
      if (left) editor.say("Saved, but for what you typed since.");
      else this.close();
    }
    this.#tell("Saved.");
  }

  #said(position, words) {
    if (this.position === position) this.editor.say(words);
    this.#tell();
  }

  // Shows what is there now beside what was to be saved.
  async #meet(position) {
    const sentence = await read(this.outbox.path(position), this.signal);
    this.list.put(sentence);
    if (this.position === position) this.#conflict(sentence);
    else await this.open(position);
    this.#tell();
  }

  // A text that was typed and not saved stays what it is.
  async approve(position, approved) {
    const { version = 0, translation } = this.list.sentence(position);
    const draft = draftOf(this.id, position) ?? { text: translation, version };
    // It was typed for another text than the one that is here now.
    if (draft.version !== version) return this.open(position);
    const fields = { ...draft.fields, approved };
    if (await this.outbox.save(position, { ...draft, fields }) && this.card.position === position) this.card.open(this.list.sentence(position));
    return undefined;
  }

  // What others change is seen here, as long as this page is looked at.
  #listen() {
    this.listening?.abort();
    if (document.hidden || this.signal.aborted) return;
    this.listening = new AbortController();
    const until = AbortSignal.any([this.signal, this.listening.signal]);
    follow(`/v1/documents/${encodeURIComponent(this.id)}/edits?since=${this.edits}`, until, {
      sentence: (told) => {
        const sentence = { ...UNCHANGED, ...told };
        const known = this.list.sentence(told.position);
        if (!known || (known.version ?? 0) < told.version) this.#changed(sentence);
        if (this.position !== told.position || this.editor.version >= told.version || this.outbox.isSending(told.position) || draftOf(this.id, told.position)?.fields) return;
        const now = { ...known, ...sentence };
        if (this.editor.changed) this.#conflict(now);
        else this.editor.take(now);
      },
    }).catch(() => {});
  }

  #changed(sentence) {
    this.list.put(sentence);
    clearTimeout(this.counting);
    this.counting = setTimeout(() => this.list.view.dispatchEvent(new CustomEvent("edited")), 300);
  }

  // Says how much is typed and not saved, and leads there.
  #tell(words = "") {
    const left = draftsOf(this.id).filter((position) => position !== this.position);
    this.bar.replaceChildren(
      ...(words ? [words, " "] : []),
      ...(left.length ? [`${counted(left.length, "sentence has", "sentences have")} text that is not saved. `, element("button", { type: "button", class: "plain", onclick: () => this.open(left[0]) }, "Go on")] : []));
  }
}
