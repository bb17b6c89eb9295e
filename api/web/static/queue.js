// Files and texts on their way to the pipeline. They go on whatever page is shown; one that is refused stops no other.
import { Refused, request } from "./client.js";
import { checked, chosen, known } from "./checking.js";
import { counted } from "./page.js";
import { insist, piecesOf, sendFile, sendText } from "./upload.js";
import { forget, giveUp, print, remember, unfinished } from "./unfinished.js";

// States: checking, ready, waiting, sending, reading, refused, taken.
const STARTED = ["waiting", "sending", "reading"];

class Queue extends EventTarget {
  items = [];
  #running = false;

  get busy() {
    return this.items.some((item) => STARTED.includes(item.state));
  }

  of(...states) {
    return this.items.filter((item) => states.includes(item.state));
  }

  // Uploads of an earlier page that nobody has gone on with.
  get broken() {
    const here = new Set(this.items.map((item) => item.id));
    return unfinished().filter((entry) => !here.has(entry.id));
  }

  // Looks at files, each by itself; one that is here already is not taken twice.
  add(files, kinds) {
    const same = (one, file) => one.file?.name === file.name && one.file.size === file.size && one.file.lastModified === file.lastModified;
    const fresh = files.filter((file) => !this.items.some((one) => same(one, file) && one.state !== "taken" && one.state !== "refused"));
    const made = fresh.map((file) => ({ file, name: file.name, size: file.size, state: "checking", share: 0, choices: [] }));
    // What was refused before is tried anew instead.
    this.items = [...this.items.filter((one) => !(one.state === "refused" && fresh.some((file) => same(one, file)))), ...made];
    this.tell();
    return Promise.all(made.map((item) => this.check(item, kinds)));
  }

  async check(item, kinds, stated = "") {
    try {
      Object.assign(item, await checked(kinds, item.file, stated), { state: "ready", print: await print(item.name, item.file) });
      const before = this.broken.find((entry) => entry.print === item.print);
      if (before) Object.assign(item, { id: before.id, order: before.order, encoding: before.encoding, choices: [], resumed: true });
    } catch (error) {
      this.#refuse(item, error);
    }
    // One that goes on is no longer among those that broke off.
    this.tell(item.resumed ? null : item);
  }

  choose(item, encoding) {
    item.encoding = encoding;
    this.tell(item);
  }

  // Sends all that is ready; `text` is one more, if there is one. Returns what was sent.
  async start(order, title, text = "") {
    const found = this.of("ready");
    if (text) {
      const mark = await print("", text);
      const before = this.broken.find((entry) => entry.print === mark);
      // Its words stay in this window.
      const name = `The text of ${counted(text.length, "character")}`;
      const item = { text, name, size: text.length, state: "ready", share: 0, choices: [], kind: { text: true }, print: mark };
      if (before) Object.assign(item, { id: before.id, order: before.order, resumed: true });
      this.items.push(item);
      found.push(item);
    }
    const batch = found.filter((item) => !item.resumed).length > 1 ? { id: newId(), count: 0 } : null;
    for (const item of found) {
      if (!item.resumed) Object.assign(item, { batch, id: batch ? `${batch.id}.${batch.count++}` : newId(), order: { ...order, ...(title && found.length === 1 ? { title } : {}) } });
      item.state = "waiting";
      this.tell(item);
    }
    this.#run();
    return found;
  }

  // Tries once more what was refused: what was begun of it is gone, so it is another document.
  again(item) {
    Object.assign(item, { id: item.batch ? `${item.batch.id}.${item.batch.count++}` : newId(), resumed: false, reason: "", share: 0, state: "waiting" });
    this.tell(item);
    this.#run();
  }

  // Takes one away; nothing of it stays with the pipeline, unless it was taken.
  async remove(item) {
    item.ending?.abort();
    if (item.state !== "taken" && item.begun) await giveUp(entryOf(item));
    this.items = this.items.filter((one) => one !== item);
    this.tell();
  }

  async discard(entry) {
    await giveUp(entry);
    this.tell();
  }

  tell(item = null) {
    this.dispatchEvent(new CustomEvent("change", { detail: item }));
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    for (let item; ([item] = this.of("waiting")), item; ) await this.#send(item);
    this.#running = false;
    this.tell();
  }

  async #send(item) {
    item.ending = new AbortController();
    item.state = "sending";
    this.tell(item);
    try {
      await this.#transfer(item);
      item.state = "taken";
      forget(item.id);
      await this.#note(item);
    } catch (error) {
      if (item.ending.signal.aborted) return;
      // Its page remembered an upload that is another text by now, or was ended elsewhere.
      if (item.resumed && error instanceof Refused && error.status === 409) {
        forget(item.id);
        return this.again(item);
      }
      await this.#fail(item, error);
    }
    this.tell(item);
  }

  async #transfer(item) {
    const told = {
      query: { ...item.order, ...(item.file ? { filename: item.file.name } : {}) },
      resumed: item.resumed,
      signal: item.ending.signal,
      moved: (bytes) => {
        item.begun = true;
        item.share = Math.min(1, bytes / Math.max(1, item.bytes));
        if (item.share === 1 && !item.kind.text) item.state = "reading";
        remember(entryOf(item));
        this.tell(item);
      },
      waiting: (is) => {
        if (item.away === is) return;
        item.away = is;
        this.tell(item);
      },
    };
    item.bytes = item.file ? item.size : new Blob([item.text]).size;
    // Before the first byte is on its way, so that what arrives is remembered whatever happens then.
    item.begun = true;
    remember(entryOf(item));
    if (item.kind.text && (item.text || known(item.encoding))) {
      // So that its progress can be told while it arrives.
      told.query.length = item.bytes;
      return sendText(item.id, item.text ? [item.text] : piecesOf(item.file, item.encoding), told);
    }
    if (item.encoding) told.query.encoding = item.encoding;
    return sendFile(item.id, item.file, told);
  }

  async #fail(item, error) {
    try {
      await giveUp(entryOf(item));
      item.begun = false;
    } catch {
      // The server is away: it stays among the unfinished ones, where it can be given up.
    }
    if (error instanceof Refused && error.kind === "encoding" && item.file) {
      try {
        Object.assign(item, await chosen(item.file, item.kind), { state: "ready", resumed: false });
        return;
      } catch (other) {
        error = other;
      }
    }
    this.#refuse(item, error);
    await this.#note(item, { type: `urn:satzstrom:problem:${error.kind || "input"}`, detail: item.reason });
  }

  #refuse(item, error) {
    item.state = "refused";
    item.reason = error.message;
    // What is wrong with the file itself stays wrong.
    item.hopeless = !(error instanceof Refused) || ["file", "file-format", "too-large"].includes(error.kind);
  }

  // Says of a file in a batch what became of it, so that the batch can be asked for.
  async #note(item, problem = {}) {
    const { batch, id, name } = item;
    if (!batch) return;
    const body = JSON.stringify({ filename: name, ...problem });
    const last = !this.items.some((one) => one.batch === batch && STARTED.includes(one.state));
    const path = `/v1/batches/${batch.id}/files/${id.split(".")[1]}?last=${last}`;
    try {
      await insist(() => request(path, { method: "PUT", body, headers: { "Content-Type": "application/json" } }), item.ending.signal, () => {});
    } catch (error) {
      item.remark = `History does not list it with the others: ${error.message}`;
    }
  }
}

export const queue = new Queue();

window.addEventListener("beforeunload", (event) => {
  if (queue.busy) event.preventDefault();
});

const entryOf = ({ id, name, size, order, encoding, print, text, kind, share }) => ({ id, name, size, order, encoding, print, text: Boolean(text) || kind.text, typed: Boolean(text), share });

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte & 31]).join("");
}
