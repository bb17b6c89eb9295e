// One document as it grows.
import { About } from "./about.js";
import { follow, read, request } from "./client.js";
import { asItIs, whyCopied } from "./copied.js";
import { remove } from "./deleting.js";
import { giving } from "./giving.js";
import { isBroken, wayOn } from "./goingon.js";
import { kinds } from "./kinds.js";
import { Editing } from "./editing.js";
import { counted, duration, element, language, number, say, sourceOf } from "./page.js";
import { placeOf } from "./place.js";
import { SentenceList } from "./sentences.js";
import { Tools } from "./tools.js";

export async function showDocument(content, signal, id, query) {
  let status = await read(`/v1/documents/${id}`, signal);
  let away = false; // Whether the server does not answer.
  const kind = (await kinds(signal)).find((one) => one.name === status.format && !one.text);
  const { name } = status;
  const bar = element("progress", { max: 1, "aria-label": "Progress" });
  const told = element("p", { class: "soft told" });
  const spoken = element("p", { class: "unseen", role: "status" });
  const cancel = element("button", { type: "button", onclick: stop }, "Cancel");
  const gone = element("button", { type: "button", onclick: () => {
    remove(id, status.name);
    location.hash = "#/history";
  } }, "Delete");
  const on = element("p", { class: "way" });
  const list = new SentenceList(id, status.target, signal);
  const tools = new Tools(id, list, signal);
  const editing = new Editing(id, list, tools.card, signal, status.edits);
  const about = new About(kind);
  const from = element("span");
  const heads = element("div", { class: "heads", "aria-hidden": "true" }, from, element("span", {}, language(status.target)));
  let copied = null; // What is shown of a text that has no sentences.
  content.append(
    element("div", { class: "about" },
      element("div", {}, element("h1", {}, name), bar, told, on, spoken, about.node),
      element("div", { class: "row give" }, ...giving(() => status, kind, signal, (words) => { told.textContent = words; }), cancel, gone)),
    tools.bar,
    heads, editing.bar, list.view, tools.card.node, ...tools.dialogs,
  );
  document.title = `${name} – Satzstrom`;

  let lastSpoken = 0;
  let refreshed = Date.now();
  function show() {
    const { sentences, state, progress, eta_seconds: eta } = status;
    // Of what nobody knows the length, no share is shown.
    if (state === "receiving" && status.estimated === null) bar.removeAttribute("value");
    else bar.value = progress;
    const ended = state === "done" || state === "cancelled";
    bar.hidden = state === "done";
    const doubts = sentences.suspect ? `, ${number(sentences.suspect)} marked as doubtful` : "";
    const unsure = sentences.confidence.low ? `, ${number(sentences.confidence.low)} of low confidence` : "";
    const missed = sentences.missed ? `, ${number(sentences.missed)} without a term of the glossary` : "";
    const remembered = sentences.remembered ? `, ${number(sentences.remembered)} from memory` : "";
    const failures = sentences.failed ? `, ${number(sentences.failed)} could not be translated` : "";
    const left = eta && !ended && !away ? `, about ${duration(eta)} to go` : "";
    const why = status.reason ? ` (${status.reason})` : "";
    const way = status.pivot ? `, by way of ${language(status.pivot)}` : "";
    const lost = away ? ". The server does not answer: this is what was known last, and it goes on by itself" : "";
    const stuck = state === "incomplete" || state === "cancelled" || status.stalled_since;
    const all = status.estimated ?? sentences.total;
    const many = `${all === sentences.total ? "" : "about "}${counted(all, "sentence")}`;
    const how = state === "done" ? many : `${number(sentences.translated)} of ${many}`;
    told.textContent = whyCopied(status) || (stuck ? `${status.summary}${lost}` : `${state[0].toUpperCase()}${state.slice(1)}${why}: ${how}${way}${remembered}${doubts}${missed}${unsure}${failures}${left}${lost}`);
    if (!copied && whyCopied(status)) {
      copied = asItIs(status, signal);
      for (const one of [tools.bar, heads]) one.remove();
      list.view.replaceWith(copied);
    }
    // A screen reader is told every few seconds, and of the end.
    if (ended || away || Date.now() - lastSpoken > 5000) {
      lastSpoken = Date.now();
      if (spoken.textContent !== told.textContent) spoken.textContent = told.textContent;
    }
    about.show(status);
    tools.tell(status);
    cancel.hidden = ended;
    const where = `${state} ${isBroken(status)}`;
    if (on.dataset.of !== where) {
      on.dataset.of = where;
      on.replaceChildren(...wayOn(() => status));
    }
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
    try {
      status = await (await request(`/v1/documents/${id}/cancel`, { method: "POST" })).json();
      show();
    } catch (error) {
      say(`It could not be cancelled: ${error.message}`);
    }
  }

  function server(answers) {
    if (away === !answers) return;
    away = !answers;
    show();
    if (answers) list.soon();
  }

  function found(one) {
    status = one;
    server(true);
    show();
  }

  content.addEventListener("moved", (event) => {
    event.preventDefault();
    const place = placeOf(id, event.detail);
    if (place) tools.go(place).catch(() => {});
  }, { signal });
  // What people change is in the counts, too; of a document that is done nobody else tells.
  list.view.addEventListener("edited", () => read(`/v1/documents/${id}`, signal).then(found, () => {}), { signal });
  window.addEventListener("offline", () => server(false), { signal });
  window.addEventListener("online", () => read(`/v1/documents/${id}`, signal).then(found, () => {}), { signal });
  show();
  await list.grow();
  const place = placeOf(id, query);
  if (place && place !== "0.0") await tools.go(place);
  await follow(`/v1/documents/${id}/events?stored=false`, signal, {
    sentence: (sentence) => list.put(sentence),
    progress: found,
    state: found,
    server,
  });
}
