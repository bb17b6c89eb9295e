// Glossaries: which there are, made from what is pasted or from a file; one of them with its entries.
import { read, request } from "./client.js";
import { entriesOf } from "./entries.js";
import { chooseFile, inWords, languageSelects, pairName, tell } from "./glossary-parts.js";
import { counted, element, number } from "./page.js";

const EXAMPLE = "Vertrag; contract\nKaution; deposit";

export async function showGlossaries(content, signal, id) {
  await (id ? showOne(content, signal, id) : showAll(content, signal));
}

async function showAll(content, signal) {
  document.title = "Glossaries – Satzstrom";
  const [{ items }, { pairs }] = await Promise.all([read("/v1/glossaries", signal), read("/v1/pairs", signal)]);
  const list = element("ul", { class: "glossaries" }, ...items.map(card));
  content.append(
    element("h1", {}, "Glossaries"),
    element("p", { class: "soft" }, "A glossary says what certain terms become. Choose one when you translate a document; German terms are found in all their inflected forms."),
    items.length ? list : element("p", {}, "You have none yet. Paste terms below, or choose a file."),
    creation(pairs, signal),
  );
}

const card = (glossary) =>
  element("li", {}, element("a", { href: `#/glossaries/${glossary.id}` }, glossary.name), element("span", { class: "soft" }, inWords(glossary)));

function creation(pairs, signal) {
  const name = element("input", { id: "glossary-name", maxlength: 200, autocomplete: "off" });
  const { source, target, row } = languageSelects(pairs);
  const terms = element("textarea", { id: "glossary-terms", rows: 6, placeholder: EXAMPLE, spellcheck: "false" });
  const problem = tell();
  const file = chooseFile("From a file", async (chosen) => {
    if (!name.value.trim()) name.value = chosen.name.replace(/\.[^.]*$/, "");
    await make(chosen);
  });
  const send = element("button", { class: "main" }, "Create glossary");

  async function make(body) {
    problem.say("");
    send.disabled = true;
    try {
      const made = await sent("/v1/glossaries", "POST", body, { name: name.value.trim() || "My terms", source: source.value, target: target.value }, signal);
      location.hash = `#/glossaries/${made.id}`;
    } catch (error) {
      if (!signal.aborted) problem.say(error.message);
    }
    send.disabled = false;
  }

  return element(
    "form",
    {
      class: "new-glossary",
      onsubmit: (event) => {
        event.preventDefault();
        if (terms.value.trim()) make(terms.value);
        else problem.say("Paste some terms, or choose a file.");
      },
    },
    element("h2", {}, "New glossary"),
    element("div", { class: "row" }, element("div", { class: "grow" }, element("label", { for: "glossary-name" }, "Name"), name), row),
    element("label", { for: "glossary-terms" }, "Terms, a line each: the term, a semicolon or a tab, its translation"),
    terms,
    element("div", { class: "row" }, send, file),
    element("p", { class: "hint" }, "CSV, TSV (from Excel or any spreadsheet) and TBX. Its first line may name the languages: de;en;fr."),
    problem.node,
  );
}

// Sends terms: text that was pasted, or a file. What a file says of its languages counts more than what is chosen here.
async function sent(path, method, body, said, signal, headers = {}) {
  const type = { "Content-Type": "application/octet-stream", ...headers };
  const ask = (query) => request(`${path}?${new URLSearchParams(query)}`, { method, body, headers: type, signal });
  if (typeof body === "string") return (await ask(said)).json();
  const { source, target, ...rest } = said;
  try {
    return await (await ask(rest)).json();
  } catch (error) {
    // Nobody says the languages in the file.
    if (error.kind !== "input" || !error.message.includes("say the languages")) throw error;
    return (await ask({ ...rest, source, target })).json();
  }
}

async function showOne(content, signal, id) {
  const path = `/v1/glossaries/${encodeURIComponent(id)}`;
  const [first, { pairs }] = await Promise.all([read(path, signal), read("/v1/pairs", signal)]);
  let glossary = first;
  const heading = element("h1", {}, glossary.name);
  const about = element("p", { class: "soft" });
  const problem = tell();
  const entries = entriesOf(path, pairs, () => glossary, refresh, signal);

  function show() {
    heading.textContent = glossary.name;
    document.title = `${glossary.name} – Satzstrom`;
    about.textContent = glossary.entries
      ? `${number(glossary.entries)} ${glossary.entries === 1 ? "term" : "terms"}. Documents can use it from ${glossary.pairs.map(pairName).join(", ")}.`
      : "It has no terms yet, so no document can use it.";
  }

  async function refresh(status) {
    glossary = status ?? (await read(path, signal));
    show();
    await entries.load();
  }

  async function attempt(work) {
    problem.say("");
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      problem.say(error.message);
      if (error.status === 412) await refresh();
    }
  }

  const rename = () =>
    attempt(async () => {
      const name = prompting("New name", glossary.name);
      const wanted = await name;
      if (!wanted || wanted === glossary.name) return;
      const headers = { "Content-Type": "application/json", "If-Match": `"${glossary.version}"` };
      glossary = await (await request(path, { method: "PATCH", body: JSON.stringify({ name: wanted }), headers, signal })).json();
      show();
    });

  const remove = () =>
    attempt(async () => {
      if (!(await confirming(`Delete “${glossary.name}” with its ${counted(glossary.entries, "term")}?`, "Delete glossary"))) return;
      await request(path, { method: "DELETE", signal });
      location.hash = "#/glossaries";
    });

  const add = chooseFile("Add from a file", (chosen) =>
    attempt(async () => {
      const { source, target } = entries.pair();
      const made = await sent(`${path}/entries`, "POST", chosen, { source, target }, signal, { "If-Match": `"${glossary.version}"` });
      await refresh(made);
    }),
  );

  const download = (format) => () =>
    attempt(async () => {
      const answer = await request(`${path}/file?format=${format}`, { signal });
      const link = element("a", { href: URL.createObjectURL(await answer.blob()), download: `${glossary.name}.${format}` });
      link.click();
      URL.revokeObjectURL(link.href);
    });

  show();
  content.append(
    element("p", {}, element("a", { href: "#/glossaries" }, "← All glossaries")),
    heading,
    about,
    element(
      "div",
      { class: "row" },
      element("button", { type: "button", onclick: rename }, "Rename"),
      add,
      ...["csv", "tsv", "tbx"].map((format) => element("button", { type: "button", onclick: download(format), "aria-label": `Download as ${format.toUpperCase()}` }, `↓ ${format.toUpperCase()}`)),
      element("button", { type: "button", onclick: remove }, "Delete"),
    ),
    problem.node,
    ...entries.nodes,
  );
  await entries.load();
}

// A dialog that gives what was typed, or null.
function prompting(label, value) {
  const input = element("input", { id: "glossary-rename", maxlength: 200, value });
  return asking([element("label", { for: "glossary-rename" }, label), input], "Save", () => input.value.trim());
}

const confirming = (question, action) => asking([element("p", {}, question)], action, () => true);

function asking(parts, action, answer) {
  return new Promise((resolve) => {
    let found = null;
    const cancel = element("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
    const form = element("form", { method: "dialog", onsubmit: () => (found = answer()) }, ...parts, element("div", { class: "row" }, element("button", { class: "main" }, action), cancel));
    const dialog = element("dialog", { "aria-label": action, onclose: () => (dialog.remove(), resolve(found)) }, form);
    document.body.append(dialog);
    dialog.showModal();
  });
}
