// The API: requests, server-sent events, and what goes wrong in words.

const KEY = "satzstrom-key";

export class Refused extends Error {
  constructor(status, kind, detail) {
    super(detail);
    this.status = status;
    this.kind = kind;
  }
}

export async function request(path, options = {}) {
  for (;;) {
    const key = sessionStorage.getItem(KEY);
    const headers = { ...options.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
    const answer = await fetch(path, { ...options, headers });
    if (answer.status === 401) {
      const given = window.prompt("This pipeline asks for a key:");
      if (given) {
        sessionStorage.setItem(KEY, given.trim());
        continue;
      }
    }
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

export const read = async (path, signal) => (await request(path, { signal })).json();

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
      if (error instanceof Refused && error.status < 500) throw error;
      handlers.server?.(false);
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
