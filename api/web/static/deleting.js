// Deletions that can be undone for some seconds, wherever one goes meanwhile.
import { request } from "./client.js";
import { element, say } from "./page.js";

const PATIENCE = 8000;
const pending = new Map();
const bar = element("div", { class: "undo", "aria-live": "polite" });
document.body.append(bar);

// Tells of "change": something is going, was kept after all, or is gone.
export const deletions = new EventTarget();
export const isGoing = (id) => pending.has(id);

// Deletes a document, unless somebody undoes that in time.
export function remove(id, name) {
  if (pending.has(id)) return;
  const undo = element("button", { type: "button", onclick: () => keep(id) }, "Undo");
  const row = element("p", {}, `“${name}” is deleted. `, undo);
  pending.set(id, { row, timer: setTimeout(() => finish(id), PATIENCE) });
  bar.append(row);
  changed();
  // What was pressed goes with its row; with keys alone one would have to pass all others in eight seconds.
  undo.focus({ preventScroll: true });
}

function keep(id) {
  clearTimeout(pending.get(id).timer);
  forget(id);
}

async function finish(id) {
  try {
    await request(`/v1/documents/${id}`, { method: "DELETE", keepalive: true });
  } catch (error) {
    if (error.status !== 404) say(`It could not be deleted: ${error.message}`);
  }
  forget(id);
}

function forget(id) {
  const { row } = pending.get(id);
  const focused = row.contains(document.activeElement);
  pending.delete(id);
  row.remove();
  if (focused) document.getElementById("content").focus({ preventScroll: true });
  changed();
}

const changed = () => deletions.dispatchEvent(new Event("change"));

// Who closes the page does not undo any more.
window.addEventListener("pagehide", () => {
  for (const [id, { timer }] of pending) {
    clearTimeout(timer);
    request(`/v1/documents/${id}`, { method: "DELETE", keepalive: true }).catch(() => {});
  }
});
