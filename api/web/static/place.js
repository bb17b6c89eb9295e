// Where somebody is in a document: in the address, so that it can be sent and reloaded, and remembered for the next visit.
const KEPT = "satzstrom-places";
const MOST = 200; // Documents whose places are remembered.
const POSITION = /^\d{1,7}\.\d{1,7}$/;

const places = () => {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
};

// The position that a query in an address names, or the one where the document was left; null for none.
export function placeOf(id, query) {
  const named = new URLSearchParams(query).get("s") ?? places()[id];
  return POSITION.test(named ?? "") ? named : null;
}

export const addressOf = (id, position) => `#/d/${encodeURIComponent(id)}${position ? `?s=${position}` : ""}`;

// Notes a place; `step`: so that the browser's Back leads to where one was.
export function note(id, position, step = false) {
  const address = addressOf(id, position);
  if (location.hash !== address) history[step ? "pushState" : "replaceState"](null, "", address);
  const { [id]: _, ...others } = places();
  const kept = Object.entries(others).slice(1 - MOST);
  try {
    localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries([...kept, ...(position ? [[id, position]] : [])])));
  } catch {
    // A browser that keeps nothing has the address.
  }
}
