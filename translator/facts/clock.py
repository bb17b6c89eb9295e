"""Times of day: how German says them, how English does, and 24 hours with a colon, which both read alike.

`19:30` loses nothing: a model that is asked for `p.m.` adds it to `9 Uhr` too (decision 41).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from translator.facts import words

_HOURS = {
    word: hour
    for word, hour in words.GERMAN.items()
    if hour <= 24 and not word.endswith(("te", "ten", "ter", "tes", "tem", "tens"))
}
_HOURS |= {"null": 0, "ein": 1, "eins": 1}
_TO_TWELVE = "|".join(
    sorted((word for word, hour in _HOURS.items() if 0 < hour <= 12 and word != "ein"), key=len, reverse=True)
)
_HOUR = r"(?<![\w.,:/§-])(\d{1,2})(?:[.:](\d{2}))?"
_PART = r"(?: +(abends|nachmittags|nachts|mittags)\b)?"
_TO = r"( ?[-\u2013\u2014] ?| (?:bis|und|oder|auf|bzw\.|sowie) (?:um |ca\. |gegen )?|/)"
_SPOKEN = re.compile(rf"{_HOUR}(?:{_TO}(\d{{1,2}})(?:[.:](\d{{2}}))?)? ?Uhr(?![\w-])(?: (\d{{2}})(?![\d.,:%]))?{_PART}")
_SECONDS = re.compile(r"(?<![\w.,:])(\d{1,2}[.:]\d{2}[.:]\d{2}) Uhr(?![\w-])")
_HALF = re.compile(
    rf"\b([Hh]alb|[Vv]iertel (?:nach|vor)|[Dd]rei ?[Vv]iertel) ({_TO_TWELVE}|1[0-2]|[1-9])\b(?: Uhr\b)?{_PART}(?! ?[%.,:]\d)"
)

_ENGLISH_HOURS = {
    word: hour for word, hour in words.ENGLISH.items() if 0 < hour <= 12 and not word.endswith(("th", "st", "nd", "rd"))
}
_ENGLISH = re.compile(
    r"(?<![\d.,:/])(\d{1,2})(?:[.:](\d{2}))?(?![\d:]|[.,]\d) ?(?:([ap])\.? ?m\b\.?|(o[’']clock)\b)"
    r"|(?<![\d.,:/])(\d{1,2}):(\d{2})(?![\d:]|[.,]\d)"
    rf"|\b({'|'.join(_ENGLISH_HOURS)})(?: o[’']clock\b| ([ap])\.?m\b\.?)"
    rf"|\b(half past|(?:a )?quarter (?:past|to)) ({'|'.join(_ENGLISH_HOURS)}|\d{{1,2}})\b"
    r"|\b(noon|midday|midnight)\b",
    re.IGNORECASE,
)
_GERMAN = re.compile(
    rf"(?<![\d.,:/])(\d{{1,2}}):(\d{{2}})(?![\d:]|[.,]\d)|(?<![\w.,:/-])(\d{{1,2}})(?:\.(\d{{2}}))? ?Uhr\b"
    rf"|\b({'|'.join(sorted(_HOURS, key=len, reverse=True))}) Uhr\b"
)
_DAY, _HALF_DAY = 1440, 720


class Time(NamedTuple):
    """A time of day in a text, in minutes since midnight (24:00 is 1440)."""

    minutes: int
    start: int
    end: int


def written(minutes: int) -> str:
    """Return a time as both languages read it: `7:00`, `22:47`."""
    return f"{minutes // 60}:{minutes % 60:02}"


def usual(text: str) -> str:
    """Return a German text with its times as hours and minutes: `8 bis 12.30 Uhr` is `8:00 bis 12:30`."""
    if "alb " in text or "iertel " in text:
        text = _HALF.sub(_half, text)
    return _SPOKEN.sub(_spoken, _SECONDS.sub(lambda match: match[1].replace(".", ":"), text)) if "Uhr" in text else text


def _spoken(match: re.Match[str]) -> str:
    hour, minute, between, last, last_minute, behind, part = match.groups()
    if between is None:
        minutes = _minutes(hour, minute or behind)
        return match[0] if minutes is None else _in_part(minutes, part)
    first, second = _minutes(hour, minute), _minutes(last, last_minute or behind)
    if first is None or second is None:
        return match[0]
    if part and first < second < _HALF_DAY and part in ("abends", "nachmittags"):
        first += _HALF_DAY
    return f"{written(first)}{between}{_in_part(second, part)}"


def _half(match: re.Match[str]) -> str:
    word, named, part = match.groups()
    hour = _HOURS.get(named) or int(named)
    offset = 15 if word.endswith("nach") else -30 if word[0] in "hH" else -15
    minutes = (60 * hour + offset) % _HALF_DAY
    return _in_part(minutes if minutes >= 60 else minutes + _HALF_DAY, part)


def _in_part(minutes: int, part: str | None) -> str:
    """Return a time of twelve hours as one of 24, by the part of the day that is said with it."""
    late = part in ("abends", "nachmittags") or (part == "mittags" and minutes < 180)
    late = late or (part == "nachts" and 540 <= minutes < _HALF_DAY)
    if part == "nachts" and _HALF_DAY <= minutes < _HALF_DAY + 60:
        minutes -= _HALF_DAY
    elif late and minutes < _HALF_DAY:
        minutes += _HALF_DAY
    return written(minutes)


def _minutes(hour: str, minute: str | None) -> int | None:
    """Return minutes since midnight; None for what no clock shows."""
    minutes = 60 * int(hour) + int(minute or 0)
    return minutes if minutes <= _DAY and int(minute or 0) < 60 else None


def german(text: str) -> Iterator[Time]:
    """Yield the times of a German text in which `usual` has written them, and those said in words."""
    for match in _GERMAN.finditer(text):
        hour, minute, spoken, spoken_minute, word = match.groups()
        minutes = _minutes(str(_HOURS[word]) if word else hour or spoken, minute or spoken_minute)
        if minutes is not None:
            yield Time(minutes, *match.span())


def english(text: str) -> Iterator[Time]:
    """Yield the times of an English text; one of `15 p.m.` is 15:00."""
    for match in _ENGLISH.finditer(text):
        hour, minute, half, _, plain, plain_minute, word, word_half, relation, named, name = match.groups()
        if name:
            yield Time(0 if name.lower() == "midnight" else _HALF_DAY, *match.span())
            continue
        if relation:
            full = int(named) if named.isdigit() else _ENGLISH_HOURS[named.lower()]
            offset = 30 if relation.lower().startswith("half") else -15 if relation.lower().endswith("to") else 15
            yield Time(60 * full + offset, *match.span())
            continue
        number = str(_ENGLISH_HOURS[word.lower()]) if word else hour or plain
        minutes = _minutes(number, minute or plain_minute)
        if minutes is None:
            continue
        afternoon = half or word_half
        if afternoon and minutes < _HALF_DAY + 60:
            minutes = minutes % _HALF_DAY + (_HALF_DAY if afternoon.lower() == "p" else 0)
        yield Time(minutes, *match.span())
