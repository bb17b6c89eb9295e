// Reading aloud, by the browser's own voices.
import { element } from "./page.js";

// A button that is hidden where there is no voice.
export function speaker(list, choice, signal) {
  const voices = window.speechSynthesis;
  const button = element("button", { type: "button", class: "icon", hidden: true, "aria-pressed": "false", "aria-label": "Read aloud", title: "Read aloud", onclick: toggle }, "▶");
  if (!voices) return button;
  const look = () => { button.hidden = voices.getVoices().length === 0; };
  look();
  voices.addEventListener?.("voiceschanged", look, { signal });
  signal.addEventListener("abort", () => voices.cancel());
  let turn = 0; // What an earlier press began does not go on.

  function toggle() {
    turn += 1;
    voices.cancel();
    const speaks = button.getAttribute("aria-pressed") === "true";
    shown(!speaks);
    if (!speaks) speak(choice.position && list.sentence(choice.position) ? choice.position : list.first()?.position, turn);
  }

  function shown(speaks) {
    button.setAttribute("aria-pressed", speaks);
    button.textContent = speaks ? "■" : "▶";
    button.ariaLabel = button.title = speaks ? "Stop reading aloud" : "Read aloud";
  }

  async function speak(position, mine) {
    const number = position ? list.parts.numberOf(position) : null;
    if (!list.sentence(position)) await list.go(position ?? "0.0").catch(() => false);
    const sentence = list.sentence(position);
    if (mine !== turn) return undefined;
    if (number === null || !sentence) return shown(false);
    choice.choose(position);
    const node = list.seen(position);
    const { top, bottom } = node?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
    if (top < 60 || bottom > innerHeight - 40) node?.scrollIntoView({ block: "center" });
    const source = list.view.dataset.view === "source" || sentence.translation === null || sentence.failed;
    const said = new SpeechSynthesisUtterance(source ? sentence.source : sentence.translation);
    said.lang = (source ? list.languages.source : list.languages.target) ?? "";
    said.onend = () => mine === turn && (number + 1 < list.total ? speak(list.parts.position(number + 1), mine) : shown(false));
    said.onerror = () => mine === turn && shown(false);
    voices.speak(said);
    return undefined;
  }

  return button;
}
