"""References in German to parts of a law and to pictures: `Artikel 72 Absatz 3 Satz 1`, `Abbildung 3`.

A small model makes sets of the sentences of a law, and characters and education of a picture. References to law with
abbreviations are looked up as they stand, and kept (`verbatim.py`).
"""

import re

from translator.kept import terms
from translator.kept.masks import Masked

_PARTS = {
    "Artikel": "Article",
    "Artikels": "Article",
    "Absatz": "paragraph",
    "Unterabsatz": "subparagraph",
    "Satz": "sentence",
    "Halbsatz": "half-sentence",
    "Nummer": "number",
    "Buchstabe": "letter",
    "Ziffer": "item",
    "Abbildung": "Figure",
}
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_REFERENCE = re.compile(
    rf"(?<!\w)(?:(?:§ ?|(?:{_PART}) )\d{{1,4}}[a-z]?(?:,? (?:{_PART}) (?:\d{{1,3}}[a-z]?|[a-z]{{1,2}})(?!\w)){{1,6}}"
    r"|Abbildung \d{1,3}(?:\.\d{1,3})?[a-z]?(?!\w))"
)
_WORD = re.compile(rf"\b(?:{_PART})\b")


def mask(masked: Masked) -> Masked:
    """Return a German sentence with names in place of references; they stand for them in English."""
    if not any(part in masked.text for part in ("Absatz", "Satz ", "Artikel", "Nummer", "Abbildung ")):
        return masked
    found = [
        (*match.span(), _WORD.sub(lambda word: _PARTS[word[0]], match[0])) for match in _REFERENCE.finditer(masked.text)
    ]
    return terms.given(masked, found)
