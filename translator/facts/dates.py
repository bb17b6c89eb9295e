"""Dates in figures: `1.4.2024` is `1. April 2024` to the model, which then writes the month's English name.

A day and a month without a year count as a date only behind a word that asks for one: `3.5.` may be a chapter.
"""

import re

from translator.facts.words import GERMAN_MONTHS

_DAY_MONTH = r"(0?[1-9]|[12]\d|3[01])\.(?: ?)(0?[1-9]|1[0-2])\."
_WITH_YEAR = re.compile(rf"(?<![\w.,/])(?<!ersion ){_DAY_MONTH} ?((?:1\d|20)\d\d)(?![\w/-]|[.,]\d)")
_POINT = re.compile(r"\d\. ?\d")
_DAYS = "Mo|Di|Mi|Do|Fr|Sa|So|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag"
_ASKS = (
    r"(?:(?:[Aa]m|[Vv]om|[Bb]is|[Zz]um|[Aa]b|[Ss]eit|[Vv]or|[Nn]ach|[Dd]e[nrms]|[Uu]nd|[Oo]der|[Jj]eden) "
    rf"|(?:{_DAYS})(?:\.?, |\.? ))"
)
_WITHOUT_YEAR = re.compile(rf"\b({_ASKS}(?:(?:[Dd]en|[Dd]em) )?){_DAY_MONTH}(?![\w/]| ?\d)")

_CLOSING = '"”“’‘»«) '


def usual(text: str) -> str:
    """Return a German text with the months of its dates as names."""
    if not _POINT.search(text):
        return text
    text = _WITH_YEAR.sub(lambda match: f"{_day(match[1], match[2])} {match[3]}", text)
    # The full stop of one that ends a text ends its sentence too.
    last = len(text.rstrip(_CLOSING))
    return _WITHOUT_YEAR.sub(lambda match: f"{match[1]}{_day(match[2], match[3])}{'.' * (match.end() == last)}", text)


def _day(day: str, month: str) -> str:
    return f"{int(day)}. {GERMAN_MONTHS[int(month) - 1]}"
