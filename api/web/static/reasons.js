// Why a translation should be checked, in words.
export const REASONS = {
  capped: "it may break off",
  chat: "the model said something of its own instead of translating",
  copy: "it was not translated",
  empty: "it is empty",
  failed: "no translation could be made: this is the source",
  kept: "an address, a placeholder or a sign is missing",
  language: "the source is in a language that nothing translates",
  length: "it is much shorter or longer than its source",
  numbers: "a number, a time or a unit is missing or changed",
  quotes: "quotation marks are missing or moved",
  repetition: "it repeats itself",
  short: "something may be missing",
  unaligned: "its words could not be set beside those of the source",
  unusual: "it has words that the model hardly knows",
  unsure: "it was made again, and the model was unsure",
};

// The codes of a sentence's reasons.
export const reasonsOf = (sentence) => (sentence.failed ? ["failed"] : sentence.suspect);

// "Doubtful: …", or how sure the model was; empty where nothing is known against it.
export function wordsOf(sentence) {
  const found = sentence.translation === null ? [] : reasonsOf(sentence).map((reason) => REASONS[reason] ?? reason);
  if (found.length) return `Doubtful: ${found.join("; ")}.`;
  const { level, reason } = sentence;
  if (!level || level === "high") return "";
  return `${level[0].toUpperCase()}${level.slice(1)} confidence: ${reason}.`;
}
