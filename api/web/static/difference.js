// How one text became another, word by word.
import { element } from "./page.js";

const MOST = 250_000; // Pairs of words that are compared; texts of more are shown as wholly other.
const WORDS = /[\p{L}\p{M}\p{N}]+|\s+|[^\p{L}\p{M}\p{N}\s]/gu;

// Pieces of both texts in turn: { change: "same" | "removed" | "added", text }.
export function difference(before, after) {
  const [old, fresh] = [before.match(WORDS) ?? [], after.match(WORDS) ?? []];
  if (old.length * fresh.length > MOST) return [{ change: "removed", text: before }, { change: "added", text: after }];
  const width = fresh.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === fresh[j] ? common[(i + 1) * width + j + 1] + 1 : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const pieces = [];
  const add = (change, text) => {
    if (pieces.at(-1)?.change === change) pieces.at(-1).text += text;
    else pieces.push({ change, text });
  };
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      add("same", old[i]);
      [i, j] = [i + 1, j + 1];
    } else if (j >= fresh.length || (i < old.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      add("removed", old[i]);
      i += 1;
    } else {
      add("added", fresh[j]);
      j += 1;
    }
  }
  return readable(pieces);
}

// Spaces and signs that stayed by chance between words that did not are read as a part of what changed.
function readable(pieces) {
  const found = [];
  let [removed, added] = ["", ""];
  const flush = () => {
    if (removed) found.push({ change: "removed", text: removed });
    if (added) found.push({ change: "added", text: added });
    [removed, added] = ["", ""];
  };
  pieces.forEach(({ change, text }, at) => {
    const between = at > 0 && at < pieces.length - 1 && !/[\p{L}\p{N}]/u.test(text);
    if (change === "removed" || (change === "same" && between)) removed += text;
    if (change === "added" || (change === "same" && between)) added += text;
    if (change !== "same" || between) return;
    flush();
    found.push({ change, text });
  });
  flush();
  return found;
}

// The pieces as they are read: what is gone is struck out, what is new is underlined.
export const shown = (pieces) =>
  pieces.map(({ change, text }) => (change === "same" ? text : element(change === "removed" ? "del" : "ins", {}, text)));
