// The key that a pipeline asks for: given once, kept as long as the tab.
import { element } from "./page.js";

const KEY = "satzstrom-key";
// Milliseconds without a letter: who types does not want them to land in the field of a dialog.
const PAUSE = 1000;
let asking = null;
let typed = -PAUSE;
let declined; // The key instead of which none was given; null: there was none.

document.addEventListener("input", () => {
  typed = performance.now();
}, true);

export const key = () => sessionStorage.getItem(KEY);

// Asks for another key than the one that was refused (null: none was sent), once for all who want one. Whether there is one now.
// Who gave none is asked only when they want to be: `anew`.
export function ask(refused, anew = false) {
  if (key() !== refused) return Promise.resolve(true);
  if (declined === refused && !anew) return Promise.resolve(false);
  asking ??= pause().then(() => show(refused)).finally(() => {
    asking = null;
  });
  return asking;
}

async function pause() {
  for (let left; (left = typed + PAUSE - performance.now()) > 0;) await new Promise((resolve) => setTimeout(resolve, left));
}

function show(refused) {
  const why = refused
    ? "This key is not known here, or was revoked. Check whether all of it was copied, or ask for another one."
    : "Whoever runs this pipeline gives you one. It is kept until this tab is closed.";
  const field = element("input", { id: "key", type: "password", autocomplete: "current-password", spellcheck: "false", "aria-describedby": "key-why", "aria-invalid": refused ? "true" : null });
  field.value = refused ?? "";
  const shown = element("input", { type: "checkbox", onchange: () => {
    field.type = shown.checked ? "text" : "password";
  } });
  const dialog = element("dialog", { class: "asking", "aria-labelledby": "key-title" },
    element("form", { onsubmit: (event) => {
      event.preventDefault();
      const given = field.value.trim();
      if (!given) return field.focus();
      sessionStorage.setItem(KEY, given);
      dialog.close("given");
    } },
      element("h2", { id: "key-title" }, "This pipeline asks for a key"),
      element("p", { id: "key-why", class: refused ? "warning" : "soft" }, why),
      element("label", { for: "key" }, "Key"), field,
      element("label", { class: "check" }, shown, " Show it"),
      element("div", { class: "row" },
        element("button", { class: "main", type: "submit" }, "Go on"),
        element("button", { type: "button", onclick: () => dialog.close() }, "Not now"))));
  const back = typedInto(document.activeElement);
  document.body.append(dialog);
  dialog.showModal();
  field.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      back();
      const given = dialog.returnValue === "given";
      declined = given ? undefined : refused;
      resolve(given);
    });
  });
}

// Returns what leads back to the place where somebody typed: Chromium gives a field the focus back, but no cursor.
function typedInto(field) {
  const place = field?.matches("textarea") ? [field.selectionStart, field.selectionEnd] : null;
  return () => {
    if (!place || !field.isConnected) return;
    field.blur();
    field.focus({ preventScroll: true });
    field.setSelectionRange(...place);
  };
}
