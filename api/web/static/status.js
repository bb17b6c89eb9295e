// For whoever runs the pipeline: what waits, who works, what went wrong.
import { read } from "./client.js";
import { element, number, when } from "./page.js";
import { pause } from "./pausing.js";

const EVERY = 2000;
const GOES = { machine: "stay on its machine", network: "stay in its network", outside: "LEAVE ITS NETWORK" };

export async function showStatus(content, signal) {
  const readiness = element("p", { role: "status" });
  const tables = element("div");
  content.append(element("h1", {}, "Status"), readiness, tables,
    element("footer", { class: "soft" }, "For programs: ", element("a", { href: "/docs" }, "the API"), " and ", element("a", { href: "/asyncapi" }, "topics and events on Kafka"), "."));
  while (!signal.aborted) {
    const found = await read("/v1/pipeline", signal);
    const line = found.ready ? "Ready: documents are translated." : `Not ready: ${found.missing.join("; ")}`;
    // Only what is new is read out.
    if (readiness.textContent !== line) readiness.textContent = line;
    if (signal.aborted) return;
    tables.replaceChildren(
      table("Under way", ["State", "Documents"], Object.entries(found.documents)),
      table("Waiting", ["Reader", "Topic", "Records"], found.lag.map((lag) => [lag.group, lag.topic, lag.records])),
      table("Translators", ["Translator", "Engine", "On", "Models", "Texts"], found.translators.map((one) => [one.id, one.engine, one.device, one.models.join(", "), GOES[one.text_goes]])),
      table("Newest dead letters", ["When", "Service", "What is wrong"], found.dead_letters.map((letter) => [when(letter.at), letter.service, letter.message])),
    );
    await pause(EVERY, signal);
  }
}

function table(title, heads, rows) {
  if (!rows.length) return element("section", {}, element("h2", {}, title), element("p", { class: "soft" }, "None."));
  const kind = (value) => (typeof value === "number" ? "number" : null);
  return element("section", {}, element("h2", {}, title), element("table", {},
    element("thead", {}, element("tr", {}, ...heads.map((head, place) => element("th", { scope: "col", class: kind(rows[0][place]) }, head)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((value) => element("td", { class: kind(value) }, ...(typeof value === "number" ? [number(value)] : broken(value)))))))));
}

// A line of a narrow window ends behind a full stop of a name, not within a word.
const broken = (text) => text.split(/(?<=[.@])/).flatMap((piece) => [piece, element("wbr")]);
