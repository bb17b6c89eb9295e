// Words that are looked for are marked in the text, without a change to it, where the browser can do so.
const NAME = "found";

// A text without case, accents and soft hyphens, and for each of its characters where it was.
function folded(text) {
  let plain = "";
  const places = [];
  let at = 0;
  for (const letter of text) {
    const made = letter.normalize("NFKD").toLowerCase().replace(/[\p{M}\u00ad]/gu, "").replace(/ß/g, "ss").replace(/\s/g, " ");
    plain += made;
    for (let count = 0; count < made.length; count += 1) places.push(at);
    at += letter.length;
  }
  places.push(at);
  return { plain, places };
}

export function marked(list, words) {
  if (!CSS.highlights) return;
  const sought = folded(words.trim().replace(/\s+/g, " ")).plain;
  const ranges = [];
  for (const node of sought ? list.querySelectorAll(".s") : []) {
    const text = node.firstChild;
    if (text?.nodeType !== Node.TEXT_NODE) continue;
    const { plain, places } = folded(text.data);
    for (let at = plain.indexOf(sought); at >= 0; at = plain.indexOf(sought, at + sought.length)) {
      const range = new Range();
      range.setStart(text, places[at]);
      range.setEnd(text, places[at + sought.length]);
      ranges.push(range);
    }
  }
  CSS.highlights.set(NAME, new Highlight(...ranges));
}
