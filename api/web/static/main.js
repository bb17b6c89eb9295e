// Which page is shown, decided by the address behind #.
import { Away, lost, onAgain } from "./away.js";
import { say } from "./page.js";
// Files can be dropped on every page, and what is under way goes on there.
import "./dropping.js";
import "./settings.js";

// Each page is fetched when it is opened: who reads a book waits for no editor of glossaries.
const PAGES = {
  "": () => import("./submit.js").then((page) => page.showSubmit),
  d: () => import("./document.js").then((page) => page.showDocument),
  history: () => import("./history.js").then((page) => page.showHistory),
  memory: () => import("./memory.js").then((page) => page.showMemory),
  glossaries: () => import("./glossaries.js").then((page) => page.showGlossaries),
  status: () => import("./status.js").then((page) => page.showStatus),
};
const content = document.getElementById("content");
let leave = () => {};
let failed = false; // Whether what is shown broke off.
let shown = null; // Address of the page that is shown, without what is asked for on it.

function show(event) {
  const [address, query = ""] = location.hash.split("?");
  // A page may lead to another place in it by itself: it says so by preventing the default.
  const moved = new CustomEvent("moved", { detail: query, cancelable: true });
  if (address === shown && !content.dispatchEvent(moved)) return;
  shown = address;
  leave();
  say("");
  document.title = "Satzstrom";
  const [, page = "", name = ""] = address.split("/");
  content.replaceChildren();
  // What a page has under way ends when another one is shown.
  const ending = new AbortController();
  leave = () => ending.abort();
  for (const link of document.querySelectorAll("nav a")) {
    const here = link.hash === `#/${page}`;
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  window.scrollTo(0, 0);
  failed = false;
  const opened = async (open) => ending.signal.aborted || open(content, ending.signal, decodeURIComponent(name), query);
  (PAGES[page] ?? PAGES[""])().catch(unreached).then(opened).catch((error) => {
    if (ending.signal.aborted) return;
    failed = true;
    // That nobody is there is said once, by the banner.
    if (!(error instanceof Away)) say(error.message);
  });
  // So that a screen reader begins with the new page.
  if (event) content.focus({ preventScroll: true });
}

// A page that could not be fetched is shown when the pipeline is back.
function unreached() {
  lost();
  throw new Away();
}

window.addEventListener("hashchange", show);
// What could not be shown without the network, or without a key.
onAgain(() => {
  if (!failed) return;
  shown = null;
  show();
});
history.scrollRestoration = "manual";
show();
