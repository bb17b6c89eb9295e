// Copying, also where the browser gives no clipboard: it does so over HTTPS and on the machine itself only.
import { element } from "./page.js";

// Returns whether the text is in the clipboard. May only be called while a click or a key is answered.
export async function copied(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed: the older way may be.
    }
  }
  const active = document.activeElement;
  const field = element("textarea", { class: "unseen", readonly: true, "aria-hidden": "true" });
  field.value = text;
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } finally {
    field.remove();
    active?.focus();
  }
}

// What to do where nothing may be copied: the text is selected, so that a key does it.
export function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  return "This browser lets no page copy without HTTPS. The text is selected: press Ctrl-C (on a Mac ⌘C).";
}
