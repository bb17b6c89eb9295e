// The text that is typed: kept while its window is open, also when the page is left, reloaded, or asks for a key.

const DRAFT = "satzstrom-draft";
let held = null;
let whole = true; // Whether it would be there after the page is loaded again.

export function draft() {
  held ??= sessionStorage.getItem(DRAFT) ?? "";
  return held;
}

export function keep(text) {
  held = text;
  try {
    if (text) sessionStorage.setItem(DRAFT, text);
    else sessionStorage.removeItem(DRAFT);
    whole = true;
  } catch {
    // Browsers keep about five million characters.
    sessionStorage.removeItem(DRAFT);
    whole = false;
  }
}

window.addEventListener("beforeunload", (event) => {
  if (!whole) event.preventDefault();
});
