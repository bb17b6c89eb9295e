// One document as it grows.
import { follow, read, request } from "./client.js";
import { duration, element, language, number, say, sourceOf } from "./page.js";
import { SentenceList } from "./sentences.js";

// What a document can be downloaded as, and how such files end.
const FORMS = {
  text: ["Text", "txt"],
  html: ["Side by side (HTML)", "html"],
  docx: ["Side by side (Word)", "docx"],
  xliff: ["For translation programs (XLIFF)", "xlf"],
  tmx: ["Translation memory (TMX)", "tmx"],
  jsonl: ["JSON lines", "jsonl"],
};

export async function showDocument(content, signal, id) {
  let status = await read(`/v1/documents/${id}`, signal);
  const bar = element("progress", { max: 1, "aria-label": "Progress" });
  const told = element("p", { class: "soft" });
  const spoken = element("p", { class: "unseen", role: "status" });
  const cancel = element("button", { type: "button", onclick: stop }, "Cancel");
  const copy = element("button", { type: "button", onclick: toClipboard }, "Copy");
  const save = element("button", { type: "button", onclick: download }, "Download");
  const form = element("select", { id: "form" }, ...Object.entries(FORMS).map(([value, [title]]) => element("option", { value }, title)));
  const from = element("span");
  const list = new SentenceList(id, status.target, signal);
  content.append(
    element("h1", {}, status.metadata.filename ?? status.metadata.title ?? status.id),
    bar, told, spoken,
    element("div", { class: "row" }, copy, element("div", {}, element("label", { for: "form" }, "Download as"), form), save, cancel),
    element("div", { class: "heads", "aria-hidden": "true" }, from, element("span", {}, language(status.target))),
    list.view,
  );

  let lastSpoken = 0;
  let refreshed = Date.now();
  function show() {
    const { sentences, state, progress, eta_seconds: eta } = status;
    bar.value = progress;
    const ended = state === "done" || state === "cancelled";
    const doubts = sentences.suspect ? `, ${number(sentences.suspect)} worth checking` : "";
    const unsure = sentences.confidence.low ? `, ${number(sentences.confidence.low)} of low confidence` : "";
    const failures = sentences.failed ? `, ${number(sentences.failed)} could not be translated` : "";
    const left = eta && !ended ? `, about ${duration(eta)} to go` : "";
    const why = status.reason ? ` (${status.reason})` : "";
    const way = status.pivot ? `, by way of ${language(status.pivot)}` : "";
    told.textContent = `${state}${why}: ${number(sentences.translated)} of ${number(sentences.total)} sentences${way}${doubts}${unsure}${failures}${left}`;
    // A screen reader is told every few seconds, and of the end.
    if (ended || Date.now() - lastSpoken > 5000) {
      lastSpoken = Date.now();
      if (spoken.textContent !== told.textContent) spoken.textContent = told.textContent;
    }
    cancel.hidden = ended;
    const source = sourceOf(status);
    from.textContent = source ? language(source) : "Language not known yet";
    list.languages.source = source;
    if (sentences.total !== list.total) list.grow().catch(() => {});
    if (ended || Date.now() - refreshed > 5000) {
      refreshed = Date.now();
      list.refresh();
    }
  }

  async function stop() {
    status = await (await request(`/v1/documents/${id}/cancel`, { method: "POST" })).json();
    show();
  }

  async function contentAs(format) {
    return (await request(`/v1/documents/${id}/export?format=${format}&partial=source`, { signal })).blob();
  }

  async function toClipboard() {
    try {
      await navigator.clipboard.writeText(await (await contentAs("text")).text());
      say("");
      told.textContent = "The translation is in the clipboard.";
    } catch (error) {
      say(`It could not be copied: ${error.message}`);
    }
  }

  async function download() {
    try {
      const ending = FORMS[form.value][1];
      const link = element("a", { href: URL.createObjectURL(await contentAs(form.value)), download: `${id}.${status.target}.${ending}` });
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      say(`It could not be downloaded: ${error.message}`);
    }
  }

  show();
  await list.grow();
  await follow(`/v1/documents/${id}/events?stored=false`, signal, {
    sentence: (sentence) => list.put(sentence),
    progress: (found) => {
      status = found;
      show();
    },
    state: (found) => {
      status = found;
      show();
    },
  });
}
