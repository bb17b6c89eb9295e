"""What no model should touch: addresses, placeholders, tags, codes and program text inside a sentence.

Each is replaced by a short name (X1, X2, …; `names.py`), which models copy, and put back afterwards. A small model given the
address itself spells it anew.
"""

import re
from dataclasses import dataclass

from translator import names, verbatim
from translator.names import CODE, Names

_SIGNS = re.compile(verbatim.SIGNS, re.VERBOSE)
# What may stand against a word; anything else that does is a part of the word.
_LOOSE = rf"(?:{verbatim.TAGS} | {verbatim.SYMBOLS} | {verbatim.FIGURES})++"
_MAY_TOUCH = re.compile(_LOOSE, re.VERBOSE)
_KEPT = re.compile(f"{_LOOSE} | {verbatim.PROGRAMS} | {verbatim.CODES}", re.VERBOSE)
_KEPT_IN_LATIN = re.compile(
    f"{_LOOSE} | {verbatim.PROGRAMS} | {verbatim.CODES} | {verbatim.OTHER_SCRIPTS}(?:\\ {verbatim.OTHER_SCRIPTS})*",
    re.VERBOSE,
)
# Words set wide, as title pages have them ("K U R T  W O L F F"): models read letters.
_SET_WIDE = re.compile(r"\W*(?:\w(?:\W+|$)){5,}")
_LETTER = re.compile(r"[^\W\d_]")
# What a sentence without anything to keep has.
_NONE = Names()
# Letters that are read the same in any language beside a number: units and currencies.
_UNITS = re.compile(r"(?<=\d)\s?(?:°\s?[CFK]|[kmcdµ]?[gmlLWVAsJ]|km/h|EUR|USD|CHF)(?!\w)|\bISBN\b")


@dataclass(frozen=True, slots=True)
class Masked:
    """A sentence with names in place of what is kept; `kept` has what each name stands for.

    A name that stood against a word has a space there now; `glued` says on which sides (before, after) that has to go again.
    """

    text: str
    kept: dict[str, str]
    glued: dict[str, tuple[bool, bool]]
    names: Names
    """The family of which the names are; the text as it was uses none of them."""

    @property
    def nothing_left(self) -> bool:
        """Whether the sentence has nothing but what is kept, numbers with their units, punctuation and single letters."""
        if _SET_WIDE.fullmatch(self.text):
            return True
        rest = "".join(self.names.apart(self.text)[::2]) if self.kept else self.text
        return not _LETTER.search(_UNITS.sub("", rest))


def mask(text: str, *, latin: bool = True) -> Masked:
    """Return the sentence with names in place of what no model should touch.

    `latin`: the source's language is written in Latin letters, and others are foreign to it.
    """
    if not _SIGNS.search(text):
        return Masked(text, {}, {}, _NONE)
    family = names.unused(text)
    kept: dict[str, str] = {}
    glued: dict[str, tuple[bool, bool]] = {}

    def replace(match: re.Match[str]) -> str:
        start, end = match.span()
        first, last = text[start - 1 : start], text[end : end + 1]
        before, after = is_word(first), is_word(last)
        # What begins so is nothing else: these patterns are tried before all others.
        if not _MAY_TOUCH.match(match.group()):
            if before or after:
                return match.group()
        else:
            # "Ende.</p>": to the model ".X1" would be one word.
            before, after = before or first in tuple(".:;+"), after or last in tuple("+")
        name = family.of(len(kept) + 1)
        kept[name] = match.group()
        glued[name] = before, after
        return f"{' ' * before}{name}{' ' * after}"

    return Masked((_KEPT_IN_LATIN if latin else _KEPT).sub(replace, text), kept, glued, family)


def missing(source: str, translation: str) -> bool:
    """Whether a translation of masked text has lost or doubled a name, or a code of its own that looks like one."""
    wanted = sorted(CODE.findall(source))
    return bool(wanted) and sorted(CODE.findall(translation)) != wanted


def unmask(translation: str, masked: Masked) -> str:
    """Put back what the names stand for."""
    if not masked.kept:
        return translation

    parts = masked.names.apart(translation)
    for place in range(1, len(parts), 2):
        name = parts[place].strip()
        # A name that nobody gave may not come out.
        before, after = masked.glued.get(name, (False, False))
        left, right = parts[place].split(name)
        parts[place] = f"{'' if before else left}{masked.kept.get(name, '')}{'' if after else right}"
    return "".join(parts)


def is_word(character: str) -> bool:
    """Whether a character, if there is one, would become one word with a name beside it."""
    return character.isalnum() or character == "_"
