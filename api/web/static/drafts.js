// What was typed and is not saved yet: it outlives a reload, another page, and a server that is away.
const PREFIX = "satzstrom-draft ";
const held = new Map(); // For browsers that keep nothing.

const nameOf = (id, position) => `${PREFIX}${id} ${position}`;

// A draft: { text, comment: if it is another one, version: that it was made of, fields: what is being saved, if somebody said so,
// refused: what was to be saved when somebody else had been quicker }.
export function draftOf(id, position) {
  try {
    return JSON.parse(localStorage.getItem(nameOf(id, position))) ?? held.get(nameOf(id, position)) ?? null;
  } catch {
    return held.get(nameOf(id, position)) ?? null;
  }
}

export function keepDraft(id, position, draft) {
  held.set(nameOf(id, position), draft);
  try {
    localStorage.setItem(nameOf(id, position), JSON.stringify(draft));
  } catch {
    // It is held as long as the page is open.
  }
}

export function dropDraft(id, position) {
  held.delete(nameOf(id, position));
  try {
    localStorage.removeItem(nameOf(id, position));
  } catch {
    // There was none.
  }
}

// The positions in a document of which there are drafts, in the order of the text.
export function draftsOf(id) {
  const names = new Set(held.keys());
  try {
    for (let at = 0; at < localStorage.length; at += 1) names.add(localStorage.key(at));
  } catch {
    // Only what is held.
  }
  const number = (position) => position.split(".").map(Number);
  return [...names]
    .filter((name) => name.startsWith(nameOf(id, "")))
    .map((name) => name.slice(nameOf(id, "").length))
    .sort((one, other) => number(one)[0] - number(other)[0] || number(one)[1] - number(other)[1]);
}
