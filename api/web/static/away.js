// What is said while the pipeline cannot be reached, or gives nothing without a key, and how the page goes on by itself.
import { element } from "./page.js";

const EVERY = 3000;
const GONE = "The pipeline cannot be reached: the network is away, or it is not running.";
const back = new EventTarget();
let gone = false;

// A request that reached nobody. A TypeError, as that of fetch.
export class Away extends TypeError {
  constructor() {
    super(GONE);
  }
}

const words = element("span", { "aria-live": "polite" });
const again = element("button", { type: "button", hidden: true }, "Enter a key");
const banner = element("div", { class: "away", hidden: true }, words, again);
document.body.append(banner);

function say(text) {
  words.textContent = text;
  banner.hidden = !text;
  again.hidden = true;
}

// Notes that nobody was reached; from then on it is tried until somebody is.
export function lost() {
  if (gone) return;
  gone = true;
  say(`${GONE} This page goes on by itself when it is back.`);
  probe();
}

async function probe() {
  while (gone) {
    await new Promise((resolve) => {
      setTimeout(resolve, EVERY);
      window.addEventListener("online", resolve, { once: true });
    });
    try {
      await fetch("/livez", { cache: "no-store" });
      reached();
    } catch {
      // Still away.
    }
  }
}

// Notes that somebody answers.
export function reached() {
  if (!gone) return;
  gone = false;
  say("");
  back.dispatchEvent(new Event("again"));
}

// Says that a key is wanted; `ask` shows the dialog and tells whether one was given.
export function keyWanted(ask) {
  say("Without a key this pipeline shows and takes nothing.");
  again.hidden = false;
  again.onclick = async () => {
    if (!(await ask())) return;
    say("");
    back.dispatchEvent(new Event("again"));
  };
}

export function keyTaken() {
  if (!again.hidden) say("");
}

// Calls when the pipeline is back, or a key was given, until the signal ends that.
export const onAgain = (act, signal) => back.addEventListener("again", act, { signal });

// Resolves when the pipeline is back, or a key was given. Rejects as the signal does.
export function untilAgain(signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    back.addEventListener("again", resolve, { once: true });
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

// Resolves when the pipeline is back; where it answers by now, after some seconds. Rejects as the signal does.
export const untilBack = (signal) => (gone ? untilAgain(signal) : new Promise((resolve) => setTimeout(resolve, EVERY)));
