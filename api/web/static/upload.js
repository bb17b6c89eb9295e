// Texts of any size, sent in parts while they are read, which go on where they broke off, and files of other kinds.
import { Refused, read, request } from "./client.js";

const LIMIT = 60_000; // Bytes; the API takes 65,536.
const SLICE = 256 * 1024;
const HEAD = 128 * 1024; // Bytes that tell what a file is.
const ENDS = [/\n[^\S\n]*\n\s*/g, /[.!?…:]["'“”«»)\]]*[^\S\n]*\n\s*/g, /[.!?…]["'“”«»)\]]*\s+/g, /\n\s*/g, /\s+/g];
const encoder = new TextEncoder();

// Yields parts of at most LIMIT bytes, cut where a reader would cut; where depends on the text alone.
export async function* cut(pieces) {
  let rest = "";
  for await (const piece of pieces) {
    rest += piece;
    while (rest.length > LIMIT) {
      const end = place(rest);
      yield { text: rest.slice(0, end), last: false };
      rest = rest.slice(end);
    }
  }
  while (encoder.encode(rest).length > LIMIT) {
    const end = place(rest);
    yield { text: rest.slice(0, end), last: false };
    rest = rest.slice(end);
  }
  yield { text: rest, last: true };
}

function place(text) {
  // The longest beginning that has room in a part.
  const { read: units } = encoder.encodeInto(text.slice(0, LIMIT), new Uint8Array(LIMIT));
  const window = text.slice(0, units);
  for (const pattern of ENDS) {
    let found = -1;
    pattern.lastIndex = units >> 2;
    for (let match; (match = pattern.exec(window)); ) {
      found = match.index + match[0].length;
      if (match[0].length === 0) pattern.lastIndex += 1;
    }
    if (found > 0) return apart(text, found);
  }
  return apart(text, units);
}

// Moves a cut back out of what is seen as one character.
function apart(text, end) {
  for (let at = end; at > Math.max(end - 32, 1); at -= 1) {
    const after = text.slice(at, at + 2);
    const torn = /^[\udc00-\udfff]/.test(after) && /[\ud800-\udbff]$/.test(text.slice(0, at));
    const joined = /^[\p{M}\u200d\ufe00-\ufe0f]/u.test(after) || text[at - 1] === "\u200d" || (text[at - 1] === "\r" && text[at] === "\n");
    if (!torn && !joined) return at;
  }
  return end;
}

// Yields the text of a file. What it is in, and whether it is text at all, is told by the API from its beginning.
export async function* piecesOf(file, stated) {
  const query = new URLSearchParams(stated ? { encoding: stated } : {});
  const head = { method: "POST", body: file.slice(0, HEAD), headers: { "Content-Type": "application/octet-stream" } };
  const told = await request(`/v1/encodings?${query}`, head).catch((error) => {
    if (error.kind === "encoding") throw new Error(`${file.name} is not ${stated || "utf-8"}; choose its encoding and send it again.`);
    throw error.kind === "file-format" ? new Error(`${file.name}: ${error.message}`) : error;
  });
  const { encoding } = await told.json();
  // A mark of UTF-16 says nothing any more in the UTF-8 that is sent; that of UTF-8 is the file's own.
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: encoding === "utf-8" });
  for (let start = 0; start < file.size; start += SLICE) {
    const bytes = await file.slice(start, start + SLICE).arrayBuffer();
    try {
      yield decoder.decode(bytes, { stream: true });
    } catch {
      throw new Error(`${file.name} is not ${encoding}; choose its encoding and send it again.`);
    }
  }
  yield decoder.decode();
}

// Sends what the API does not have yet. `moved(bytes)` is told how far it is; a broken connection is tried again.
export async function upload(id, pieces, { name, source, target, resumed, signal, moved, waiting }) {
  const known = resumed ? await numbersThere(id, signal) : new Set();
  let number = 0;
  let sent = 0;
  for await (const { text, last } of cut(pieces)) {
    if (!known.has(number)) {
      const query = new URLSearchParams({ source, target, last, ...(name ? { filename: name } : {}) });
      const part = { method: "PUT", body: text, signal, headers: { "Content-Type": "text/plain; charset=utf-8" } };
      await insist(`/v1/documents/${id}/parts/${number}?${query}`, part, waiting);
    }
    sent += encoder.encode(text).length;
    moved(sent);
    number += 1;
  }
}

// Sends a file of another kind than text, which is read when all of it is there; sent again under its id it is the same one.
export async function uploadFile(id, file, encoding, { source, target, signal, waiting }) {
  const query = new URLSearchParams({ id, filename: file.name, source, target, ...(encoding ? { encoding } : {}) });
  const headers = { "Content-Type": "application/octet-stream" };
  try {
    await insist(`/v1/documents?${query}`, { method: "POST", body: file, headers, signal }, waiting);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new Refused(error.status, error.kind, `${file.name}: ${error.message}`);
  }
}

async function numbersThere(id, signal) {
  const there = new Set();
  for (let after = null; ; ) {
    const query = new URLSearchParams({ limit: 1000, ...(after === null ? {} : { after }) });
    try {
      const page = await read(`/v1/documents/${id}/parts?${query}`, signal);
      for (const part of page.items) there.add(part.part);
      if (page.next === null) return there;
      after = page.next;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return there;
      throw error;
    }
  }
}

async function insist(path, options, waiting) {
  for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      await request(path, options);
      waiting(false);
      return;
    } catch (error) {
      if (options.signal.aborted || (error instanceof Refused && error.status < 500)) throw error;
      waiting(true);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
