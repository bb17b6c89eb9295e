// What the list of documents is filtered by: fields, and the address that others can be given.
import { read } from "./client.js";
import { element, language } from "./page.js";

const STATES = { "": "All", receiving: "Arriving", translating: "Being translated", done: "Done", incomplete: "Broken off", cancelled: "Cancelled" };
const ORDERS = {
  "": "Newest first", created: "Oldest first", "-finished": "Last finished first", finished: "First finished first",
  "-characters": "Longest first", characters: "Shortest first",
};
const METADATA = "metadata.";

export class Filters {
  // `changed` is called when another list is wanted.
  constructor(given, changed) {
    this.words = element("input", { id: "words", type: "search", maxlength: 200, enterkeyhint: "search", "aria-describedby": "words-how" });
    this.fields = {
      q: this.words,
      state: choice("state", STATES),
      source: choice("from", { "": "Any" }),
      target: choice("to", { "": "Any" }),
      created_after: element("input", { id: "since", type: "date" }),
      created_before: element("input", { id: "until", type: "date" }),
      batch: element("input", { id: "batch", maxlength: 120 }),
      sort: choice("sort", ORDERS),
    };
    this.metadata = element("input", { id: "metadata", placeholder: "author=Franz Kafka", "aria-describedby": "metadata-how" });
    const { state, source, target, created_after: since, created_before: until, batch, sort } = this.fields;
    this.more = element("details", { class: "filters" }, element("summary"),
      element("div", { class: "row" },
        labelled("State", state), labelled("From", source), labelled("To", target), labelled("Sent on or after", since), labelled("Sent on or before", until),
        labelled("Batch", batch),
        element("div", {}, labelled("Metadata", this.metadata), element("span", { class: "hint", id: "metadata-how" }, "name=value; several with ; between")),
        labelled("Order", sort), element("button", { type: "button", onclick: () => this.clear() }, "Clear filters")));
    this.view = element("form", { role: "search", "aria-label": "Documents", onsubmit: (event) => {
      event.preventDefault();
      this.#told();
    } },
      element("div", { class: "row" },
        element("div", { class: "grow" }, element("label", { for: "words" }, "Words in texts, translations and names"), this.words),
        element("button", { type: "submit" }, "Search")),
      element("p", { class: "hint", id: "words-how" }, "“In quotation marks” side by side. Documents can be searched when they are done or cancelled."),
      this.more);
    this.more.addEventListener("change", () => this.#told());
    this.words.addEventListener("search", () => this.words.value || this.#told());
    this.changed = changed;
    this.#fill(given);
    this.more.open = this.active > 0;
    this.#count();
  }

  // Languages that are known here; what the address names is there before.
  async load(signal) {
    const { pairs } = await read("/v1/pairs", signal);
    for (const side of ["source", "target"]) {
      const field = this.fields[side];
      const codes = new Set(pairs.map((pair) => pair[side]));
      if (side === "source") codes.add("auto");
      for (const option of field.options) codes.delete(option.value);
      field.append(...[...codes].map((code) => element("option", { value: code }, code === "auto" ? "Detected" : language(code))));
    }
  }

  get active() {
    return [...this.address.keys()].filter((name) => name !== "q").length;
  }

  // What stands behind #/history.
  get address() {
    const query = new URLSearchParams();
    for (const [name, field] of Object.entries(this.fields)) if (field.value.trim()) query.set(name, field.value.trim());
    for (const [name, value] of pairsOf(this.metadata.value)) query.append(METADATA + name, value);
    return query;
  }

  // The same as the API takes it: days are those of whoever looks.
  get query() {
    const query = this.address;
    const [since, until] = [query.get("created_after"), query.get("created_before")];
    if (since) query.set("created_after", new Date(`${since}T00:00`).toISOString());
    if (until) {
      const end = new Date(`${until}T00:00`);
      end.setDate(end.getDate() + 1);
      query.set("created_before", end.toISOString());
    }
    return query;
  }

  clear() {
    for (const field of [...Object.values(this.fields), this.metadata]) field.value = "";
    this.#told();
  }

  #fill(given) {
    for (const [name, field] of Object.entries(this.fields)) {
      const value = given.get(name) ?? "";
      if (field.tagName === "SELECT" && value && ![...field.options].some((option) => option.value === value)) {
        if (name !== "source" && name !== "target") continue;
        field.append(element("option", { value }, language(value)));
      }
      field.value = value;
    }
    const attached = [...given].filter(([name]) => name.startsWith(METADATA));
    this.metadata.value = attached.map(([name, value]) => `${name.slice(METADATA.length)}=${value}`).join("; ");
  }

  #count() {
    this.more.firstChild.textContent = this.active ? `Filters and order (${this.active})` : "Filters and order";
  }

  #told() {
    this.#count();
    const query = String(this.address);
    // Not a step back of its own: only the address that others are given.
    history.replaceState(null, "", `#/history${query && `?${query}`}`);
    this.changed();
  }
}

const choice = (id, options) => element("select", { id }, ...Object.entries(options).map(([value, name]) => element("option", { value }, name)));
const labelled = (name, field) => element("div", {}, element("label", { for: field.id }, name), field);

function pairsOf(text) {
  const pairs = text.split(";").map((one) => /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(one));
  return pairs.filter(Boolean).map(([, name, value]) => [name, value]);
}
