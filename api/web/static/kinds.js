// Kinds of files that are translated, as the API names them.
import { read } from "./client.js";

// What else stands behind a dot belongs to the name: "Kapitel 1. Der Anfang".
const SUFFIX = /\.[a-z][a-z0-9]{0,9}$/i;
let known = null;

export async function kinds(signal) {
  known ??= (await read("/v1/formats", signal)).formats;
  return known;
}

const suffixOf = (file) => /\.[^.]*$/.exec(file.name)?.[0].toLowerCase();

// The kind of a file by its name; what has no suffix, and what its sender's system calls text, is text. Null: none of these.
export function kindOf(all, file) {
  const suffix = suffixOf(file);
  const text = all.find((kind) => kind.text);
  // Whatever its length, a suffix that is translated is one.
  const found = suffix && all.find((kind) => kind.suffixes.includes(suffix));
  return found || (!SUFFIX.test(file.name) || file.type === "text/plain" ? text : null);
}

// What to do with a file of none of the kinds.
export function otherwise(all, file) {
  const wanted = all.find((kind) => kind.saved_from.includes(suffixOf(file)));
  return wanted ? `Save it as ${wanted.name}, and send that.` : `Send ${usual(all)}.`;
}

// The usual suffixes, for people.
export const usual = (all) => all.map((kind) => kind.suffixes[0].slice(1)).join(", ");
