"""A sentence for the model without what no model should touch: addresses, placeholders, tags, codes, program text, marks.

What is a word to a reader (`{name}`, an address) is replaced by a short name (X1, X2, …; `names.py`), which models copy, and
put back afterwards: a small model given the address itself spells it anew. What is a mark (emphasis, a tag, a note;
`marks.py`) is taken out, and put back by alignment (`placing.py`). A text within something that is kept (a link's title, the
branches of a plural) is translated on its own.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from translator.kept import finding, marks, messages, names
from translator.kept.finding import Kept
from translator.kept.marks import Kind, Mark, Token
from translator.kept.names import CODE, Names

# Words set wide, as title pages have them ("K U R T  W O L F F"): models read letters.
_SET_WIDE = re.compile(r"\W*(?:\w(?:\W+|$)){5,}")
_LETTER = re.compile(r"[^\W\d_]")
# No unit has as many.
_FIVE_LETTERS = re.compile(r"[^\W\d_]{5}")
# Letters that are read the same in any language beside a number: units and currencies.
_UNITS = re.compile(r"(?<=\d)\s?(?:°\s?[CFK]|[kmcdµ]?[gmlLWVAsJ]|km/h|EUR|USD|CHF)(?!\w)|\bISBN\b")
# Characters for private use stand for marks and for texts within what is kept; of them those that the text does not use.
_PRIVATE = range(0xF0000, 0xFFFFE)
_IS_PRIVATE = re.compile("([\U000f0000-\U000ffffd])")
_WITH_SPACE = re.compile("( ?)([\U000f0000-\U000ffffd])( ?)")
_LETTER_ENTITY = re.compile(
    r"&(?:[A-Za-z](?:uml|acute|grave|circ|tilde|cedil|ring|slash|caron)|szlig|(?:ae|AE|oe|OE)lig"
    r"|#(?:19[2-9]|2[0-4]\d|25[0-5])|#x[CcDdEeFf][\dA-Fa-f]);"
)
_LETTER_ESCAPE = re.compile(r"(?<!\\)\\u(00[CcDdEeFf][\dA-Fa-f])")
# What somebody says; one word alone is a field.
_ASCII_QUOTES = re.compile(r"<<(?![\w-]{1,60},\S)(?=[^<>\n]{0,300}[ !?.,])([^<>\n]{1,300})>>")
# Between one of these and a word there is a space, or something that parts them ("Ende.<br>Anfang").
_ENDS = ".!?…:;,"
# No sentence has more marks.
_MOST_MARKS = 1000


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
    marks: dict[str, Mark] = field(default_factory=dict)
    """By the character that stands for each."""
    places: list[tuple[int, str]] = field(default_factory=list)
    """Before which character of `text` each mark that was lifted out of it stood, in order."""
    inside: dict[str, str] = field(default_factory=dict)
    """Texts within what is kept, by the character that stands for each."""

    @property
    def nothing_left(self) -> bool:
        """Whether the sentence has nothing but what is kept, numbers with their units, punctuation and single letters."""
        if _SET_WIDE.fullmatch(self.text):
            return True
        rest = "".join(self.names.apart(self.text)[::2]) if self.kept else self.text
        if _FIVE_LETTERS.search(rest):
            return False
        return not _LETTER.search(_UNITS.sub("", rest))


def mask(text: str, *, latin: bool = True) -> Masked:
    """Return the sentence with names in place of what no model should touch, and a character in place of each mark.

    `lift` takes these characters out.

    `latin`: the source's language is written in Latin letters, and others are foreign to it.
    """
    found = finding.find(text, latin=latin)
    if not found:
        return Masked(text, {}, {}, Names())
    tokens = [one for one in found if isinstance(one, Token)][:_MOST_MARKS]
    roles = dict(zip(tokens, marks.pair(tokens), strict=True))
    making = _Making(text, tokens)
    for place, one in enumerate(found):
        if isinstance(one, Kept):
            making.keep(one)
        elif role := roles.get(one):
            making.take_out(one, role, found[place + 1 : place + 2])
    return making.made()


def with_letters(text: str) -> str:
    r"""Return the text with letters where entities of HTML or escapes of programs stand for some: "f&uuml;r", "f\u00fcr".

    Quotation marks of ASCII (`<<Komm!>>`) become those that they stand for.
    """
    if "<<" in text:
        text = _ASCII_QUOTES.sub(r"«\1»", text)
    if "\\u" in text:
        text = _LETTER_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return _LETTER_ENTITY.sub(lambda match: html.unescape(match.group()), text) if "&" in text else text


def lift(masked: Masked) -> Masked:
    """Return the sentence without the characters that stand for marks, but where they stood: for a model."""
    if not masked.marks:
        return masked
    rest: list[str] = []
    places: list[tuple[int, str]] = []
    length = 0
    for part in _IS_PRIVATE.split(masked.text):
        if part in masked.marks:
            places.append((length, part))
        else:
            rest.append(part)
            length += len(part)
    return replace(masked, text="".join(rest), places=places)


def unmask(translation: str, masked: Masked, inside: Mapping[str, str] | None = None) -> str:
    """Put back what names and characters stand for; `inside` has the translations of the texts within what is kept."""
    if masked.kept:
        parts = masked.names.apart(translation)
        for place in range(1, len(parts), 2):
            name = parts[place].strip()
            # A name that nobody gave may not come out.
            before, after = masked.glued.get(name, (False, False))
            left, right = parts[place].split(name)
            parts[place] = f"{'' if before else left}{masked.kept.get(name, '')}{'' if after else right}"
        translation = "".join(parts)
    texts = masked.inside | dict(inside or {})
    if texts or masked.marks:
        translation = _WITH_SPACE.sub(lambda match: _meant(match, masked.marks), translation)
        translation = _IS_PRIVATE.sub(lambda match: texts.get(match.group(), match.group()), translation)
    return translation


def emptied(masked: Masked, translation: str) -> bool:
    """Whether a tag or the like that stood around words of the source stands around none in the translation."""
    at = {character: position for position, character in masked.places}
    for character, mark in masked.marks.items():
        closing = masked.marks.get(mark.partner or "")
        if closing is None or closing.raw == mark.raw or translation.count(mark.raw) != 1:
            continue
        stretch = masked.text[at[character] : at[mark.partner or ""]]
        first = translation.index(mark.raw) + len(mark.raw)
        last = translation.find(closing.raw, first)
        if any(map(str.isalnum, stretch)) and last >= 0 and not any(map(str.isalnum, translation[first:last])):
            return True
    return False


def missing(source: str, translation: str) -> bool:
    """Whether a translation of masked text has lost or doubled a name, or a code of its own that looks like one."""
    wanted = sorted(CODE.findall(source))
    return bool(wanted) and sorted(CODE.findall(translation)) != wanted


def is_word(character: str) -> bool:
    """Whether a character, if there is one, would become one word with a name beside it."""
    return character.isalnum() or character == "_"


class _Making:
    """A masked text while it is made, from its beginning."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._out: list[str] = []
        self._position = 0
        self._masked = Masked("", {}, {}, names.unused(text))
        used = set(text)
        self._private: Iterator[str] = (chr(code) for code in _PRIVATE if chr(code) not in used)
        self._characters: dict[Token, str] = {}
        # The last character that is no mark's, and whether one of the marks since then is no part of a word.
        self._tail = ""
        self._parted = False

    def keep(self, one: Kept) -> None:
        """Put a name in place of what is kept."""
        first, last = self._text[one.start - 1 : one.start], self._text[one.end : one.end + 1]
        before, after = is_word(self._tail if one.start == self._position else first), is_word(last)
        if not one.loose:
            if before or after:
                return
        else:
            # "Ende.</p>": to the model ".X1" would be one word.
            before, after = before or first in tuple(".:;+"), after or last in tuple("+")
        masked = self._masked
        name = masked.names.of(len(masked.kept) + 1)
        masked.kept[name] = self._raw(one.parts)
        masked.glued[name] = before, after
        self._add(one.start, f"{' ' * before}{name}{' ' * after}", one.end)
        self._tail = " " if after else "1"

    def take_out(self, one: Token, role: tuple[Kind, int | None], following: Sequence[Kept | Token]) -> None:
        """Put a character in place of a mark; of spaces on both of its sides one goes with it."""
        kind, partner = role
        raw = self._raw(finding.parts_of(self._text[one.start : one.end]))
        start, end = one.start, one.end
        left, right = self._text[start - 1 : start], self._text[end : end + 1]
        touching = following and following[0].start == end and isinstance(following[0], Token)
        if right == " " and left in ("", " ") and kind != "close" and (kind == "open" or not left):
            raw, end = f"{raw} ", end + 1
        elif left == " " and not touching and (not right or right in " .,;:!?)") and start > self._position:
            raw, start = f" {raw}", start - 1
        self._add(start, "", start)
        self._parted = self._parted or not marks.is_part_of_words(raw)
        between = is_word(right) and (is_word(self._tail) or self._tail in tuple(_ENDS))
        parts = self._parted and between and not touching and end == one.end
        character = self._character(one)
        closing = self._character(self._tokens[partner]) if partner is not None else None
        self._masked.marks[character] = Mark(raw, kind, closing, parts)
        self._out += (character, " " * parts)
        self._position = end
        if parts:
            self._tail = " "

    def made(self) -> Masked:
        """Return the masked text."""
        return replace(self._masked, text="".join((*self._out, self._text[self._position :])))

    def _add(self, start: int, text: str, end: int) -> None:
        before = self._text[self._position : start]
        self._out += (before, text)
        self._position = end
        if before or text:
            self._tail, self._parted = (text or before)[-1], False

    def _raw(self, parts: messages.Parts) -> str:
        return "".join(part if isinstance(part, str) else self._inside(part.text) for part in parts)

    def _inside(self, text: str) -> str:
        character = next(self._private)
        self._masked.inside[character] = text
        return character

    def _character(self, token: Token) -> str:
        if token not in self._characters:
            self._characters[token] = next(self._private)
        return self._characters[token]


def _meant(match: re.Match[str], table: Mapping[str, Mark]) -> str:
    before, character, space = match.groups()
    mark = table.get(character)
    if mark is None:
        return match.group()
    if mark.parts and before and mark.kind == "open" and match.string[match.start() - 1 : match.start()] in _ENDS:
        # "Ende.<i>Anfang": the space that parted the two for the model stands before the mark now.
        return f"{mark.raw}{space}"
    return f"{before}{mark.raw}{'' if mark.parts else space}"
