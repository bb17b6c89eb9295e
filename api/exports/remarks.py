"""What a reviewer should know of a sentence, in words."""

from api.schemas import Judgement
from store.parts import StoredSentence


def doubt(sentence: StoredSentence) -> str:
    """Return why a sentence is worth a look; empty if nothing is known against it."""
    if sentence.translation is None:
        return "not translated yet"
    if sentence.failed:
        return "no translation could be made; this is the source"
    return f"worth checking: {', '.join(sentence.suspect)}" if sentence.suspect else ""


_REMEMBERED = {
    "context": "from memory: a person's, between the same sentences",
    "exact": "from memory: a person's, for the same sentence",
    "numbers": "from memory: a person's, with other figures",
    "repeat": "as the same sentence before",
}


def remembered(sentence: StoredSentence) -> str:
    """Return where a translation comes from if that is the translation memory; else nothing."""
    return _REMEMBERED[sentence.memory] if sentence.memory else ""


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
