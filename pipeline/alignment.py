"""Words of a text, counted alike wherever it is asked which word of a translation belongs to which of its source."""

import re

# What changes or joins letters belongs to their word: marks, joiners, soft hyphens, vowel signs of Indic and other scripts.
_PART = r"[^\W_]|[\u00ad\u0300-\u036f\u0900-\u0eff\u200c\u200d]"
# These are written without spaces; a character is about a word.
_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_WORD = re.compile(
    rf"\d++(?:[.,:]\d++)*+(?:(?!{_IDEOGRAPH})(?:{_PART}))*+|{_IDEOGRAPH}"
    rf"|(?:(?!{_IDEOGRAPH})(?:{_PART}))++(?:['’](?:(?!{_IDEOGRAPH})(?:{_PART}))++)*+|\S"
)

Span = tuple[int, int]
"""Start and end in a text, in code points."""


def words(text: str) -> list[Span]:
    """Return where the words of a text stand, in order: runs of letters and digits, numbers, and each other sign alone.

    So a comma behind a word is one of its own, and `don't` and `1.234,50` are one each. All but white space is in a word.
    """
    return [match.span() for match in _WORD.finditer(text)]
