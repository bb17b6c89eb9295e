"""What a reviewer should know of a sentence, in words."""

from api.schemas.sentences import Judgement
from store.parts import StoredSentence

REASONS = {
    "capped": "it may break off",
    "chat": "the model said something of its own instead of translating",
    "copy": "it was not translated",
    "empty": "it is empty",
    "failed": "no translation could be made: this is the source",
    "kept": "an address, a placeholder or a sign is missing",
    "language": "the source is in a language that nothing translates",
    "length": "it is much shorter or longer than its source",
    "numbers": "a number, a time or a unit is missing or changed",
    "quotes": "quotation marks are missing or moved",
    "repetition": "it repeats itself",
    "short": "something may be missing",
    "unaligned": "its words could not be set beside those of the source",
    "unusual": "it has words that the model hardly knows",
    "unsure": "it was made again, and the model was unsure",
}
"""Why a translation should be checked, in words; the page says the same."""


def doubt(sentence: StoredSentence) -> str:
    """Return why a sentence is worth a look; empty if nothing is known against it."""
    if sentence.translation is None:
        return "not translated yet"
    reasons = ["failed"] if sentence.failed else sentence.suspect
    return f"doubtful: {'; '.join(REASONS.get(reason, reason) for reason in reasons)}" if reasons else ""


_REMEMBERED = {
    "context": "from memory: a person's, between the same sentences",
    "exact": "from memory: a person's, for the same sentence",
    "numbers": "from memory: a person's, with other figures",
    "repeat": "as the same sentence before",
}


def remembered(sentence: StoredSentence) -> str:
    """Return where a translation comes from if that is the translation memory; else nothing."""
    return _REMEMBERED[sentence.memory] if sentence.memory else ""


def terms(sentence: StoredSentence, *, kept: bool) -> list[str]:
    """Return the terms of the glossary that a translation has, or of those that it misses, with what they are to become."""
    return [f"{hit.source} → {hit.target}" for hit in sentence.terms if hit.kept is kept]


def missed(sentence: StoredSentence) -> str:
    """Return which terms a translation misses; empty where it misses none."""
    found = terms(sentence, kept=False)
    return f"not as in the glossary: {'; '.join(found)}" if found else ""


def said(sentence: StoredSentence) -> str:
    """Return what people did to a sentence and said of it; empty where nobody did anything."""
    change = sentence.change
    if change is None:
        return ""
    what = [word for word, so in (("corrected", change.text is not None), ("approved", change.approved)) if so]
    by = f" by {change.by}" if change.by and what else ""
    comment = f"comment: {change.comment}" if change.comment else ""
    return "; ".join(part for part in (" and ".join(what) + by, comment) if part)


def confidence(sentence: StoredSentence) -> Judgement:
    """Return how far a sentence's translation can be relied on."""
    return Judgement.of(sentence.confidence, sentence.suspect, sentence.translation)


def unsure(sentence: StoredSentence) -> str:
    """Return how far a sentence's translation can be relied on, if that is not high; else nothing."""
    judged = confidence(sentence)
    if judged.level not in {"medium", "low"}:
        return ""
    return f"{judged.level} confidence ({judged.confidence}): {judged.reason}"
