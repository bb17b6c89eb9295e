// One sentence at a time is looked at: by hand, by finger and by keyboard. It is marked in both languages.
export class Choice {
  constructor(list, card, signal) {
    this.list = list;
    this.card = card;
    this.position = null;
    const { view } = list;
    const at = (event) => event.target.closest?.(".s")?.dataset.at ?? null;
    view.addEventListener("pointerover", (event) => this.#mark("near", at(event)));
    view.addEventListener("pointerleave", () => this.#mark("near", null));
    view.addEventListener("click", (event) => {
      // Who selects words wants to copy them.
      const position = at(event);
      if (position && getSelection().isCollapsed) this.choose(position, { open: !(this.card.opened && this.position === position) });
    });
    view.addEventListener("drawn", () => this.#mark("chosen", this.position));
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal });
  }

  // Marks a sentence; `open`: with its card, or without.
  choose(position, { open = this.card.opened, focus = false } = {}) {
    this.position = position;
    this.#mark("chosen", position);
    const sentence = this.list.sentence(position);
    if (open && sentence) this.card.open(sentence);
    else if (!open) this.card.close();
    if (!focus) return;
    const node = this.list.nodes(position).findLast((one) => one.offsetParent);
    node?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest" });
  }

  #mark(name, position) {
    const wanted = position === null ? [] : this.list.nodes(position);
    for (const node of this.list.list.querySelectorAll(`.${name}`)) if (!wanted.includes(node)) node.classList.remove(name);
    for (const node of wanted) node.classList.add(name);
  }

  #pressed(event) {
    const inText = this.list.view.contains(event.target) || event.target === document.body || event.target.id === "content";
    if (event.key === "Escape" && this.card.opened && !event.defaultPrevented) return this.card.close();
    if (!inText || event.altKey || event.ctrlKey || event.metaKey) return undefined;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const next = this.#beside(step);
      if (!next) return undefined;
      event.preventDefault();
      this.choose(next, { focus: true });
    } else if (event.key === "Enter" && this.position && this.list.view.contains(event.target)) {
      event.preventDefault();
      this.choose(this.position, { open: true });
      this.card.node.querySelector("button:not(.close)")?.focus();
    }
    return undefined;
  }

  #beside(step) {
    const first = this.list.first()?.position;
    if (this.position === null || !this.list.nodes(this.position).length) return first;
    const number = this.list.parts.numberOf(this.position) + step;
    if (number < 0 || number >= this.list.total) return null;
    const position = this.list.parts.position(number);
    return this.list.nodes(position).length ? position : null;
  }
}
