// The way on with a document whose upload broke off, or that was cancelled.
import { element, say } from "./page.js";

export const isBroken = (status) => status.state === "incomplete" || status.stalled_since !== null;

// The elements for it; none where nothing is to be done. `current` gives the document's status.
export function wayOn(current) {
  const status = current();
  const cancelled = status.state === "cancelled";
  if (!cancelled && !isBroken(status)) return [];
  // What sends it is fetched when there is something to send.
  const send = (how, ...chosen) => import("./resuming.js").then((ways) => ways[how](current(), ...chosen)).catch((error) => say(error.message));
  const button = (title, onclick) => element("button", { type: "button", class: "small", onclick }, title);
  // A text that was typed is nobody's file.
  if (cancelled && !status.metadata.filename) return [button("Send it again: paste its text", () => send("sendAgain"))];
  // A file of another kind is with the pipeline, which reads it on by itself, or it came as a whole and cannot be read.
  const anew = cancelled || status.read !== null;
  const file = element("input", { type: "file", hidden: true, onchange: () => {
    const [chosen] = file.files;
    file.value = "";
    if (chosen) send(anew ? "sendAgain" : "goOn", chosen);
  } });
  return [button(anew ? "Send it again: choose its file" : "Go on: choose the same file", () => file.click()), file];
}
