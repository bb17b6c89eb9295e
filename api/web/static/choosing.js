// One sentence at a time is looked at: by hand, by finger and by keyboard. It is marked in both languages.
export class Choice {
  constructor(list, card, signal) {
    this.list = list;
    this.card = card;
    this.position = null;
    this.wanted = null; // Where keys have led that is not there yet.
    const { view } = list;
    const at = (event) => event.target.closest?.(".s")?.dataset.at ?? null;
    view.addEventListener("pointerover", (event) => this.#mark("near", at(event)));
    view.addEventListener("pointerleave", () => this.#mark("near", null));
    view.addEventListener("click", (event) => {
      // Who selects words wants to copy them.
      const position = at(event);
      if (position && getSelection().isCollapsed) this.choose(position, { open: !(this.card.opened && this.position === position) });
    });
    view.addEventListener("drawn", () => this.#drawn());
    document.addEventListener("keydown", (event) => this.#pressed(event), { signal });
  }

  // Marks a sentence; `open`: with its card, or without.
  choose(position, { open = this.card.opened, focus = false } = {}) {
    this.position = position;
    this.wanted = null;
    this.#mark("chosen", position);
    const sentence = this.list.sentence(position);
    if (open && sentence) {
      const { node } = this.card;
      // A double click's second one hits what the first one hit, and no button of the card that comes in between.
      if (node.hidden) node.classList.add("coming");
      this.card.open(sentence);
      setTimeout(() => {
        node.classList.remove("coming");
        if (this.card.position === position) this.#uncover(position);
      }, 400);
    } else if (!open) this.card.close();
    if (!focus) return;
    const node = this.list.seen(position);
    node?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest" });
  }

  // What is looked at does not lie behind its own card.
  #uncover(position) {
    const hidden = (this.list.seen(position)?.getBoundingClientRect().bottom ?? 0) - this.card.node.getBoundingClientRect().top;
    if (hidden > 0) window.scrollBy({ top: hidden + 8, behavior: "instant" });
  }

  #mark(name, position) {
    const wanted = position === null ? [] : this.list.nodes(position);
    for (const node of this.list.list.querySelectorAll(`.${name}`)) if (!wanted.includes(node)) node.classList.remove(name);
    for (const node of wanted) node.classList.add(name);
  }

  #pressed(event) {
    if (event.key === "Escape" && this.card.opened && !event.defaultPrevented) return this.card.close();
    if (!this.#reading(event.target) || event.altKey || event.ctrlKey || event.metaKey) return undefined;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const next = this.#beside(step);
      if (!next) return undefined;
      event.preventDefault();
      this.wanted = next;
      this.#follow();
    } else if (event.key === "Enter" && this.position && this.list.view.contains(event.target)) {
      event.preventDefault();
      this.choose(this.position, { open: true });
      this.card.node.querySelector("button:not(.close)")?.focus();
    }
    return undefined;
  }

  #drawn() {
    this.#mark("chosen", this.position);
    if (!this.wanted) return;
    // Who is elsewhere by now stays there.
    if (this.#reading(document.activeElement) && this.list.nodes(this.position).length) this.#follow();
    else this.wanted = null;
  }

  // Goes where keys have led, as far as sentences are there, and on when more are: no press is lost while they are fetched.
  #follow() {
    const { wanted, position } = this;
    const { parts } = this.list;
    const there = (number) => this.list.nodes(parts.position(number)).length > 0;
    const goal = parts.numberOf(wanted);
    const from = position === null ? goal : parts.numberOf(position);
    let number = goal;
    while (number !== from && !there(number)) number -= Math.sign(goal - from);
    this.choose(parts.position(number), { focus: true });
    if (number !== goal) this.wanted = wanted;
  }

  #reading(node) {
    return this.list.view.contains(node) || node === document.body || node.id === "content";
  }

  #beside(step) {
    const from = this.wanted ?? this.position;
    if (from === null || (!this.wanted && !this.list.nodes(from).length)) return this.list.first()?.position;
    const number = this.list.parts.numberOf(from) + step;
    return number < 0 || number >= this.list.total ? null : this.list.parts.position(number);
  }
}
