// A document's text as somebody takes it away: copied, or downloaded in one of many forms.
import { nameOf, request } from "./client.js";
import { element, say } from "./page.js";

// What every document can be downloaded as.
const FORMS = {
  text: "Text",
  html: "Side by side (HTML)",
  docx: "Side by side (Word)",
  xliff: "For translation programs (XLIFF)",
  tmx: "Translation memory (TMX)",
  jsonl: "JSON lines",
};
const OWN = "file:";

// The elements for it. `kind`: of the file that the document came in, null for a text; `tell` says what came of it.
export function giving(id, kind, signal, tell) {
  // A file is wanted back as what it was; what it comes back as is the first choice.
  const own = (kind?.outputs ?? []).map((name) => [`${OWN}${name}`, name === kind.name ? `As it came (${name})` : `Document (${name})`]);
  const form = element("select", { id: "form" }, ...[...own, ...Object.entries(FORMS)].map(([value, title]) => element("option", { value }, title)));
  return [
    element("button", { type: "button", onclick: toClipboard }, "Copy"),
    element("div", {}, element("label", { for: "form" }, "Download as"), form),
    element("button", { type: "button", onclick: download }, "Download"),
  ];

  function answerAs(format) {
    const path = format.startsWith(OWN) ? `file?output=${format.slice(OWN.length)}` : `export?format=${format}`;
    return request(`/v1/documents/${id}/${path}&partial=source`, { signal });
  }

  async function toClipboard() {
    try {
      await navigator.clipboard.writeText(await (await answerAs("text")).text());
      say("");
      tell("The translation is in the clipboard.");
    } catch (error) {
      say(`It could not be copied: ${error.message}`);
    }
  }

  async function download() {
    try {
      const answer = await answerAs(form.value);
      const link = element("a", { href: URL.createObjectURL(await answer.blob()), download: nameOf(answer) ?? id });
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      say(`It could not be downloaded: ${error.message}`);
    }
  }
}
