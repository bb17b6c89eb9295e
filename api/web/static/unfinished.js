// Uploads that are under way, remembered until they are taken or given up: so they outlive their page.
import { Refused, request } from "./client.js";

const KEY = "satzstrom-uploads";
const MOST = 2000;
const LOOKED_AT = 64 * 1024;

const all = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
};

// A file of a batch that was taken stays known until all of the batch are: who chooses the same files again sends none twice.
function store(entries) {
  const open = new Set(entries.filter((entry) => !entry.taken).map((entry) => entry.batch?.id));
  const kept = entries.filter((entry) => !entry.taken || (entry.batch && open.has(entry.batch.id)));
  localStorage.setItem(KEY, JSON.stringify(kept.slice(-MOST)));
}

export const unfinished = all;
export const forget = (...ids) => store(all().filter((entry) => !ids.includes(entry.id)));

export function remember(...entries) {
  const ids = new Set(entries.map((entry) => entry.id));
  store([...all().filter((one) => !ids.has(one.id)), ...entries]);
}

// The others of a batch that are not taken yet.
export const openBeside = ({ id, batch }) => all().filter((entry) => entry.batch?.id === batch.id && entry.id !== id && !entry.taken);

// What tells whether a file or a text is the same one again.
export async function print(name, content) {
  const text = typeof content === "string" ? content : new TextDecoder("latin1").decode(await content.slice(0, LOOKED_AT).arrayBuffer());
  let hash = 2166136261;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619) >>> 0;
  return `${name} ${content.size ?? content.length} ${hash}`;
}

// Gives an upload up: nothing of it stays.
export async function giveUp({ id, text, begun }) {
  for (const path of begun ? [`/v1/documents/${id}`, ...(text ? [] : [`/v1/files/${id}`])] : []) {
    await request(path, { method: "DELETE" }).catch((error) => {
      if (!(error instanceof Refused && error.status === 404)) throw error;
    });
  }
  forget(id);
}
