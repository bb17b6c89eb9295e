// The editor of one sentence's translation. It says what is wanted to `on`: save(fields), typed(draft), close(), next().
import { read } from "./client.js";
import { difference, shown } from "./difference.js";
import { element, when } from "./page.js";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const CTRL = MAC ? "⌘" : "Ctrl+";

export class Editor {
  constructor(path, sentence, languages, draft, signal, on) {
    Object.assign(this, { path, sentence, languages, signal, on });
    this.text = element("textarea", { class: "correction", lang: languages.target, dir: "auto", rows: 2, spellcheck: "true", "aria-label": "Translation", oninput: () => this.#typed() });
    this.comment = element("textarea", { rows: 2, maxlength: 2000, "aria-label": "Comment", oninput: () => this.#typed() });
    this.notice = element("div", { class: "notice", role: "status" });
    this.changes = element("p", { class: "changes", lang: languages.target, dir: "auto", hidden: true });
    this.machine = element("button", { type: "button", onclick: () => this.insert(this.machineText) }, "Machine's text");
    this.matches = element("div", { class: "matches" });
    this.history = element("details", { class: "soft history", hidden: true, ontoggle: () => this.history.open && this.#showHistory() }, element("summary"), element("ul"));
    this.remarks = element("details", {}, element("summary", {}, "Comment"), this.comment);
    const button = (title, keys, onclick, more = {}) => element("button", { type: "button", title: `${title} (${keys})`, onclick, ...more }, title);
    this.buttons = element("div", { class: "row" },
      button("Save", `${CTRL}Enter`, () => this.save(), { class: "main" }),
      button("Approve and next", `${CTRL}Shift+Enter`, () => this.on.next(this.fields(true))),
      button("Undo", `${CTRL}Z`, () => this.undo()), this.machine,
      button("Close", "Esc", () => this.on.close()));
    this.node = element("div", { class: "editor", role: "group", "aria-label": "Correct this sentence", onkeydown: (event) => this.#pressed(event) },
      element("p", { class: "original", lang: languages.source, dir: "auto" }, sentence.source),
      this.text, this.notice, this.buttons,
      this.changes, this.matches, this.remarks, this.history);
    this.take(sentence, draft);
    this.#askMatches();
  }

  get machineText() {
    return this.sentence.corrected ? this.sentence.machine : this.sentence.translation;
  }

  // Shows a sentence as it is now, and what somebody has typed for it.
  take(sentence, draft = null) {
    // As it is now: the page goes on changing its own.
    this.sentence = { ...sentence };
    this.version = draft?.version ?? sentence.version ?? 0;
    this.text.value = draft?.text ?? sentence.translation ?? "";
    this.comment.value = draft?.comment ?? sentence.comment ?? "";
    this.remarks.open = Boolean(this.comment.value);
    this.machine.hidden = this.machineText === null || this.machineText === undefined;
    const { changed_by: by, changed_at: at, approved, corrected } = sentence;
    const what = [corrected && "corrected", approved && "approved"].filter(Boolean).join(" and ") || "changed";
    this.history.hidden = !sentence.version;
    this.history.open = false;
    this.history.firstChild.textContent = `${what[0].toUpperCase()}${what.slice(1)}${by ? ` by ${by}` : ""}, ${at ? when(at) : ""}`;
    this.say("");
    this.#show();
  }

  get changed() {
    return this.text.value !== (this.sentence.translation ?? "") || this.comment.value !== (this.sentence.comment ?? "");
  }

  // What is typed, as it is kept: a comment that nobody has touched is none of it.
  get draft() {
    const comment = this.comment.value;
    return { text: this.text.value, version: this.version, ...(comment === (this.sentence.comment ?? "") ? {} : { comment }) };
  }

  // What is to be saved: only what is other than it was, and the approval if that is said.
  fields(approved) {
    const fields = approved === undefined ? {} : { approved };
    const { value } = this.text;
    if (value !== (this.sentence.translation ?? "")) fields.text = value === this.machineText ? null : value;
    if (this.comment.value !== (this.sentence.comment ?? "")) fields.comment = this.comment.value || null;
    return fields;
  }

  save() {
    this.on.save(this.fields());
  }

  // What was typed is taken back as the browser does it, step by step; a text that was put in is one step.
  undo() {
    this.text.focus();
    document.execCommand("undo");
  }

  insert(text) {
    this.text.focus();
    this.text.select();
    // So that it can be undone. Nothing to insert is a deletion.
    if (!document.execCommand(text ? "insertText" : "delete", false, text)) this.text.value = text;
    this.#typed();
  }

  // `choices`: functions by what is written on their buttons.
  say(words, choices = {}, ...details) {
    this.notice.replaceChildren(
      ...(words ? [element("p", {}, words)] : []), ...details,
      ...Object.entries(choices).map(([title, onclick]) => element("button", { type: "button", onclick }, title)));
  }

  // Somebody else has changed the sentence: both texts are shown, and whoever is here chooses. `approved`: whether the
  // text of this page was to be approved with that.
  conflict(theirs, approved, keep, take) {
    const who = theirs.changed_by ?? "Somebody";
    this.say(`${who} has changed this sentence meanwhile. Yours is above, theirs is here, with what differs:`,
      { [approved ? "Save mine and approve" : "Save mine"]: keep, "Take theirs": take },
      element("p", { class: "theirs", lang: this.languages.target, dir: "auto" }, ...shown(difference(this.text.value, theirs.translation ?? ""))));
  }

  focus() {
    this.text.focus({ preventScroll: true });
    const { length } = this.text.value;
    this.text.setSelectionRange(length, length);
    this.reveal();
  }

  // Brings field and buttons into what is seen of the window: a keyboard may cover much of it, and more from now on.
  reveal() {
    const { height, offsetTop } = window.visualViewport;
    const field = this.text.getBoundingClientRect();
    const buttons = this.buttons.getBoundingClientRect();
    const bar = document.querySelector(".tools");
    const covered = bar && getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().bottom : 0;
    const upper = offsetTop + Math.max(0, covered) + 6;
    const lower = offsetTop + height - 6;
    const below = buttons.bottom - lower;
    // Where both have no room, the field counts.
    const by = below > 0 ? Math.min(below, field.top - upper) : Math.min(0, field.top - upper);
    if (Math.abs(by) >= 1) window.scrollBy({ top: by, behavior: "instant" });
  }

  #typed() {
    this.on.typed(this.draft);
    this.#show();
  }

  #show() {
    const machine = this.machineText;
    const other = machine !== null && machine !== undefined && machine !== this.text.value;
    this.machine.disabled = !other;
    this.changes.hidden = !other;
    if (other) this.changes.replaceChildren(element("span", { class: "unseen" }, "Compared with the machine's text: "), ...shown(difference(machine, this.text.value)));
    // As high as what is in it, where the style does not do that.
    this.text.rows = Math.min(12, Math.max(2, this.text.value.split("\n").length, Math.ceil(this.text.value.length / 60)));
  }

  #pressed(event) {
    // The keys of the page around it are letters here.
    event.stopPropagation();
    if (event.key === "Escape") {
      event.preventDefault();
      this.on.close();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (event.shiftKey) this.on.next(this.fields(true));
      else this.save();
    }
  }

  async #askMatches() {
    try {
      const { items } = await read(`${this.path}/matches`, this.signal);
      if (!items.length) return;
      this.matches.replaceChildren(element("p", { class: "soft" }, "From the translation memory"), element("ul", {}, ...items.map((match) => this.#match(match))));
    } catch {
      // Without what the memory offers a sentence can be corrected as well.
    }
  }

  #match({ likeness, unit: { translation, by }, difference: pieces }) {
    return element("li", {},
      element("button", { type: "button", class: "match", onclick: () => this.insert(translation), title: "Put it into the translation" },
        element("span", { class: "likeness" }, `${likeness} %`),
        element("span", { lang: this.languages.target, dir: "auto" }, translation)),
      likeness < 100 || by
        ? element("p", { class: "soft", lang: this.languages.source, dir: "auto" }, ...(likeness < 100 ? shown(pieces) : []), by ? element("span", { lang: "en" }, ` (${by})`) : null)
        : null);
  }

  async #showHistory() {
    try {
      const { history } = await read(this.path, this.signal);
      const states = [...history].reverse().map(({ text, approved, by, at, comment }) => ({ text: text ?? this.machineText ?? "", told: [when(at), by, approved && "approved", comment].filter(Boolean).join(", ") }));
      if (this.machineText) states.push({ text: this.machineText, told: "the machine" });
      this.history.lastChild.replaceChildren(...states.map(({ text, told }) => element("li", {},
        element("span", { lang: this.languages.target, dir: "auto" }, text), ` (${told}) `,
        element("button", { type: "button", class: "plain", onclick: () => this.insert(text) }, "Use"))));
    } catch (error) {
      this.history.lastChild.replaceChildren(element("li", {}, `It could not be read: ${error.message}`));
    }
  }
}
