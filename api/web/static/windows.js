// What other windows of this browser are sending: it did not break off, however little of it is there.
const channel = new BroadcastChannel("satzstrom-uploads");
const me = crypto.getRandomValues(new Uint32Array(2)).join(".");
const others = new Map();
const changes = new EventTarget();
let mine = [];

export const elsewhere = { has: (id) => [...others.values()].some((ids) => ids.has(id)) };
export const onElsewhere = (act) => changes.addEventListener("change", act);

// Tells the others the ids of what this window is sending.
export function share(ids) {
  mine = ids;
  channel.postMessage({ window: me, ids });
}

channel.addEventListener("message", ({ data: { window: other, ids } }) => {
  if (!ids) return share(mine);
  others.set(other, new Set(ids));
  return changes.dispatchEvent(new Event("change"));
});
window.addEventListener("pagehide", () => share([]));
channel.postMessage({ window: me });
