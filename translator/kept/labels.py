"""Labels before a colon (`ACHTUNG: Hochspannung!`, `Ort: Rathaus`) and words of warning alone: no part of the sentence.

In capitals a small model copies them or spells them anew, and of `Achtung:` it makes the number eight.
"""

import re
from typing import NamedTuple

_ENGLISH = {
    "Achtung": "Attention",
    "Anlage": "Enclosure",
    "Anlagen": "Enclosures",
    "Anmerkung": "Note",
    "Anmerkungen": "Notes",
    "Antwort": "Answer",
    "Beispiel": "Example",
    "Beispiele": "Examples",
    "Fehler": "Error",
    "Frage": "Question",
    "Gefahr": "Danger",
    "Hinweis": "Note",
    "Hinweise": "Notes",
    "Info": "Info",
    "Merke": "Remember",
    "Ort": "Place",
    "Thema": "Topic",
    "Tipp": "Tip",
    "Tipps": "Tips",
    "Vorsicht": "Caution",
    "Warnung": "Warning",
    "Wichtig": "Important",
    "Ziel": "Aim",
}
_KNOWN = re.compile(rf"({'|'.join(_ENGLISH)}):(?= )", re.IGNORECASE)
_ALONE = re.compile(r"\W*+(Achtung|Vorsicht|Warnung|Tipp|Fehler|Wichtig|Gefahr|Merke)(?=\W*\Z)", re.IGNORECASE)
# Of words in capitals one has four letters and more; "TOP 1:" and "PS:" are none.
_CAPITALS = re.compile(r"(?=[A-ZÄÖÜ ]{0,40}[A-ZÄÖÜ]{4})[A-ZÄÖÜ]{2,30}(?: [A-ZÄÖÜ]{2,30}){0,3}(?::(?= )|(?= \())")
# "Fläche 85 m²", "Preis: 12,50 €": what it is, and an amount that is written the same anywhere.
_AMOUNT_LAST = re.compile(
    r"(?P<what>[^\W\d_][^\W\d_-]{0,40}(?: [^\W\d_][^\W\d_-]{0,40}){0,2}:?) "
    r"(?P<amount>[-+±]?\d[\d.,]{0,20}[ \u00a0\u202f]?"
    r"(?:[mck]?m[²³]?|kg|m?g|m?l|kWh?|[WVA]|[kMG]?Hz|[kMGT]B|°[CF]?|[%‰€$£]|EUR|CHF|USD)(?:/[a-z²³]{1,3})?)"
)
_SMALL = re.compile(r"[a-zäöüß]")


class Label(NamedTuple):
    """What stands before a text: as it is written, and in English where that is known."""

    text: str
    english: str | None


def find(text: str, *, english: bool) -> Label | None:
    """Return the label that a text begins with, with its colon; `english` asks for what it is called there."""
    if english and (known := _KNOWN.match(text)):
        return Label(known[0], f"{_written(known[1])}:")
    capitals = _CAPITALS.match(text)
    return Label(capitals[0], None) if capitals and _SMALL.search(text, capitals.end()) else None


def alone(text: str) -> tuple[int, int, str] | None:
    """Return where the word stands of a text that is nothing but a word of warning, and that in English; or None."""
    found = _ALONE.match(text)
    return (*found.span(1), _written(found[1])) if found else None


def before_amount(text: str) -> tuple[str, str] | None:
    """Return a noun, or words with a colon, and the amount behind it of a text that is nothing else."""
    found = _AMOUNT_LAST.fullmatch(text)
    if not found or not (found["what"].endswith(":") or found["what"].rpartition(" ")[2][0].isupper()):
        return None
    return found["what"], found["amount"]


def _written(word: str) -> str:
    english = _ENGLISH[word.capitalize()]
    return english.upper() if word.isupper() else english if word[0].isupper() else english.lower()
