// A text without a sentence to translate: it is given back as it came, and shown so.
import { request } from "./client.js";
import { element, language, number, say } from "./page.js";

const MOST = 200_000; // Characters that are shown.

const base = (code) => code.split("-")[0];

// Why a document was copied as it is; empty where it was not.
export function whyCopied({ state, sentences, detected, target, characters }) {
  if (state !== "done" || sentences.total || !characters) return "";
  return detected && base(detected) === base(target)
    ? `This text is in ${language(detected)} already; it was copied as it is.`
    : "There is nothing to translate in this text; it was copied as it is.";
}

// The element with the text, which is fetched.
export function asItIs({ id, detected, target }, signal) {
  const text = element("p", { lang: detected ?? target, dir: "auto" });
  const view = element("div", { class: "text copied", role: "region", "aria-label": "Text", tabindex: "0" }, text);
  fill().catch((error) => signal.aborted || say(error.message));
  return view;

  async function fill() {
    const reader = (await request(`/v1/documents/${id}/text`, { signal })).body.pipeThrough(new TextDecoderStream()).getReader();
    let found = "";
    for (let some; found.length <= MOST && !(some = await reader.read()).done; ) found += some.value;
    text.textContent = found.slice(0, MOST);
    if (found.length <= MOST) return;
    view.append(element("p", { class: "soft" }, `The first ${number(MOST)} characters are shown. Copy and Download give all of it.`));
    await reader.cancel();
  }
}
