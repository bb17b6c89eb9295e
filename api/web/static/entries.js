// The entries of a glossary: searched, added, changed in place, removed.
import { read, request } from "./client.js";
import { languageSelects, pairName, tell } from "./glossary-parts.js";
import { counted, element, number } from "./page.js";

const PAGE = 100;

// `current()` is the glossary, `changed(status)` is told when it is another one.
export function entriesOf(path, pairs, current, changed, signal) {
  const problem = tell();
  const list = element("ul", { class: "entries" });
  const count = element("p", { class: "soft", role: "status" });
  const more = element("button", { type: "button", hidden: true, onclick: () => page() }, "Show more");
  const search = element("input", { id: "entry-search", type: "search", placeholder: "Term or translation", autocomplete: "off" });
  const known = [...pairs, ...current().pairs];
  const selects = languageSelects(known);
  const [main] = current().pairs;
  if (main) {
    selects.source.value = main.source;
    selects.target.value = main.target;
  }
  const term = element("input", { id: "entry-term", autocomplete: "off" });
  const translation = element("input", { id: "entry-translation", autocomplete: "off" });
  let next = null;
  let asked = 0;
  let typing;

  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(load, 200);
  });

  async function load() {
    next = null;
    await page(true);
  }

  async function page(anew = false) {
    const mine = ++asked;
    const query = new URLSearchParams({ limit: PAGE, ...(search.value.trim() ? { q: search.value.trim() } : {}), ...(!anew && next ? { after: next } : {}) });
    const found = await read(`${path}/entries?${query}`, signal).catch((error) => {
      if (!signal.aborted) problem.say(error.message);
    });
    // Somebody has typed on meanwhile.
    if (!found || mine !== asked) return;
    next = found.next;
    more.hidden = !next;
    count.textContent = search.value.trim() ? `${number(found.total)} of ${counted(current().entries, "term")}` : "";
    const rows = found.items.map(row);
    if (anew) list.replaceChildren(...rows);
    else list.append(...rows);
  }

  // Sets one entry, and removes another: both in one step.
  async function save(pair, entries, remove) {
    problem.say("");
    try {
      const headers = { "Content-Type": "application/json", "If-Match": `"${current().version}"` };
      const body = JSON.stringify({ source: pair.source, target: pair.target, entries, remove });
      const answer = await request(`${path}/entries`, { method: "PATCH", body, headers, signal });
      await changed(await answer.json());
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      problem.say(error.message);
      if (error.status === 412) await changed();
      return false;
    }
  }

  function row(entry) {
    const several = current().pairs.length > 1;
    const made = element("li", {});
    const show = () =>
      made.replaceChildren(
        element("span", { lang: entry.source }, entry.term),
        element("span", { lang: entry.target }, entry.translation),
        element("span", { class: "soft" }, several ? pairName(entry) : ""),
        element("span", { class: "acts" }, act("Edit", edit), act("Remove", () => save(entry, {}, [entry.term]).then((done) => done && search.focus()))),
      );
    const act = (label, onclick) => element("button", { type: "button", "aria-label": `${label} ${entry.term}`, onclick }, label);

    function edit() {
      const first = element("input", { value: entry.term, "aria-label": "Term" });
      const second = element("input", { value: entry.translation, "aria-label": "Translation" });
      const stop = () => {
        show();
        made.querySelector("button").focus();
      };
      const form = element(
        "form",
        {
          onsubmit: (event) => {
            event.preventDefault();
            const [a, b] = [first.value.trim(), second.value.trim()];
            if (a && b) save(entry, { [a]: b }, a === entry.term ? [] : [entry.term]).then((done) => done && search.focus());
          },
          onkeydown: (event) => event.key === "Escape" && stop(),
        },
        first,
        second,
        element("span", { class: "acts" }, element("button", { class: "main" }, "Save"), element("button", { type: "button", onclick: stop }, "Cancel")),
      );
      made.replaceChildren(form);
      second.focus();
    }
    show();
    return made;
  }

  const add = element(
    "form",
    {
      class: "row",
      onsubmit: async (event) => {
        event.preventDefault();
        const [a, b] = [term.value.trim(), translation.value.trim()];
        if (!a || !b) return problem.say("An entry is a term and its translation.");
        if (!(await save({ source: selects.source.value, target: selects.target.value }, { [a]: b }, []))) return;
        term.value = translation.value = "";
        term.focus();
      },
    },
    selects.row,
    element("div", { class: "grow" }, element("label", { for: "entry-term" }, "Term"), term),
    element("div", { class: "grow" }, element("label", { for: "entry-translation" }, "Translation"), translation),
    element("button", { class: "main" }, "Add"),
  );
  const looking = element("div", { class: "row" }, element("div", { class: "grow" }, element("label", { for: "entry-search" }, "Search"), search));
  return { load, pair: () => ({ source: selects.source.value, target: selects.target.value }), nodes: [add, problem.node, looking, count, list, more] };
}
