// A client of LibreTranslate for Node, unchanged, and requests as pages send them: node libretranslate.mjs ADDRESS.
import libretranslate from "libretranslate";

const address = process.argv[2];
const found = {};

found.text = await libretranslate.translate({ query: "Das ist ein Haus.", source: "de", target: "en", apiurl: address });
found.detected = await libretranslate.translate({ query: "Der Hund schläft.", target: "en", apiurl: address });
found.html = await libretranslate.translate({ query: "<b>Guten Tag.</b>", source: "de", target: "en", format: "html", apiurl: address });
// An address with a stroke at its end, as people enter it.
found.stroke = await libretranslate.translate({ query: "Guten Tag.", source: "de", target: "en", apiurl: `${address}/` });
// The example of LibreTranslate's own page.
const answer = await fetch(`${address}/translate`, {
  method: "POST",
  body: JSON.stringify({ q: "Guten Tag.", source: "auto", target: "en", format: "text", alternatives: 3, api_key: "" }),
  headers: { "Content-Type": "application/json" },
});
found.page = await answer.json();
const form = new FormData();
form.append("file", new Blob(["Guten Tag.\n"], { type: "text/plain" }), "brief.txt");
form.append("source", "de");
form.append("target", "en");
const sent = await (await fetch(`${address}/translate_file`, { method: "POST", body: form })).json();
found.file = await (await fetch(sent.translatedFileUrl)).text();

console.log(JSON.stringify(found));
