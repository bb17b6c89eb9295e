// A document's text as somebody takes it away: copied, or downloaded in one of many forms.
import { nameOf, request } from "./client.js";
import { copied } from "./clipboard.js";
import { element, language, say, sourceOf } from "./page.js";

// What every document can be downloaded as.
const FORMS = {
  text: "Text",
  html: "Side by side (HTML)",
  docx: "Side by side (Word)",
  xliff: "For translation programs (XLIFF)",
  tmx: "Translation memory (TMX)",
  jsonl: "JSON lines",
};
const OWN = "file:";
const OPEN = ["receiving", "translating"];

// The elements for it. `current` gives the document's status; `kind`: of the file that it came in, null for a text; `tell` says
// what came of it.
export function giving(current, kind, signal, tell) {
  // A file is wanted back as what it was; what it comes back as is the first choice.
  const own = (kind?.outputs ?? []).map((name) => [`${OWN}${name}`, name === kind.name ? `As it came (${name})` : `Document (${name})`]);
  const form = element("select", { id: "form" }, ...[...own, ...Object.entries(FORMS)].map(([value, title]) => element("option", { value }, title)));
  return [
    element("button", { type: "button", onclick: () => give("text", "copied", toClipboard) }, "Copy"),
    element("div", {}, element("label", { for: "form" }, "Download as"), form),
    element("button", { type: "button", onclick: () => give(form.value, "downloaded", download) }, "Download"),
  ];

  async function give(format, done, take) {
    try {
      const missing = await wanted(current, format, done, signal, tell);
      if (missing === null) return;
      const path = format.startsWith(OWN) ? `file?output=${format.slice(OWN.length)}` : `export?format=${format}`;
      await take(await request(`/v1/documents/${current().id}/${path}&partial=${missing}`, { signal }));
      say("");
    } catch (error) {
      if (!signal.aborted) say(`It could not be ${done}: ${error.message}`);
    }
  }

  async function toClipboard(answer) {
    const text = await answer.text();
    if (await copied(text)) tell("The translation is in the clipboard.");
    else offer(text);
  }

  async function download(answer) {
    const link = element("a", { href: URL.createObjectURL(await answer.blob()), download: nameOf(answer) ?? current().name });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

// What is to stand for sentences that are missing: "source", or "skip"; null: nothing is to be given. Of a finished document none
// is missing; whoever wants to wait until then gets their answer then.
async function wanted(current, format, done, signal, tell) {
  for (;;) {
    const status = current();
    if (status.state === "done") return "source";
    const choice = await choose(status, format === "text" || format.startsWith(OWN));
    if (choice !== "wait") return choice;
    tell(`It is ${done} as soon as it is translated; stay on this page.`);
    while (OPEN.includes(current().state) && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 300));
    if (signal.aborted) return null;
  }
}

function choose(status, oneSide) {
  const source = sourceOf(status);
  const words = source ? `the ${language(source)} in its place` : "the source in its place";
  const choices = [
    ["source", oneSide ? `Take it with ${words}` : "Take what is there"],
    ...(oneSide ? [["skip", "Leave out what is missing"]] : []),
    ...(OPEN.includes(status.state) && !status.stalled_since ? [["wait", "Wait until it is done"]] : []),
    ["", "Cancel"],
  ];
  return asked("Not all of it is translated", [element("p", {}, status.summary)], choices);
}

// Where the browser lets no page copy: the text is shown, selected, so that a key does it.
function offer(text) {
  const field = element("textarea", { readonly: true, rows: 8, "aria-label": "Translation" });
  field.value = text;
  const how = "Without HTTPS this browser lets no page use the clipboard. The text is selected: press Ctrl-C, on a Mac ⌘C, or download it.";
  asked("Copy it with a key", [element("p", {}, how), field], [["", "Close"]]);
  field.focus();
  field.select();
}

// Shows a dialog and resolves with the choice that is made; null for none.
function asked(title, content, choices) {
  const dialog = element("dialog", { class: "asking", "aria-labelledby": "asked" },
    element("h2", { id: "asked" }, title), ...content,
    element("div", { class: "row" }, ...choices.map(([value, name], at) =>
      element("button", { type: "button", class: at ? null : "main", onclick: () => dialog.close(value) }, name))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue || null);
    });
  });
}
