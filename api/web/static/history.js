// Documents of the past, and what is under way.
import { read, request } from "./client.js";
import { element, number, say, sourceOf, when } from "./page.js";

const STATES = ["", "receiving", "translating", "done", "incomplete", "cancelled"];

export async function showHistory(content, signal) {
  const state = element("select", { id: "state" }, ...STATES.map((name) => element("option", { value: name }, name || "all")));
  const words = element("input", { id: "words", type: "search", placeholder: "eines Morgens", maxlength: 200 });
  const hits = element("section", { "aria-label": "Found sentences", "aria-live": "polite", hidden: true });
  const rows = element("tbody");
  const more = element("button", { type: "button", hidden: true }, "More");
  const none = element("p", { class: "soft", hidden: true }, "There are no documents here yet.");
  content.append(
    element("h1", {}, "History"),
    element("form", { class: "row", role: "search", onsubmit: (event) => {
      event.preventDefault();
      search().catch((error) => say(error.message));
    } },
      element("div", { class: "grow" }, element("label", { for: "words" }, "Words in texts and translations"), words),
      element("button", { type: "submit" }, "Search"),
      element("div", {}, element("label", { for: "state" }, "State"), state)),
    hits,
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Documents" }, element("table", {},
      element("thead", {}, element("tr", {},
        element("th", { scope: "col" }, "Document"), element("th", { scope: "col" }, "State"),
        element("th", { scope: "col" }, "Languages"), element("th", { scope: "col", class: "number" }, "Sentences"),
        element("th", { scope: "col" }, "Created"), element("th", { scope: "col" }, element("span", {}, "Actions")))),
      rows)),
    none, more,
  );
  let next = null;

  async function page(first) {
    const query = new URLSearchParams({ limit: 50, ...(state.value ? { state: state.value } : {}), ...(first || !next ? {} : { after: next }) });
    const found = await read(`/v1/documents?${query}`, signal);
    if (first) rows.replaceChildren();
    rows.append(...found.items.map(row));
    next = found.next;
    more.hidden = next === null;
    none.hidden = rows.childElementCount > 0;
  }

  function row(status) {
    const name = status.metadata.filename ?? status.metadata.title ?? status.id;
    const made = element("tr", {},
      element("td", {}, element("a", { href: `#/d/${status.id}` }, name)),
      element("td", {}, status.state === "translating" ? `translating, ${Math.floor(status.progress * 100)} %` : status.state),
      element("td", {}, `${sourceOf(status) ?? status.source} → ${status.target}`),
      element("td", { class: "number" }, number(status.sentences.total)),
      element("td", {}, when(status.created)),
      element("td", {}, element("button", { type: "button", "aria-label": `Delete ${name}`, onclick: async () => {
        if (!window.confirm(`Delete ${name} with its translation?`)) return;
        try {
          await request(`/v1/documents/${status.id}`, { method: "DELETE" });
          made.remove();
        } catch (error) {
          say(error.message);
        }
      } }, "Delete")));
    return made;
  }

  async function search() {
    say("");
    hits.hidden = !words.value.trim();
    if (hits.hidden) return;
    const found = await read(`/v1/search?${new URLSearchParams({ q: words.value, limit: 50 })}`, signal);
    hits.replaceChildren(
      element("h2", {}, found.items.length ? "Found sentences" : "Nothing was found."),
      element("ul", {}, ...found.items.map(({ document, contexts }) => element("li", {},
        element("a", { href: `#/d/${document}` }, document),
        ...contexts.map((context) => element("p", {}, ...marked(context)))))));
  }

  state.addEventListener("change", () => page(true).catch((error) => say(error.message)));
  more.addEventListener("click", () => page(false).catch((error) => say(error.message)));
  await page(true);
}

// The excerpt with its matches marked; places are code points, as in the API.
function marked({ text, matches }) {
  const characters = [...text];
  const pieces = [];
  let at = 0;
  for (const [start, end] of matches) {
    pieces.push(characters.slice(at, start).join(""), element("mark", {}, characters.slice(start, end).join("")));
    at = end;
  }
  return [...pieces, characters.slice(at).join("")];
}
