// One file or text on its way: its bytes, what is remembered of it meanwhile, and what its batch is told.
import { known } from "./checking.js";
import { request } from "./client.js";
import { openBeside, remember } from "./unfinished.js";
import { insist, piecesOf, sendFile, sendText } from "./upload.js";

// What stays of an item of the queue when its page is gone: all but the words and bytes themselves.
export const entryOf = ({ id, name, size, order, encoding, print, text, kind, share, begun, batch }) =>
  ({ id, name, size, order, encoding, print, text: Boolean(text) || kind.text, typed: Boolean(text), share, begun, batch });

// Notes for what an item waits: "network" or "key"; "": it goes on.
export const waiting = (item, tell) => (what) => {
  if ((item.away ?? "") === what) return;
  item.away = what;
  tell();
};

// Sends what the pipeline does not have yet of an item; `tell` is called when something is to be seen of it.
export async function transfer(item, tell) {
  const told = {
    query: { ...item.order, ...(item.file ? { filename: item.file.name } : {}) },
    resumed: Boolean(item.begun),
    signal: item.ending.signal,
    moved: (bytes) => {
      item.share = Math.min(1, bytes / Math.max(1, item.bytes));
      if (item.share === 1 && !item.kind.text) item.state = "reading";
      if (item.share < 1) remember(entryOf(item));
      tell();
    },
    waiting: waiting(item, tell),
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

// Says of a file in a batch what became of it, so that the batch can be asked for.
export function note(entry, problem = {}, signal = new AbortController().signal) {
  const { batch, id, name } = entry;
  const body = JSON.stringify({ filename: name, ...problem });
  const path = `/v1/batches/${batch.id}/files/${id.split(".")[1]}?last=${!openBeside(entry).length}`;
  return insist(() => request(path, { method: "PUT", body, headers: { "Content-Type": "application/json" } }), signal, () => {});
}
