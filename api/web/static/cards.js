// A document in the list: what it is called, how far it is, and what can be done with it.
import { request } from "./client.js";
import { remove } from "./deleting.js";
import { isBroken, wayOn } from "./goingon.js";
import { duration, element, language, say, sourceOf, when } from "./page.js";

const OPEN = ["receiving", "translating"];

export const isOpen = (status) => OPEN.includes(status.state);

export class Card {
  constructor(status) {
    this.id = status.id;
    this.link = element("a", { href: `#/d/${status.id}` });
    this.heading = element("h3", {}, this.link);
    this.about = element("p", { class: "soft about" });
    this.bar = element("progress", { max: 1 });
    this.told = element("p", { class: "told" });
    this.way = element("p", { class: "way" });
    this.renaming = element("button", { type: "button", class: "small", onclick: () => this.#rename() }, "Rename");
    this.deleting = element("button", { type: "button", class: "small", onclick: () => remove(this.id, this.status.name) }, "Delete");
    this.view = element("li", { class: "document" }, element("div", { class: "what" }, this.heading, this.about),
      element("div", { class: "state" }, this.told, this.bar, this.way),
      element("div", { class: "actions" }, this.renaming, this.deleting));
    this.show(status);
  }

  show(status) {
    this.status = status;
    const { name, state, eta_seconds: eta, estimated } = status;
    if (this.link.textContent !== name) {
      this.link.textContent = name;
      this.renaming.setAttribute("aria-label", `Rename ${name}`);
      this.deleting.setAttribute("aria-label", `Delete ${name}`);
      this.bar.setAttribute("aria-label", `Progress of ${name}`);
    }
    const source = sourceOf(status);
    const { filename } = status.metadata;
    const file = typeof filename === "string" && filename !== name ? ` · ${filename}` : "";
    put(this.about, `${source ? language(source) : "Language not known yet"} → ${language(status.target)} · ${when(status.created)}${file}`);
    put(this.told, `${status.summary}${eta && isOpen(status) ? ` About ${duration(eta)} to go.` : ""}`);
    this.view.dataset.state = status.stalled_since ? "stalled" : state;
    this.bar.hidden = !isOpen(status);
    // Of what nobody knows the length, no share is shown.
    if (state === "receiving" && estimated === null) this.bar.removeAttribute("value");
    else this.bar.value = status.progress;
    const stuck = `${state} ${isBroken(status)}`;
    if (this.way.dataset.of !== stuck) {
      this.way.dataset.of = stuck;
      this.way.replaceChildren(...wayOn(() => this.status));
    }
  }

  #rename() {
    const field = element("input", { "aria-label": "Name", maxlength: 200, value: this.status.name });
    const form = element("form", { class: "renaming", onsubmit: (event) => {
      event.preventDefault();
      this.#renamed(field.value.trim(), form).catch((error) => say(`It could not be renamed: ${error.message}`));
    } }, field, element("button", { type: "submit", class: "small" }, "Save"), element("button", { type: "button", class: "small", onclick: () => this.#closed(form) }, "Cancel"));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#closed(form);
    });
    this.heading.hidden = true;
    this.renaming.disabled = true;
    this.heading.after(form);
    field.select();
  }

  async #renamed(title, form) {
    const sent = { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ title }) };
    this.show(await (await request(`/v1/documents/${this.id}`, sent)).json());
    say("");
    this.#closed(form);
  }

  #closed(form) {
    form.remove();
    this.heading.hidden = false;
    this.renaming.disabled = false;
    this.renaming.focus();
  }
}

// Only what is new changes the page, so that nothing that is being read is taken away.
function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
