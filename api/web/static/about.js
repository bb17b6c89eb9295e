// What should be known of a document: what was read of its file, which model translated it, and how good that is.
import { counted, element, number } from "./page.js";

export class About {
  constructor(kind) {
    this.kind = kind;
    this.node = element("details", { class: "soft", hidden: true });
  }

  show(status) {
    const left = Object.entries(status.left ?? {});
    const warnings = status.warnings ?? [];
    const read = this.kind && typeof status.read === "number" ? status.read : null;
    const model = madeBy(status);
    const shown = JSON.stringify([read, left, warnings, model]);
    if (this.shown === shown) return;
    // Warnings are seen without a click.
    if (!this.node.childElementCount) this.node.open = warnings.length > 0;
    this.shown = shown;
    this.node.hidden = read === null && !model;
    const count = left.reduce((sum, [, times]) => sum + times, 0);
    const about = read === null ? "" : `Read as ${this.kind.about}: ${counted(read, "text")}${count ? `, ${counted(count, "thing")} left alone` : ""}${warnings.length ? `, ${counted(warnings.length, "remark")}` : ""}. `;
    this.node.replaceChildren(
      element("summary", {}, `${about}${model ? `Translated by ${status.model}` : ""}`),
      element("ul", {},
        ...warnings.map((warning) => element("li", { class: "warning" }, warning)),
        ...left.map(([what, times]) => element("li", {}, `${what}: ${number(times)} left as ${times === 1 ? "it is" : "they are"}`)),
        model ? element("li", {}, model) : null),
    );
  }
}

// How far the model can be relied on in this document, as far as it said so itself; empty until there is a translation.
function madeBy({ model, sentences: { translated, confidence } }) {
  if (!model || !translated) return "";
  const { high, medium, low } = confidence;
  const told = high + medium + low;
  const caution = "A machine made this translation. What is marked as doubtful should be checked; what is not marked can be wrong, too.";
  if (told < 20) return caution;
  const share = Math.round((100 * high) / told);
  const words = share >= 70 ? "good to read; check what matters"
    : share >= 45 ? "good for what the text says; not every sentence is right"
    : "enough for what the text is about; many sentences are not right";
  return `${caution} The model was sure of ${share} % of the sentences and unsure of ${Math.round((100 * low) / told)} %: ${words}.`;
}
