// Files may be dropped anywhere in the window: none makes the browser leave the page.
import { say } from "./page.js";

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
let within = 0;

const over = (is) => document.documentElement.classList.toggle("dropping", is);

window.addEventListener("dragenter", (event) => {
  if (hasFiles(event)) over((within += 1) > 0);
});
window.addEventListener("dragleave", (event) => {
  if (hasFiles(event)) over((within = Math.max(0, within - 1)) > 0);
});
window.addEventListener("dragover", (event) => {
  if (hasFiles(event)) event.preventDefault();
});
window.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  within = 0;
  over(false);
  // Only while the event is answered they can be had.
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...event.dataTransfer.files];
  // What takes them is fetched when there are any.
  import("./taking.js")
    .then(({ filesWithin, take }) => take(entries.some((entry) => entry.isDirectory) ? filesWithin(entries) : plain))
    .catch((error) => say(error.message));
});
