// Files and texts on their way to the pipeline. They go on whatever page is shown; one that is refused stops no other.
import { Refused, request } from "./client.js";
import { checked, chosen } from "./checking.js";
import { counted } from "./page.js";
import { entryOf, note, transfer, waiting } from "./sending.js";
import { forget, giveUp, openBeside, print, remember, unfinished } from "./unfinished.js";
import { insist } from "./upload.js";
import { elsewhere, onElsewhere, share } from "./windows.js";

// States: checking, ready, waiting, sending, reading, refused, taken.
const STARTED = ["waiting", "sending", "reading"];

class Queue extends EventTarget {
  items = [];
  #running = false;

  get busy() {
    return this.of(...STARTED).length > 0;
  }

  of(...states) {
    return this.items.filter((item) => states.includes(item.state));
  }

  // Uploads of an earlier page that nobody has gone on with.
  get broken() {
    return this.#left().filter((entry) => !entry.taken);
  }

  // What an earlier page was sending, together with those of its files that were taken already.
  #left() {
    const here = new Set(this.items.map((item) => item.id));
    return unfinished().filter((entry) => !here.has(entry.id) && !elsewhere.has(entry.id));
  }

  // Looks at files, each by itself; one that is here already is not taken twice.
  add(files, kinds) {
    const same = (one, file) => one.file?.name === file.name && one.file.size === file.size && one.file.lastModified === file.lastModified;
    const over = (one) => one.state === "refused" || (one.state === "taken" && !(one.batch && openBeside(one).length));
    const fresh = files.filter((file) => !this.items.some((one) => same(one, file) && !over(one)));
    const made = fresh.map((file) => ({ file, name: file.name, size: file.size, state: "checking", share: 0, choices: [] }));
    // What was refused before is tried anew instead.
    this.items = [...this.items.filter((one) => !(one.state === "refused" && fresh.some((file) => same(one, file)))), ...made];
    this.tell();
    return Promise.all(made.map((item) => this.#check(item, kinds)));
  }

  async #check(item, kinds) {
    item.ending = new AbortController();
    const insisted = (act) => insist(act, item.ending.signal, waiting(item, () => this.tell(item)));
    item.kinds = kinds;
    item.state = "checking";
    try {
      const found = { ...(await insisted(() => checked(kinds, item.file))), print: await print(item.name, item.file) };
      Object.assign(item, found, { state: await this.#recall(item, found.print, insisted) });
    } catch (error) {
      if (item.ending.signal.aborted) return;
      this.#refuse(item, error);
    }
    // One that goes on is no longer among those that broke off.
    this.tell(item.resumed ? null : item);
  }

  // Makes of an item the one that an earlier page had under way, if there was one, and returns its state.
  async #recall(item, mark, insisted) {
    const before = this.#left().find((entry) => entry.print === mark);
    if (!before) return "ready";
    // From here on it is no other file's.
    item.id = before.id;
    if (before.taken && !(await insisted(() => isThere(before.id)))) {
      forget(before.id);
      item.id = undefined;
      return "ready";
    }
    this.#resume(item, before);
    item.before = before.taken;
    return before.taken ? "taken" : "ready";
  }

  #resume(item, { id, order, encoding, begun, batch, share }) {
    const shared = this.items.find((one) => one.batch && one.batch.id === batch?.id)?.batch ?? batch;
    if (shared) shared.count = Math.max(shared.count, batch.count);
    // In which encoding it is was chosen then.
    Object.assign(item, { id, order, encoding, begun, share, batch: shared, choices: [], resumed: true });
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
      if (before) this.#resume(item, before);
      this.items.push(item);
      found.push(item);
    }
    const batch = found.filter((item) => !item.resumed).length > 1 ? { id: newId(), count: 0 } : null;
    for (const item of found) {
      if (!item.resumed) Object.assign(item, { batch, id: batch ? `${batch.id}.${batch.count++}` : newId(), order: { ...order, ...(title && found.length === 1 ? { title } : {}) } });
      item.state = "waiting";
    }
    this.#wait(...found);
    return found;
  }

  // Tries once more what was refused: what was begun of it is gone, so it is another document.
  again(item) {
    const { batch, kind } = item;
    // Nobody knows yet what it is.
    if (!kind) return this.#check(item, item.kinds);
    Object.assign(item, { id: batch ? `${batch.id}.${batch.count++}` : newId(), resumed: false, begun: false, reason: "", share: 0, state: "waiting" });
    return this.#wait(item);
  }

  // What waits is remembered from now on: a page that is loaded anew has lost its files.
  #wait(...items) {
    remember(...items.map(entryOf));
    share(this.of(...STARTED).map((item) => item.id));
    for (const item of items) this.tell(item);
    this.#run();
  }

  // Takes one away; nothing of it stays with the pipeline, unless it was taken.
  async remove(item) {
    item.ending?.abort();
    this.items = this.items.filter((one) => one !== item);
    if (STARTED.includes(item.state) || (item.state === "refused" && item.begun)) await this.discard(entryOf(item));
    else this.tell();
  }

  // Gives up what an earlier page was sending; the last one of a batch is the end of it.
  async discard(...entries) {
    try {
      for (const entry of entries) {
        const taken = entry.batch && unfinished().find((one) => one.taken && one.batch.id === entry.batch.id);
        await giveUp(entry);
        if (taken && !openBeside(entry).length) await note(taken);
      }
    } finally {
      // What could not be given up is still among those that broke off.
      this.tell();
    }
  }

  tell(item = null) {
    this.dispatchEvent(new CustomEvent("change", { detail: item }));
  }

  async #run() {
    if (this.#running) return;
    this.#running = true;
    for (let item; ([item] = this.of("waiting")), item; ) await this.#send(item);
    this.#running = false;
    share([]);
    this.tell();
  }

  async #send(item) {
    item.ending = new AbortController();
    item.state = "sending";
    this.tell(item);
    try {
      await transfer(item, () => this.tell(item));
      item.state = "taken";
      await this.#note(item);
      remember({ ...entryOf(item), taken: true });
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

  async #note(item, problem) {
    if (!item.batch) return;
    try {
      await note(entryOf(item), problem, item.ending.signal);
    } catch (error) {
      item.remark = `History does not list it with the others: ${error.message}`;
    }
  }
}

export const queue = new Queue();

onElsewhere(() => queue.tell());
window.addEventListener("beforeunload", (event) => {
  if (queue.busy) event.preventDefault();
});

// Whether a document that was taken is still there.
async function isThere(id) {
  try {
    await request(`/v1/documents/${id}`);
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return false;
    throw error;
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte & 31]).join("");
}
