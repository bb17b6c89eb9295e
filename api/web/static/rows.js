// The queue as it is seen: a row for each file, with its state, and what can be done about it.
import { Away } from "./away.js";
import { element, number, say } from "./page.js";
import { queue } from "./queue.js";

const NAMED = 5;
// That nobody is there is said once, by the banner.
const failed = (error) => error instanceof Away || say(error.message);

export class Rows {
  #shown = new Map();

  constructor(kinds, signal) {
    this.kinds = kinds;
    this.list = element("ul", { class: "queue", "aria-label": "Files" });
    this.told = element("p", { class: "unseen", "aria-live": "polite" });
    queue.addEventListener("change", ({ detail }) => (detail ? this.#row(detail) : this.#all()), { signal });
    this.#all();
  }

  #all() {
    const kept = new Map(queue.items.map((item) => [item, this.#shown.get(item) ?? element("li")]));
    this.#shown = kept;
    this.list.replaceChildren(...kept.values(), ...left(queue.broken));
    for (const item of kept.keys()) this.#row(item);
    this.list.hidden = !this.list.childElementCount;
  }

  #row(item) {
    const node = this.#shown.get(item);
    if (!node) return this.#all();
    const words = state(item);
    const seen = `${item.state} ${item.share > 0}`;
    if (node.dataset.seen === seen && item.state === "sending") {
      // What moves often, without the rest.
      node.querySelector(".state").textContent = words;
      node.querySelector("progress").value = item.share;
      return;
    }
    node.dataset.seen = seen;
    node.className = item.state;
    const focused = node.contains(document.activeElement) && document.activeElement.textContent;
    node.replaceChildren(
      element("span", { class: "name" }, item.name),
      element("span", { class: "state" }, words),
      item.state === "sending" ? element("progress", { max: 1, value: item.share, "aria-label": `Upload of ${item.name}` }) : "",
      ["ready", "waiting"].includes(item.state) && item.choices.length ? readings(item) : "",
      element("span", { class: "acts" }, ...this.#acts(item)),
    );
    if (focused) [...node.querySelectorAll("button, a")].find((one) => one.textContent === focused)?.focus();
    if (["refused", "taken"].includes(item.state)) this.told.textContent = `${item.name}: ${words}`;
  }

  #acts(item) {
    const act = (name, does) => element("button", { type: "button", class: "small", "aria-label": `${name}: ${item.name}`, onclick: () => does().catch(failed) }, name);
    const acts = [];
    if (item.state === "taken") acts.push(element("a", { href: `#/d/${item.id}`, "aria-label": `Read ${item.name}` }, "Read it"));
    if (item.state === "sending" && item.kind.text && item.share > 0) acts.push(element("a", { href: `#/d/${item.id}`, "aria-label": `Read what is there of ${item.name}` }, "Read what is there"));
    if (item.state === "refused" && !item.hopeless) acts.push(act("Try again", async () => queue.again(item)));
    const away = { sending: "Stop", reading: "Stop", taken: "Hide", refused: "Hide" }[item.state] ?? "Remove";
    acts.push(act(away, () => queue.remove(item)));
    return acts;
  }
}

const AWAY = {
  network: "The connection broke off; it goes on as soon as that is back.",
  key: "A key is wanted; it goes on as soon as one is given.",
};

function state(item) {
  if (item.away) return AWAY[item.away];
  const remark = item.remark ? ` ${item.remark}` : "";
  return {
    checking: "Looking at it …",
    ready: item.begun ? "Goes on where it broke off." : item.choices.length ? "Not UTF-8. Choose the line that reads right:" : "Ready",
    waiting: "Waiting for its turn",
    sending: `Sending, ${Math.floor(item.share * 100)} % of ${size(item.size)}`,
    reading: "Sent; it is being read.",
    refused: `Not taken: ${item.reason}`,
    taken: `Taken${item.before ? " before this page was loaded anew" : ""}.${remark}`,
  }[item.state];
}

// How a text looks in the encodings that it may be in.
function readings(item) {
  const name = `encoding-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  return element("fieldset", {}, element("legend", { class: "unseen" }, `Encoding of ${item.name}`),
    ...item.choices.map(({ encoding, preview }) => element("label", {},
      element("input", { type: "radio", name, value: encoding, checked: encoding === item.encoding, onchange: () => queue.choose(item, encoding) }),
      element("b", {}, encoding), " ", element("q", {}, preview))));
}

// What an earlier page has left: a row for each that was begun, one for all that waited.
function left(entries) {
  const waiting = entries.filter((entry) => !entry.begun);
  return [...entries.filter((entry) => entry.begun).map(broken), ...(waiting.length ? [waited(waiting)] : [])];
}

function waited(entries) {
  const names = entries.slice(0, NAMED).map((entry) => entry.name).join(", ");
  const more = entries.length > NAMED ? ` and ${number(entries.length - NAMED)} more` : "";
  const what = entries.length === 1 ? "It had not been sent yet" : `These ${number(entries.length)} had not been sent yet`;
  return element("li", { class: "broken" },
    element("span", { class: "name" }, `${names}${more}`),
    element("span", { class: "state" }, `${what} when this page was loaded anew. Choose all files again: none is sent twice.`),
    element("span", { class: "acts" }, element("button", {
      type: "button", class: "small", "aria-label": `Give up what had not been sent: ${names}${more}`, onclick: () => queue.discard(...entries).catch(failed),
    }, "Give up")));
}

function broken(entry) {
  const again = entry.typed ? "Paste the same text again and send it to go on with it." : "Choose the same file again to go on with it.";
  const far = entry.share > 0 ? ` after ${Math.floor(entry.share * 100)} %` : "";
  return element("li", { class: "broken" },
    element("span", { class: "name" }, entry.name),
    element("span", { class: "state" }, `The upload of ${entry.name} broke off${far}. ${again}`),
    element("span", { class: "acts" }, element("button", {
      type: "button", class: "small", "aria-label": `Give up ${entry.name}`, onclick: () => queue.discard(entry).catch(failed),
    }, "Give it up")));
}

const size = (bytes) => (bytes < 1024 * 1024 ? `${number(Math.ceil(bytes / 1024))} KiB` : `${number(Math.round(bytes / 1024 / 1024))} MiB`);
