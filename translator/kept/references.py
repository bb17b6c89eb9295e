"""References in German to parts of a law, pages and pictures (`Artikel 72 Absatz 3`, `Abbildung 3`), and some short forms.

A small model makes sets of the sentences of a law, sides of pages, and characters and education of a picture. References to
law with abbreviations are looked up as they stand, and kept (`verbatim.py`).
"""

import re

from translator.kept import labels, terms
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
    "Seite": "page",
}
# Written out in German they are as strange to a small model.
_FORMS = {
    "MwSt.": "VAT",
    "USt.": "VAT",
    "USt-IdNr.": "VAT ID",
    "k. A.": "n/a",
    "i. A.": "p.p.",
    "i. H. v.": "of",
    "z. Hd.": "attn.",
    "gez.": "signed",
    "d. Ä.": "the Elder",
    "n. Chr.": "AD",
}
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_REFERENCE = re.compile(
    rf"(?<!\w)(?:(?:§ ?|(?:{_PART}) )\d{{1,4}}[a-z]?(?:,? (?:{_PART}) (?:\d{{1,3}}[a-z]?|[a-z]{{1,2}})(?!\w)){{1,6}}"
    r"|Abbildung \d{1,3}(?:\.\d{1,3})?[a-z]?(?!\w)|Seite(?= \d{1,4}(?![.,]?\w)))"
)
_WORD = re.compile(rf"\b(?:{_PART})\b")
# The full stop of one that ends a text ends its sentence too.
_FORM = re.compile(
    r"(?<![\w.-])(?:"
    + "|".join(rf"{re.escape(one[:-1])}(?:\.(?=.*\w)|(?=\.))".replace(r"\ ", " ?") for one in _FORMS)
    + r")(?![\w-])"
)
_FORM_OF = {short[:-1].replace(" ", ""): full for short, full in _FORMS.items()}
_SOME = ("Absatz", "Satz ", "Artikel", "Nummer", "Abbildung ", "Seite ")
_SOME_FORMS = ("n. Chr", "n.Chr", "USt", "MwSt", "k.", "i.", "z.", "gez.", "d.")


def mask(masked: Masked) -> Masked:
    """Return a German sentence with names in place of references; they stand for them in English."""
    text = masked.text
    if warning := labels.alone(text):
        return terms.given(masked, [warning])
    found = []
    if any(part in text for part in _SOME):
        found += [(*match.span(), _in_english(match)) for match in _REFERENCE.finditer(text)]
    if any(part in text for part in _SOME_FORMS):
        found += [
            (*match.span(), _FORM_OF[match[0].replace(" ", "").removesuffix(".")]) for match in _FORM.finditer(text)
        ]
    return terms.given(masked, sorted(found))


def _in_english(match: re.Match[str]) -> str:
    written = _WORD.sub(lambda word: _PARTS[word[0]], match[0])
    return written if match.start() else written[0].upper() + written[1:]
