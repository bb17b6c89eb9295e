// Texts of any size, sent in parts while they are read, which go on where they broke off, and files of other kinds.
import { untilAgain } from "./away.js";
import { isLocked, Refused, read, request } from "./client.js";

const LIMIT = 60_000; // Bytes; the API takes 65,536.
const SLICE = 256 * 1024;
const PIECE = 1024 * 1024; // Bytes; the API goes on with a file at full MiB.
const DEFECTS = 3; // Answers of a server that fails, before it is said.
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

// Yields the text of a file in an encoding that it was found to be in.
export async function* piecesOf(file, encoding) {
  // A mark of UTF-16 says nothing any more in the UTF-8 that is sent; that of UTF-8 is the file's own.
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: encoding === "utf-8" });
  for (let start = 0; start < file.size; start += SLICE) yield decoder.decode(await bytes(file, start, SLICE), { stream: true });
  yield decoder.decode();
}

async function bytes(file, start, length) {
  try {
    return await file.slice(start, start + length).arrayBuffer();
  } catch {
    throw new Error("It was changed, moved or deleted while it was sent; choose it again.");
  }
}

// Sends the parts of a text that the API does not have yet. `query` says what is to become of it; `moved(bytes)` is told how
// far it is, `waiting(for)` of a connection that broke off ("network"), or a key that is wanted ("key"): it goes on after that.
export async function sendText(id, pieces, { query, resumed, signal, moved, waiting }) {
  const there = resumed ? await insist(() => numbersThere(id, signal), signal, waiting) : new Set();
  let number = 0;
  let sent = 0;
  for await (const { text, last } of cut(pieces)) {
    if (!there.has(number)) {
      const part = { method: "PUT", body: text, signal, headers: { "Content-Type": "text/plain; charset=utf-8" } };
      const path = `/v1/documents/${id}/parts/${number}?${new URLSearchParams({ ...query, last })}`;
      await insist(() => request(path, part), signal, waiting);
    }
    sent += encoder.encode(text).length;
    moved(sent);
    number += 1;
  }
}

// Sends a file of another kind than text, in pieces, from where it broke off; it is read when all of it is there.
export async function sendFile(id, file, { query, resumed, signal, moved, waiting }) {
  const known = () => bytesThere(id, signal);
  let sent = resumed ? await insist(known, signal, waiting) : 0;
  while (sent < file.size) {
    const body = await bytes(file, sent, PIECE);
    const range = `bytes ${sent}-${sent + body.byteLength - 1}/${file.size}`;
    const headers = { "Content-Type": "application/octet-stream", "Content-Range": range };
    const path = `/v1/files/${id}?${new URLSearchParams({ filename: file.name })}`;
    ({ bytes: sent } = await insist(async () => (await request(path, { method: "PUT", body, headers, signal })).json(), signal, waiting));
    moved(sent);
  }
  await insist(() => request(`/v1/documents?${new URLSearchParams({ ...query, id, file: id })}`, { method: "POST", signal }), signal, waiting);
  // The document keeps a copy of its own.
  await insist(() => request(`/v1/files/${id}`, { method: "DELETE", signal }), signal, waiting).catch(unlessMissing);
}

const unlessMissing = (error) => {
  if (!(error instanceof Refused && error.status === 404)) throw error;
};

async function bytesThere(id, signal) {
  try {
    return (await read(`/v1/files/${id}`, signal)).bytes;
  } catch (error) {
    unlessMissing(error);
    return 0;
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
      unlessMissing(error);
      return there;
    }
  }
}

// Does what may be done again until it is done: a connection that is away comes back, a server too; a defect stays.
export async function insist(act, signal, waiting) {
  let defects = 0;
  for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      const done = await act();
      waiting("");
      return done;
    } catch (error) {
      if (signal.aborted) throw error;
      if (isLocked(error)) {
        waiting("key");
        await untilAgain(signal);
        continue;
      }
      if (error instanceof Refused) {
        const passes = error.status === 502 || error.status === 503 || error.status === 504 || error.kind === "rate-limited";
        if (error.status < 500 && !passes) throw error;
        if (!passes && (defects += 1) > DEFECTS) throw error;
      } else if (!(error instanceof TypeError)) throw error;
      waiting("network");
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
