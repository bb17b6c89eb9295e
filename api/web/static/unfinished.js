// Uploads that broke off with their page: remembered until they are taken or given up.
import { Refused, request } from "./client.js";

const KEY = "satzstrom-uploads";
const MOST = 50;
const LOOKED_AT = 64 * 1024;

const all = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
};
const store = (entries) => localStorage.setItem(KEY, JSON.stringify(entries.slice(-MOST)));

export const unfinished = all;
export const forget = (id) => store(all().filter((entry) => entry.id !== id));
export const remember = (entry) => store([...all().filter((one) => one.id !== entry.id), entry]);

// What tells whether a file or a text is the same one again.
export async function print(name, content) {
  const text = typeof content === "string" ? content : new TextDecoder("latin1").decode(await content.slice(0, LOOKED_AT).arrayBuffer());
  let hash = 2166136261;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619) >>> 0;
  return `${name} ${content.size ?? content.length} ${hash}`;
}

// Gives an upload up: nothing of it stays.
export async function giveUp({ id, text }) {
  for (const path of [`/v1/documents/${id}`, ...(text ? [] : [`/v1/files/${id}`])]) {
    await request(path, { method: "DELETE" }).catch((error) => {
      if (!(error instanceof Refused && error.status === 404)) throw error;
    });
  }
  forget(id);
}
