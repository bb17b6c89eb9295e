// Paste or drop a text, choose languages, send it.
import { read, Refused } from "./client.js";
import { kindOf, kinds, unknown, usual } from "./kinds.js";
import { element, language, number, say } from "./page.js";
import { piecesOf, upload, uploadFile } from "./upload.js";

const AUTO = "auto";
const UNFINISHED = "satzstrom-unfinished";
// As its mark or its own declaration says, else UTF-8; as guessed; as chosen.
const ENCODINGS = { "": "as the file says", detect: "guess", "utf-8": "utf-8", "windows-1252": "windows-1252", "utf-16le": "utf-16le" };

export async function showSubmit(content, signal) {
  const source = element("select", { id: "source" });
  const target = element("select", { id: "target" });
  const text = element("textarea", { id: "text", spellcheck: "false", placeholder: "Text einfügen …" });
  const file = element("input", { id: "file", type: "file", multiple: true, "aria-describedby": "taken" });
  const taken = element("p", { class: "hint", id: "taken" });
  const encoding = element("select", { id: "encoding" }, ...Object.entries(ENCODINGS).map(([value, name]) => element("option", { value }, name)));
  const send = element("button", { class: "main", type: "submit" }, "Translate");
  const bar = element("progress", { "aria-label": "Upload", hidden: true });
  const note = element("p", { class: "hint", "aria-live": "polite" });
  const where = element("p", { class: "hint", role: "note" });
  const zone = element("div", { class: "drop" }, element("label", { for: "text" }, "Text, or drop files here"), text);
  const form = element(
    "form",
    { "aria-label": "Translate a text" },
    element("div", { class: "row" },
      element("div", {}, element("label", { for: "source" }, "From"), source),
      element("div", {}, element("label", { for: "target" }, "To"), target),
      element("div", { class: "grow" }, element("label", { for: "file" }, "Files of any size"), file),
      element("div", {}, element("label", { for: "encoding" }, "Encoding"), encoding),
      send),
    zone, taken, bar, note, where,
  );
  content.append(element("h1", {}, "Translate documents of any length"), form);

  const [{ pairs }, all] = await Promise.all([read("/v1/pairs", signal), kinds(signal)]);
  file.accept = [...all.flatMap((kind) => kind.suffixes), "text/plain"].join(",");
  taken.textContent = `Files come back as what they are: ${usual(all)}. A PDF with text comes back as Word file or web page.`;
  const fill = (select, codes) => select.replaceChildren(...codes.map((code) => element("option", { value: code }, language(code))));
  const fits = (pair) => source.value === AUTO || pair.source === source.value;
  const targets = () => fill(target, [...new Set(pairs.filter(fits).map((pair) => pair.target))]);
  fill(source, [...new Set(pairs.map((pair) => pair.source))]);
  source.append(element("option", { value: AUTO }, "Detect language"));
  // A language model on a server reads the texts that it translates.
  const far = () => {
    const used = pairs.filter((pair) => fits(pair) && pair.target === target.value);
    where.textContent = used.some((pair) => pair.text_goes === "outside") ? "Texts in these languages leave this network to be translated." : "";
  };
  const chosen = () => {
    targets();
    far();
  };
  chosen();
  source.addEventListener("change", chosen);
  target.addEventListener("change", far);
  if (!pairs.length) note.textContent = "No translator has announced itself yet; reload this page in a moment.";

  const unfinished = JSON.parse(localStorage.getItem(UNFINISHED) ?? "null");
  if (unfinished) note.textContent = `The upload of ${unfinished.name} broke off. Choose the same file again to go on with it.`;

  async function submit(name, size, send) {
    const same = unfinished !== null && unfinished.name === name && unfinished.size === size;
    const id = same ? unfinished.id : newId();
    if (name) localStorage.setItem(UNFINISHED, JSON.stringify({ id, name, size }));
    bar.hidden = false;
    bar.max = Math.max(size, 1);
    await send(id, {
      name, source: source.value, target: target.value, resumed: same, signal,
      moved: (bytes) => {
        bar.value = bytes;
        note.textContent = `${name || "Text"}: ${number(Math.round(bytes / 1024))} KiB sent`;
      },
      waiting: (is) => say(is ? "The connection broke off; the upload goes on as soon as it is back." : ""),
    });
    localStorage.removeItem(UNFINISHED);
    return id;
  }

  function whole(id, file, told) {
    // How much of it has arrived is not known before all has.
    bar.removeAttribute("value");
    note.textContent = `${file.name}: ${number(Math.round(file.size / 1024))} KiB are sent and read`;
    return uploadFile(id, file, encoding.value, told);
  }

  async function translate(files) {
    const wrong = unknown(all, files);
    if (wrong) return say(wrong);
    if (!files.length && !text.value.trim()) return say("Paste a text or choose a file first.");
    say("");
    send.disabled = true;
    try {
      const ids = [];
      for (const one of files) {
        const pieces = kindOf(all, one).text ? piecesOf(one, encoding.value) : null;
        ids.push(await submit(one.name, one.size, (id, told) => (pieces ? upload(id, pieces, told) : whole(id, one, told))));
      }
      if (!files.length) ids.push(await submit("", text.value.length, (id, told) => upload(id, [text.value], told)));
      location.hash = ids.length === 1 ? `#/d/${ids[0]}` : "#/history";
    } catch (error) {
      // What is refused is refused again: there is nothing to go on with.
      if (error instanceof Refused) localStorage.removeItem(UNFINISHED);
      if (!signal.aborted) say(error.message);
    } finally {
      send.disabled = false;
      bar.hidden = true;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    translate([...file.files]);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files.length) translate([...event.dataTransfer.files]);
    else text.value = event.dataTransfer.getData("text");
  });
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return `web-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
