"""Numbers in a sentence and in its translation: written in the target's way, and none lost.

German writes 1.234,5 where English writes 1,234.5; a small model sometimes leaves the separators as they were.
"""

import re

# Digits with what separates their groups: an amount, a decimal number, a date.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Digits in groups of three, or decimals after a comma (a point, where the language writes points there).
_AMOUNT = re.compile(r"(?<![\d.,:/])(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+)(?![\d:/]|[.,]\d)")
_SWAP = str.maketrans(".,", ",.")
# A time of day changes its numbers on the way from 24 to 12 hours.
_TIME = re.compile(r"\d{1,2}(?:[.:]\d{2})?\s*Uhr")
# A sign belongs to a number if nothing stands before it, and no range or part of a word is meant.
_NEGATIVE = re.compile(r"(?:^|(?<=[\s(]))[-\u2212–](\d+)")
_MINUS = re.compile(r"[-\u2212–]\s?\d|\b[Mm]inus\b|\b(?:below|under)\b")
# A number with a part of a word behind it ("1duction"); "1990s" and "18th" are well.
_GLUED = re.compile(r"\d[^\W\d_]{3,}")
# What stands beside a number is read as digits, not as a word: "5 %", "3 kg".
_MEASURED = re.compile(
    r"(?<![\d.,])\d{1,2}(?=\s?(?:[%‰°€$£¥]|(?:[km]?g|[kcm]?m|[cm]?l|ml|GB|MB|km/h|kW|EUR)(?!\w)))|(?<=[€$£¥§])\s?\d{1,2}\b"
)
# Numbers up to twelve are often written as words by translators; longer ones are not.
_WRITTEN_OUT = 12
_COMMA_DECIMALS = frozenset(
    [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "es",
        "fi",
        "fr",
        "hr",
        "hu",
        "it",
        "nb",
        "nl",
        "pl",
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "sv",
        "tr",
        "uk",
    ]
)
_POINT_DECIMALS = frozenset(("en", "he", "hi", "ja", "ko", "th", "zh"))


def swaps(source: str, target: str) -> bool:
    """Whether the target language writes a point where the source language writes a comma."""
    return source.partition("-")[0] in _COMMA_DECIMALS and target.partition("-")[0] in _POINT_DECIMALS


def written_anew(source: str, translation: str) -> str:
    """Return the translation with amounts that stand there as in the source written with point and comma exchanged."""
    amounts = set(_AMOUNT.findall(source))
    if not amounts:
        return translation
    return _AMOUNT.sub(lambda one: one[0].translate(_SWAP) if one[0] in amounts else one[0], translation)


def lost(source: str, translation: str) -> bool:
    """Whether a number of the source is not in the translation, or has lost its sign."""
    if not any(map(str.isdigit, source)):
        return False
    timeless = _TIME.sub("", source)
    there = set(_NUMBER.findall(translation))
    digits = {_value(group) for number in there for group in re.split(r"\D", number)}
    for number in set(_NUMBER.findall(timeless)):
        if _AMOUNT.fullmatch(number):
            if not _amount_is_there(number, there):
                return True
        elif any(_value(group) > _WRITTEN_OUT and _value(group) not in digits for group in re.split(r"\D", number)):
            return True
    if any(_value(number) not in digits for number in _MEASURED.findall(timeless)):
        return True
    if _GLUED.search(translation) and not _GLUED.search(source):
        return True
    return len(_NEGATIVE.findall(source)) > len(_MINUS.findall(translation))


def _value(digits: str) -> int:
    """Return a number; of very long ones, which Python refuses to read, the end."""
    return int(digits[-40:])


def _amount_is_there(amount: str, there: set[str]) -> bool:
    """Whether an amount is there in one of the ways in which languages write it."""
    swapped = amount.translate(_SWAP)
    forms = {amount, swapped, swapped.replace(",", ""), amount.replace(".", "")}
    if "," in amount:
        # 2,50 may become 2.5, and 2,00 become 2.
        forms |= {form.rstrip("0").rstrip(".") for form in (swapped, swapped.replace(",", ""))}
    return bool(forms & there)
