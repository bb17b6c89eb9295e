// DeepL's client for Node, unchanged: node deepl.mjs ADDRESS. Prints what came as JSON.
import * as deepl from "deepl-node";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const client = new deepl.DeepLClient("an-example-of-a-key-1", { serverUrl: process.argv[2], maxRetries: 0 });
const found = {};

found.text = await client.translateText("Das ist ein Haus.", null, "en-GB");
found.several = (await client.translateText(["Der Hund schläft.", "Guten Tag."], "de", "en-US")).map((one) => one.text);
found.options = (
  await client.translateText("Der Hund\nschläft.", "de", "en-GB", {
    splitSentences: "nonewlines", preserveFormatting: true, formality: "prefer_more", context: "Ein Brief.",
    modelType: "prefer_quality_optimized",
  })
).text;
found.tags = (await client.translateText("<p>Der <b>Hund</b> schläft.</p>", "de", "en-GB", { tagHandling: "html" })).text;
found.sources = (await client.getSourceLanguages()).map((one) => one.code);
found.targets = (await client.getTargetLanguages()).map((one) => one.code);
found.pairs = await client.getGlossaryLanguagePairs();
found.usage = (await client.getUsage()).character;

const folder = await mkdtemp(join(tmpdir(), "clients-"));
await writeFile(join(folder, "in.txt"), "Das ist ein Haus.\n");
await client.translateDocument(join(folder, "in.txt"), join(folder, "out.txt"), "de", "en-GB");
found.document = await readFile(join(folder, "out.txt"), "utf-8");

const one = await client.createGlossary("eins", "de", "en", new deepl.GlossaryEntries({ entries: { Haus: "residence" } }));
found.glossary = (await client.translateText("Das ist ein Haus.", "de", "en-GB", { glossary: one })).text;
found.entries = (await client.getGlossaryEntries(one)).entries();
await client.deleteGlossary(one);

const entries = (terms) => ({ sourceLangCode: "de", targetLangCode: "en", entries: new deepl.GlossaryEntries({ entries: terms }) });
const many = await client.createMultilingualGlossary("viele", [entries({ Haus: "villa" })]);
await client.updateMultilingualGlossaryDictionary(many, entries({ Hund: "Rex" }));
found.multilingual = (await client.translateText("Der Hund schläft vor dem Haus.", "de", "en-GB", { glossary: many })).text;
await client.replaceMultilingualGlossaryDictionary(many, entries({ Katze: "Tom" }));
found.replaced = (await client.getMultilingualGlossaryDictionaryEntries(many, "de", "en")).entries.entries();
found.named = (await client.updateMultilingualGlossaryName(many, "andere")).name;
found.listed = (await client.listMultilingualGlossaries()).map((glossary) => glossary.name);
await client.deleteMultilingualGlossaryDictionary(many, "de", "en");
await client.deleteMultilingualGlossary(many);

found.styles = await client.getAllStyleRules();
const refused = async (promise) => promise.then(() => "taken", (error) => `${error.constructor.name}: ${error.message}`);
found.rephrased = await refused(client.rephraseText("Das ist ein Satz.", "de"));
found.missing = await refused(client.getGlossary(one.glossaryId));
found.unknown = await refused(client.translateText("Salut.", "fr", "de"));

console.log(JSON.stringify(found));
