// Type or paste a text and read its translation beside it; send longer ones and files as documents.
import { onAgain } from "./away.js";
import { copied, select } from "./clipboard.js";
import { draft, keep } from "./draft.js";
import { kinds, usual } from "./kinds.js";
import { Options } from "./options.js";
import { counted, element, number, say } from "./page.js";
import { Pair } from "./pair.js";
import { queue } from "./queue.js";
import { Rows } from "./rows.js";
import { take } from "./taking.js";
import { MOST, Typing } from "./typing.js";
import { Wording } from "./wording.js";

export async function showSubmit(content, signal) {
  const wording = new Wording();
  const pair = new Pair(() => {
    options.fit(pair.value);
    asked(true);
  });
  const options = new Options(() => asked(true));
  const typing = new Typing({ signal, tell, show: shown });
  const text = element("textarea", { id: "text", spellcheck: "false", "aria-describedby": "count keys", placeholder: "Type or paste a text" });
  const count = element("span", { class: "hint", id: "count" });
  const clear = element("button", { type: "button", class: "small", onclick: empty, hidden: true }, "Clear and forget");
  const copy = element("button", { type: "button", class: "small", onclick: toClipboard, hidden: true }, "Copy");
  const going = element("span", { class: "hint", "aria-live": "polite" });
  const file = element("input", { id: "file", type: "file", multiple: true, onchange: chosen });
  const taken = element("details", { class: "hint", id: "taken" });
  const send = element("button", { class: "main", type: "submit" }, "Translate");
  const all = await kinds(signal);
  const rows = new Rows(all, signal);
  const form = element("form", { "aria-label": "Translate a text", class: "translate" },
    element("div", { class: "languages" },
      element("div", {}, element("label", { for: "source" }, "From"), pair.source),
      pair.swap,
      element("div", {}, element("label", { for: "target" }, "To"), pair.target),
      pair.found),
    element("div", { class: "panes" },
      element("div", { class: "pane" }, element("label", { for: "text" }, "Text, or drop files here"), text,
        element("p", { class: "under" }, count, clear)),
      element("div", { class: "pane" }, element("span", { class: "label", "aria-hidden": "true" }, "Translation"), wording.text,
        element("p", { class: "under" }, going, copy), wording.other)),
    pair.where,
    element("div", { class: "row" },
      element("div", { class: "grow" }, element("label", { for: "file" }, "Files of any size"), file),
      send),
    taken, rows.list, rows.told, options.view,
    element("p", { class: "hint", id: "keys" }, "Ctrl-Enter makes the text a document: it is kept, and can be corrected and downloaded."),
  );
  const better = element("p", { class: "soft better" });
  content.append(element("h1", {}, "Translate documents of any length"), better, form);

  text.value = draft();
  const loading = Promise.all([pair.load(signal), options.load(signal)]);
  // What is asked for before that is done as soon as languages are known.
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    loading.then(submit).catch((error) => say(error.message));
  });
  const [some] = await loading;
  file.accept = [...all.flatMap((kind) => kind.suffixes), "text/plain"].join(",");
  taken.replaceChildren(
    element("summary", {}, `${counted(all.length, "kind")} of files come back as what they are; drop them anywhere`),
    element("p", {}, `${usual(all)}. A PDF with text comes back as Word file or web page.`));
  better.textContent = `Texts and files of any length, read while they are translated; what is doubtful is marked${pair.inside ? "; nothing leaves this machine" : ""}.`;
  if (!some) say("No translator has announced itself yet; reload this page in a moment.");
  queue.addEventListener("change", () => named(), { signal });
  options.fit(pair.value);
  asked(true);
  // The pipeline is back, or a key was given.
  onAgain(() => asked(true), signal);

  text.addEventListener("input", () => asked(false));
  pair.swap.addEventListener("click", swap);

  // Wants what stands in the field translated, if it is not too long for that.
  function asked(anew) {
    keep(text.value);
    const { length } = text.value;
    const long = length > MOST;
    count.textContent = length ? `${counted(length, "character")}` : "";
    clear.hidden = !length;
    named();
    if (text.value.trim() && !long && pair.value.source) {
      wording.text.classList.add("old");
      if (anew) wording.close();
      return typing.want({ ...pair.value, ...options.value, text: text.value });
    }
    typing.stop();
    wording.clear();
    copy.hidden = true;
    pair.detected = null;
    tell("", long ? `Up to ${number(MOST)} characters are translated as you type. The button makes this a document.` : "");
  }

  function shown(answer, order) {
    pair.detected = answer.detected;
    wording.show(answer, order);
    wording.text.classList.toggle("old", order.text !== text.value);
    copy.hidden = false;
  }

  function tell(state, words) {
    going.textContent = words || pair.untranslated;
    going.className = state === "refused" || state === "away" ? "hint warning" : "hint";
    wording.text.setAttribute("aria-busy", state === "waiting");
  }

  function swap() {
    const [back, was] = [wording.value, text.value];
    pair.turn();
    options.fit(pair.value);
    // Without a translation there is nothing to swap with.
    text.value = back.trim() ? back : was;
    asked(true);
    text.focus();
  }

  function empty() {
    text.value = "";
    asked(true);
    text.focus();
  }

  async function toClipboard() {
    const done = await copied(wording.value);
    tell("", done ? "Copied." : select(wording.text));
  }

  function chosen() {
    take([...file.files]).catch((error) => say(error.message));
    // The rows have them; the same file can be chosen again.
    file.value = "";
  }

  // The button says what it does.
  function named() {
    const files = queue.of("ready").length;
    const words = text.value.trim() !== "";
    send.textContent = files ? `Translate ${words ? "the text and " : ""}${counted(files, "file")}` : words ? "Translate as a document" : "Translate";
  }

  async function submit() {
    say("");
    // Files that are still being looked at are meant, too.
    while (queue.of("checking").length) await new Promise((resolve) => queue.addEventListener("change", resolve, { once: true }));
    const words = text.value.trim() ? text.value : "";
    if (!words && !queue.of("ready").length) return say(queue.busy ? "All of it is on its way." : "Type or paste a text, or choose a file first.");
    const sent = await queue.start({ ...pair.value, ...options.value }, options.title.value.trim(), words);
    options.title.value = "";
    const typed = sent.find((item) => item.text);
    const ended = () => {
      if (typed?.state === "taken" && draft() === typed.text) {
        keep("");
        if (!signal.aborted) empty();
      }
      // A single one is shown; of several each row has its link.
      if (sent.length === 1 && sent[0].state === "taken" && !signal.aborted) location.hash = `#/d/${sent[0].id}`;
      if (sent.every((item) => ["taken", "refused"].includes(item.state))) queue.removeEventListener("change", ended);
    };
    queue.addEventListener("change", ended);
    ended();
  }
}
