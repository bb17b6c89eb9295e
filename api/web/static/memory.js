// The translation memory: search, add, delete, import and export.
import { read, request } from "./client.js";
import { counted, element, language, number, say, when } from "./page.js";

const PAGE = 50;

export async function showMemory(content, signal) {
  const summary = element("p", { class: "soft", role: "status" }, "…");
  const pair = element("select", { id: "memory-pair" });
  const origin = element("select", { id: "memory-origin" },
    element("option", { value: "person" }, "of people"), element("option", { value: "machine" }, "of models"));
  const words = element("input", { id: "memory-words", type: "search", maxlength: 200 });
  const list = element("ul", { class: "units", "aria-label": "Units" });
  const more = element("button", { type: "button", hidden: true }, "More");
  const none = element("p", { class: "soft", hidden: true });
  const file = element("input", { type: "file", id: "memory-file", accept: ".tmx,application/x-tmx+xml", class: "unseen" });
  const imported = element("p", { role: "status", hidden: true });
  const clear = element("button", { type: "button" }, "Delete all of these");
  let counts = { person: 0, machine: 0, pairs: [] };
  let next = null;

  content.append(
    element("h1", {}, "Translation memory"),
    element("p", { class: "soft" }, "What you correct or approve is kept here, and used wherever the same sentence comes again."),
    summary,
    element("form", { class: "row", role: "search", onsubmit: (event) => {
      event.preventDefault();
      show(true);
    } },
      element("div", { class: "grow" }, element("label", { for: "memory-words" }, "Words in source or translation"), words),
      element("div", {}, element("label", { for: "memory-pair" }, "Languages"), pair),
      element("div", {}, element("label", { for: "memory-origin" }, "Made"), origin),
      element("button", { type: "submit" }, "Search")),
    adding(),
    element("div", { class: "row" },
      file, element("label", { for: "memory-file", class: "button" }, "Import TMX …"),
      element("button", { type: "button", onclick: () => attempt(save) }, "Export TMX"), clear),
    imported, list, none, more,
  );

  // Says what went wrong; what another page has ended is nobody's concern.
  async function attempt(work) {
    say("");
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) say(error.message);
    }
  }

  const chosen = () => {
    const [source, target] = pair.value ? pair.value.split(" ") : [];
    return { ...(source ? { source, target } : {}), origin: origin.value };
  };

  async function count() {
    counts = await read("/v1/memory/counts", signal);
    summary.textContent = `${counted(counts.person, "sentence")} of people, ${number(counts.machine)} of models.`;
    const pairs = [...new Set(counts.pairs.map((one) => `${one.source} ${one.target}`))];
    const before = pair.value;
    pair.replaceChildren(element("option", { value: "" }, "all"), ...pairs.map((codes) =>
      element("option", { value: codes }, codes.split(" ").map(language).join(" → "))));
    pair.value = pairs.includes(before) ? before : "";
  }

  let asked = 0;
  const show = (first) => attempt(async () => {
    const mine = ++asked;
    const query = new URLSearchParams({ limit: PAGE, q: words.value.trim(), ...chosen(), ...(first || !next ? {} : { after: next }) });
    const found = await read(`/v1/memory?${query}`, signal);
    // Somebody who goes on typing has asked for something else meanwhile.
    if (mine !== asked) return;
    if (first) list.replaceChildren();
    list.append(...found.items.map(item));
    next = found.next;
    more.hidden = next === null;
    none.hidden = list.childElementCount > 0;
    none.textContent = words.value.trim() ? "Nothing was found." : "There is nothing here yet: correct or approve sentences, or import a TMX file.";
    clear.hidden = list.childElementCount === 0 || Boolean(words.value.trim());
  });

  function item(unit) {
    const from = unit.place ? element("a", { href: `#/d/${unit.place.document}?s=${unit.place.part}.${unit.place.index}` }, "its document") : null;
    const made = element("li", {},
      element("p", { lang: unit.source }, unit.text),
      element("p", { lang: unit.target }, unit.translation),
      element("p", { class: "soft" }, `${language(unit.source)} → ${[language(unit.target), unit.by ?? unit.model, when(unit.at)].filter(Boolean).join(" · ")}`, from,
        element("button", { type: "button", class: "small", "aria-label": `Delete “${unit.text.slice(0, 60)}”`, onclick: () => attempt(async () => {
          await request(`/v1/memory/units/${unit.id}`, { method: "DELETE" });
          const beside = (made.nextElementSibling ?? made.previousElementSibling)?.querySelector("button");
          made.remove();
          (beside ?? words).focus();
          await count();
          if (!beside) await show(true);
        }) }, "Delete")));
    return made;
  }

  function adding() {
    const field = (name, label, attributes = {}) => [
      element("label", { for: `memory-${name}` }, label),
      element("input", { id: `memory-${name}`, required: true, ...attributes })];
    const form = element("form", { class: "add", onsubmit: (event) => {
      event.preventDefault();
      const body = Object.fromEntries(["source", "target", "text", "translation"].map((name) => [name, form.querySelector(`#memory-${name}`).value]));
      attempt(async () => {
        await request("/v1/memory", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
        for (const name of ["text", "translation"]) form.querySelector(`#memory-${name}`).value = "";
        form.querySelector("#memory-text").focus();
        await count();
        await show(true);
      });
    } },
      element("div", {}, ...field("source", "From", { value: "de", size: 6, maxlength: 35 })),
      element("div", {}, ...field("target", "Into", { value: "en", size: 6, maxlength: 35 })),
      element("div", { class: "grow" }, ...field("text", "Sentence", { maxlength: 16384 })),
      element("div", { class: "grow" }, ...field("translation", "Its translation", { maxlength: 16384 })),
      element("button", { type: "submit" }, "Add"));
    return element("details", {}, element("summary", {}, "Add a sentence"), form);
  }

  async function save() {
    const answer = await request(`/v1/memory/tmx?${new URLSearchParams(chosen())}`, { signal });
    const address = URL.createObjectURL(await answer.blob());
    element("a", { href: address, download: "memory.tmx" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  file.addEventListener("change", () => attempt(async () => {
    const [given] = file.files;
    if (!given) return;
    imported.hidden = false;
    imported.textContent = `Importing ${given.name} …`;
    try {
      const answer = await request("/v1/memory/tmx", { method: "POST", headers: { "Content-Type": "application/x-tmx+xml" }, body: given, signal });
      const { imported: added, known, skipped } = await answer.json();
      const left = Object.entries(skipped).map(([reason, often]) => `${number(often)} left out: ${reason}`);
      imported.textContent = [`${given.name}: ${number(added)} new`, `${number(known)} known already`, ...left].join("; ") + ".";
    } catch (error) {
      imported.hidden = true;
      throw new Error(`${given.name}: ${error.message}`, { cause: error });
    } finally {
      // The same file can be chosen again when it is mended.
      file.value = "";
      if (!signal.aborted) await count();
    }
    await show(true);
  }));

  clear.addEventListener("click", () => attempt(async () => {
    const where = chosen();
    const many = counts.pairs.filter((one) => one.origin === where.origin && (!where.source || (one.source === where.source && one.target === where.target)))
      .reduce((sum, one) => sum + one.units, 0);
    if (!window.confirm(`Delete ${counted(many, "unit")} of ${where.origin === "person" ? "people" : "models"} for good? Export them first if they may be needed.`)) return;
    await request(`/v1/memory?${new URLSearchParams({ ...where, ...(where.source ? {} : { everything: true }) })}`, { method: "DELETE" });
    await count();
    await show(true);
  }));
  for (const choice of [pair, origin]) choice.addEventListener("change", () => show(true));
  more.addEventListener("click", () => show(false));
  await count();
  await show(true);
}
