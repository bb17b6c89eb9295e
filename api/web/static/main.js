// Which page is shown, decided by the address behind #.
import { showDocument } from "./document.js";
import { showHistory } from "./history.js";
import { showStatus } from "./status.js";
import { showSubmit } from "./submit.js";
import { say } from "./page.js";

const content = document.getElementById("content");
let leave = () => {};

function show() {
  leave();
  say("");
  const [, page = "", name = ""] = location.hash.split("/");
  content.replaceChildren();
  // What a page has under way ends when another one is shown.
  const ending = new AbortController();
  leave = () => ending.abort();
  for (const link of document.querySelectorAll("nav a")) {
    const here = link.hash === `#/${page}`;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const pages = { "": showSubmit, d: showDocument, history: showHistory, status: showStatus };
  const open = pages[page] ?? showSubmit;
  open(content, ending.signal, decodeURIComponent(name)).catch((error) => {
    if (!ending.signal.aborted) say(error.message);
  });
  window.scrollTo(0, 0);
}

window.addEventListener("hashchange", () => {
  show();
  // So that a screen reader begins with the new page.
  content.focus({ preventScroll: true });
});
show();
