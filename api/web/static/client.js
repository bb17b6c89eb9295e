// The API: requests, server-sent events, and what goes wrong in words.
import { Away, keyTaken, keyWanted, lost, reached, untilAgain, untilBack } from "./away.js";
import { ask, key } from "./key.js";

export class Refused extends Error {
  constructor(status, kind, detail) {
    super(detail);
    this.status = status;
    this.kind = kind;
  }
}

// A key that is missing or wrong is asked for, and the request made again; what was typed stays. Throws `Refused`, and `Away`
// where nobody is reached.
export async function request(path, options = {}) {
  for (;;) {
    const used = key();
    const headers = { ...options.headers, ...(used ? { Authorization: `Bearer ${used}` } : {}) };
    const answer = await sent(path, { ...options, headers });
    if (answer.status === 401) {
      if (await ask(used)) continue;
      keyWanted(() => ask(key(), true));
      throw new Refused(401, "unauthorized", "Without a key this pipeline shows and takes nothing.");
    }
    keyTaken();
    if (answer.ok || answer.status === 304) return answer;
    let problem = {};
    try {
      problem = await answer.json();
    } catch {
      // An answer that is not the API's, of a proxy perhaps.
    }
    throw new Refused(answer.status, (problem.type ?? "").split(":").pop(), problem.detail ?? `The server answered ${answer.status}.`);
  }
}

async function sent(path, options) {
  try {
    const answer = await fetch(path, options);
    reached();
    return answer;
  } catch (error) {
    throw unlessAway(error, options.signal);
  }
}

// What fetch throws where nobody is reached: a TypeError with words of the browser's own.
function unlessAway(error, signal) {
  if (signal?.aborted || !(error instanceof TypeError)) return error;
  lost();
  return new Away();
}

// Whether there is no key for what was wanted: all goes on when one is given.
export const isLocked = (error) => error instanceof Refused && error.status === 401;

// Reads JSON. While the pipeline is away, or wants a key, it waits, and goes on by itself.
export async function read(path, signal) {
  for (;;) {
    try {
      const answer = await request(path, { signal });
      return await answer.json().catch((error) => {
        throw unlessAway(error, signal);
      });
    } catch (error) {
      if (!(error instanceof Away || isLocked(error)) || signal?.aborted) throw error;
      await (isLocked(error) ? untilAgain(signal) : untilBack(signal));
    }
  }
}

// The name that an answer gives the file that it is.
export function nameOf(answer) {
  const named = /filename\*=UTF-8''([^;]+)/i.exec(answer.headers.get("Content-Disposition") ?? "");
  return named && decodeURIComponent(named[1]);
}

// Server-sent events by fetch, because EventSource cannot send a key. Comes back by itself where it broke off;
// `handlers.server` is told whether the server answers.
export async function follow(path, signal, handlers) {
  let last = null;
  let pause = 500;
  while (!signal.aborted) {
    try {
      const answer = await request(path, { signal, headers: last ? { "Last-Event-ID": last } : {} });
      handlers.server?.(true);
      if (answer.status === 204) return;
      for await (const event of events(answer.body)) {
        pause = 500;
        if (event.id) last = event.id;
        handlers[event.kind]?.(JSON.parse(event.data));
      }
      if (last === "end") return;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused && error.status < 500 && !isLocked(error)) throw error;
      handlers.server?.(false);
      if (isLocked(error)) await untilAgain(signal).catch(() => {});
      if (error instanceof Away) await untilBack(signal).catch(() => {});
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, 8000);
  }
}

async function* events(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const blocks = rest.split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = {};
      for (const line of block.split("\n")) {
        const [name, ...text] = line.split(": ");
        if (name === "event") event.kind = text.join(": ");
        else if (name === "data") event.data = text.join(": ");
        else if (name === "id") event.id = text.join(": ");
      }
      if (event.kind) yield event;
    }
  }
}
