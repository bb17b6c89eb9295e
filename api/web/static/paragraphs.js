// Sentences as the paragraphs that they are in the text, source and translation side by side.
import { element } from "./page.js";
import { reasonsOf, wordsOf } from "./reasons.js";

const oneLine = (text) => text.replace(/\s+/g, " ").trim();

// The sentences with which a paragraph begins and ends are all there: a block holds whole paragraphs.
export function paragraphsOf(sentences, languages) {
  const found = [];
  let last = null;
  for (const sentence of sentences) {
    const of = `${sentence.position.split(".")[0]}.${sentence.layout.paragraph}`;
    if (last?.of !== of) {
      if (last) found.push(last.node);
      last = { of, ...begun(sentence, languages) };
    }
    add(last, sentence, languages);
  }
  return last ? [...found, last.node] : found;
}

function begun({ layout: { above, kind, level } }, languages) {
  const heading = level ? { role: "heading", "aria-level": Math.min(6, level + 1) } : {};
  const source = element("p", { class: "source", lang: languages.source, dir: "auto", ...heading });
  const target = element("p", { class: "target", lang: languages.target, dir: "auto", ...heading });
  const rule = above && element("p", { class: "rule", dir: "auto" }, above);
  return { source, target, node: element("div", { class: `paragraph ${kind}` }, rule || null, source, target) };
}

function add({ source, target }, sentence, languages) {
  for (const side of [source, target]) {
    if (side.childNodes.length) side.append(sentence.layout.line ? element("br") : " ");
    if (sentence.layout.before) side.append(`${sentence.layout.before} `);
    side.append(element("span", { class: "s", "data-at": sentence.position, tabindex: "-1" }));
  }
  source.lastChild.textContent = oneLine(sentence.source);
  fill(target.lastChild, sentence, languages);
}

// Puts what is known of a sentence's translation where it stands.
export function fill(node, sentence, { source, target }) {
  const missing = sentence.translation === null;
  const reasons = missing ? [] : reasonsOf(sentence);
  node.classList.toggle("waiting", missing);
  node.classList.toggle("doubt", reasons.length > 0);
  node.classList.toggle("failed", Boolean(sentence.failed));
  node.classList.toggle("low", sentence.level === "low");
  node.classList.toggle("corrected", Boolean(sentence.corrected));
  node.classList.toggle("approved", Boolean(sentence.approved));
  if ((missing || sentence.failed) && source) node.lang = source;
  else if (node.lang && node.lang !== target) node.lang = target;
  node.textContent = missing ? "…" : oneLine(sentence.translation);
  if (missing) node.append(element("span", { class: "unseen" }, "not translated yet"));
  // Those who hear the page are told of doubts where they are.
  else if (reasons.length || sentence.level === "low") node.append(element("span", { class: "unseen", lang: "en" }, ` (${wordsOf(sentence)})`));
  node.title = missing ? "" : wordsOf(sentence);
}
