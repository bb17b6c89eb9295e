// One document as it grows.
import { follow, nameOf, read, request } from "./client.js";
import { kinds } from "./kinds.js";
import { duration, element, language, number, say, sourceOf } from "./page.js";
import { SentenceList } from "./sentences.js";

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

export async function showDocument(content, signal, id) {
  let status = await read(`/v1/documents/${id}`, signal);
  const kind = (await kinds(signal)).find((one) => one.name === status.format && !one.text);
  // A file is wanted back as what it was; what it comes back as is the first choice.
  const own = (kind?.outputs ?? []).map((name) => [`${OWN}${name}`, name === kind.name ? `As it came (${name})` : `Document (${name})`]);
  const bar = element("progress", { max: 1, "aria-label": "Progress" });
  const told = element("p", { class: "soft" });
  const spoken = element("p", { class: "unseen", role: "status" });
  const cancel = element("button", { type: "button", onclick: stop }, "Cancel");
  const copy = element("button", { type: "button", onclick: toClipboard }, "Copy");
  const save = element("button", { type: "button", onclick: download }, "Download");
  const form = element("select", { id: "form" }, ...[...own, ...Object.entries(FORMS)].map(([value, title]) => element("option", { value }, title)));
  const file = element("details", { class: "soft", hidden: true });
  const from = element("span");
  const list = new SentenceList(id, status.target, signal);
  content.append(
    element("h1", {}, status.metadata.filename ?? status.metadata.title ?? status.id),
    bar, told, spoken, file,
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
    showFile();
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

  // What was read of a file, and what was not; warnings are seen without a click.
  function showFile() {
    if (!kind || typeof status.read !== "number") return;
    const left = Object.entries(status.left ?? {});
    const warnings = status.warnings ?? [];
    const shown = JSON.stringify([status.read, left, warnings]);
    if (file.dataset.shown === shown) return;
    if (!file.dataset.shown) file.open = warnings.length > 0;
    file.dataset.shown = shown;
    file.hidden = false;
    const count = left.reduce((sum, [, times]) => sum + times, 0);
    file.replaceChildren(
      element("summary", {}, `Read as ${kind.about}: ${number(status.read)} texts${count ? `, ${number(count)} things left alone` : ""}${warnings.length ? `, ${number(warnings.length)} remarks` : ""}`),
      element("ul", {},
        ...warnings.map((warning) => element("li", { class: "warning" }, warning)),
        ...left.map(([what, times]) => element("li", {}, `${what}: ${number(times)} left as they are`))),
    );
  }

  async function stop() {
    status = await (await request(`/v1/documents/${id}/cancel`, { method: "POST" })).json();
    show();
  }

  function answerAs(format) {
    const path = format.startsWith(OWN) ? `file?output=${format.slice(OWN.length)}` : `export?format=${format}`;
    return request(`/v1/documents/${id}/${path}&partial=source`, { signal });
  }

  async function toClipboard() {
    try {
      await navigator.clipboard.writeText(await (await answerAs("text")).text());
      say("");
      told.textContent = "The translation is in the clipboard.";
    } catch (error) {
      say(`It could not be copied: ${error.message}`);
    }
  }

  async function download() {
    try {
      const answer = await answerAs(form.value);
      const link = element("a", { href: URL.createObjectURL(await answer.blob()), download: nameOf(answer) ?? id });
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
