// The way on with a document whose upload broke off, or that was cancelled.
import { element, say } from "./page.js";

export const isBroken = (status) => status.state === "incomplete" || status.stalled_since !== null;

// The elements for it; none where nothing is to be done. `current` gives the document's status.
export function wayOn(current) {
  const status = current();
  if (status.state === "cancelled") return [element("a", { href: "#/" }, "Send it again")];
  if (!isBroken(status)) return [];
  // A file of another kind is with the pipeline, which reads it on by itself, or it came as a whole and cannot be read.
  if (status.read !== null) return [element("a", { href: "#/" }, "Send the file again")];
  const file = element("input", { type: "file", hidden: true, onchange: () => {
    const [chosen] = file.files;
    file.value = "";
    // What sends it is fetched when there is something to send.
    if (chosen) import("./resuming.js").then(({ goOn }) => goOn(current(), chosen)).catch((error) => say(error.message));
  } });
  return [element("button", { type: "button", class: "small", onclick: () => file.click() }, "Go on: choose the same file"), file];
}
