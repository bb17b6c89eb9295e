"""Amounts as models know them: no strokes for no cents (`50,- €`, `EUR 1.000,--`), and `pro` for a stroke (`€/Monat`)."""

import re

_NO_CENTS = re.compile(r"(?<=\d)[,.](?:-{1,2}|[\u2013\u2014])(?![\w-])")
# "50 €/Monat" is per month; "km/h" is one unit.
_EACH = re.compile(r"(?<=\d )(€|EUR|CHF|Euro|%|[kmcd]?[gml]|kWh|Stück|GB|MB) ?/ ?(?=[A-ZÄÖÜ][a-zäöüß]{2})")


def usual(text: str) -> str:
    """Return a German text with its amounts as they are said."""
    if "/" in text:
        text = _EACH.sub(r"\1 pro ", text)
    return _NO_CENTS.sub("", text)
