// Files on their way into the queue, from wherever they come; and how far uploads are, on every page.
import { kinds } from "./kinds.js";
import { counted, element, number, say } from "./page.js";
import { queue } from "./queue.js";

const MOST = 1000;

// Takes files to the page for translating, wherever they come from.
export async function take(given) {
  const files = await given;
  if (place() !== "" && files.length) location.hash = "#/";
  await queue.add([...files].slice(0, MOST), await kinds());
  if (files.length > MOST) say(`These are ${counted(files.length, "file")}; the first ${number(MOST)} are listed. Send the others after them.`);
}

// The files in folders, and in folders in these.
export async function filesWithin(entries) {
  const found = [];
  for (const entry of entries) {
    if (entry.isFile) found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    if (!entry.isDirectory) continue;
    const reader = entry.createReader();
    // A folder is told a hundred entries at a time.
    for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))), some.length; ) found.push(...(await filesWithin(some)));
  }
  return found;
}

// On every page: how far uploads are.
const line = element("a", { class: "uploads", href: "#/", hidden: true });
document.querySelector("header")?.append(line);
const place = () => location.hash.split("/")[1] ?? "";
queue.addEventListener("change", told);
window.addEventListener("hashchange", told);

function told() {
  const under = queue.of("waiting", "sending", "reading");
  const refused = queue.of("refused").length;
  const all = under.length + queue.of("taken").length;
  const share = under.reduce((sum, item) => sum + item.share, 0) / Math.max(1, under.length);
  // There each has its row.
  line.hidden = place() === "" || (!under.length && !refused);
  line.textContent = under.length
    ? `Sending ${all > 1 ? `${all - under.length + 1} of ${all}` : ""}, ${Math.floor(share * 100)} %`.replace(" ,", ",")
    : `${counted(refused, "file was", "files were")} not taken`;
}
