// Documents of the past, and what is under way.
import { Batch } from "./batches.js";
import { Card, isOpen } from "./cards.js";
import { read, Refused } from "./client.js";
import { deletions, isGoing } from "./deleting.js";
import { Filters } from "./filters.js";
import { Hits } from "./hits.js";
import { arrange, element, say } from "./page.js";
import { pause } from "./pausing.js";

const PAGE = 50;
const MOST = 100; // What the API gives at once.
const SOON = 2000; // Milliseconds, while something is under way.
const LATER = 5000;
const LATEST = 30_000; // Where nothing has changed for some time.

export async function showHistory(content, signal, _, query) {
  const filters = new Filters(new URLSearchParams(query), () => begin().catch(tell));
  const hits = new Hits(signal);
  const list = element("ul", { class: "documents", "aria-label": "Documents" });
  const more = element("button", { type: "button", hidden: true, onclick: () => further().catch(tell) }, "More documents");
  const none = element("p", { class: "soft", hidden: true });
  document.title = "History – Satzstrom";
  content.append(element("h1", {}, "History"), filters.view, hits.view, element("h2", { class: "unseen" }, "Documents"), list, none, more);

  const cards = new Map();
  const batches = new Map();
  let shown = []; // Statuses in the order of the list.
  let next = null;
  let turn = 0; // Answers to what nobody asks any more are left out.
  let wake = () => {};

  const tell = (error) => {
    if (!signal.aborted) say(error.message);
  };
  const ask = (limit, after) => {
    const query = filters.query;
    query.set("limit", limit);
    if (after) query.set("after", after);
    return read(`/v1/documents?${query}`, signal);
  };

  async function begin() {
    const mine = (turn += 1);
    say("");
    const words = filters.address.get("q") ?? "";
    const [page] = await Promise.all([ask(PAGE), hits.words === words ? null : hits.find(words)]);
    if (mine !== turn) return;
    shown = page.items;
    next = page.next;
    show();
    wake();
  }

  async function further() {
    const mine = turn;
    const page = await ask(PAGE, next);
    if (mine !== turn) return;
    const known = new Set(shown.map((status) => status.id));
    shown = [...shown, ...page.items.filter((status) => !known.has(status.id))];
    next = page.next;
    show();
  }

  // Reads what is shown anew; what is beyond the first hundred stays as it was.
  async function refresh() {
    const mine = turn;
    const page = await ask(Math.min(MOST, Math.max(PAGE, shown.length)));
    if (mine !== turn) return;
    const fresh = new Set(page.items.map((status) => status.id));
    // Behind the last of the first page nothing new is known.
    const last = Math.max(...page.items.map((status) => shown.findIndex((one) => one.id === status.id)), -1);
    const rest = page.next === null ? [] : shown.slice(last + 1).filter((status) => !fresh.has(status.id));
    shown = [...page.items, ...rest];
    if (!rest.length) next = page.next;
    show();
  }

  function show() {
    const nodes = [];
    const together = new Map();
    for (const status of shown) {
      if (isGoing(status.id)) continue;
      const card = cards.get(status.id) ?? new Card(status);
      cards.set(status.id, card);
      if (card.status !== status) card.show(status);
      const { batch } = status;
      if (batch === null) nodes.push(card.view);
      else if (together.has(batch)) together.get(batch).push(card);
      else {
        together.set(batch, [card]);
        if (!batches.has(batch)) batches.set(batch, new Batch(batch, signal));
        nodes.push(batches.get(batch).view);
      }
    }
    for (const [batch, ofIt] of together) batches.get(batch).show(ofIt);
    arrange(list, nodes);
    const filtered = String(filters.address) !== "";
    none.hidden = nodes.length > 0;
    none.textContent = filtered ? "No document fits these words and filters." : "There are no documents here yet.";
    more.hidden = next === null;
  }

  deletions.addEventListener("change", show, { signal });
  filters.load(signal).catch(tell);
  await begin();
  for (let rest = LATER; !signal.aborted; ) {
    const before = JSON.stringify(shown);
    await pause(shown.some(isOpen) ? SOON : rest, signal, (on) => { wake = on; });
    if (signal.aborted) return;
    try {
      await refresh();
      rest = JSON.stringify(shown) === before ? Math.min(LATEST, 1.5 * rest) : LATER;
    } catch (error) {
      if (error instanceof Refused && error.status === 401) throw error;
      tell(error);
    }
  }
}
