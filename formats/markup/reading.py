"""A text with tags as its reader sees it, and what else it has at which place."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from formats.markup import attributes
from formats.markup.asides import end_of_aside, end_of_element, end_of_foreign_ruby, may_be_aside
from formats.markup.attributes import Attribute
from formats.markup.characters import SPECIAL, SPECIAL_OF_PAGE, is_division, meant
from formats.markup.links import borders
from formats.markup.pictures import inscriptions, is_picture
from formats.markup.rules import Rules
from formats.markup.tokens import Token, tokens
from formats.markup.tree import Tag
from formats.strings.lines import runs_on

SEPARATOR = "\n\n"
"""Stands between blocks."""
# What a text may have that looks like the beginning of a placeholder.
_LIKE_PLACEHOLDER = re.compile(r"\{(k(?:\d{1,7}k)?)")
_LEADING_SPACE = re.compile(r"\s+")
# Characters of a line that say whether a sentence goes on in it, and tokens that may stand before them.
_LINE, _LINE_TOKENS = 300, 60


@dataclass(frozen=True, slots=True)
class Stand:
    """Characters of the text that stand for something else in the source; `anchor`: it comes back where they come out."""

    start: int
    end: int
    raw: str
    anchor: bool


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an attribute of a tag; where it is read at the end of the text."""

    tag: int
    attribute: Attribute
    start: int
    end: int


@dataclass(slots=True)
class Reading:
    """What a text with tags has: `text` is what people read, and everything else has a place in that.

    From `tail` on it has values of attributes, each with the separator behind it.
    """

    text: str = ""
    tail: int = 0
    stands: list[Stand] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    languages: list[tuple[int, Attribute]] = field(default_factory=list)
    """Attributes that name a language, with the numbers of their tags."""
    left: Counter[str] = field(default_factory=Counter)
    """What was left as it is, by reason."""


def read(source: str, rules: Rules) -> Reading:
    """Return what a text with tags has. In time proportional to its length."""
    found = list(tokens(source, html=rules.html, xml=rules.xml))
    return read_tokens(found, unused_prefix(source), rules.for_document(found))


def read_tokens(found: Sequence[Token], prefix: str, rules: Rules) -> Reading:
    """Return what tokens have; names of placeholders begin with `prefix`, which no brace of the text goes on with."""
    return _Reader(found, prefix, rules).read()


class _Reader:
    def __init__(self, found: Sequence[Token], prefix: str, rules: Rules) -> None:
        self._found, self._rules = found, rules
        self._borders = borders(found, rules) if rules.page else ()
        self._out = Reading()
        self._pieces: list[str] = []
        self._length = 0
        self._ends_block = True
        self._preformatted = 0
        self._prefix = prefix
        self._placeholders = count(1)
        self._values: list[tuple[int, Attribute]] = []

    def read(self) -> Reading:
        position = 0
        while position < len(self._found):
            if position in self._borders:
                self._end_block()
            position += self._read(self._found, position)
        self._out.tail = self._length
        if self._values and not self._ends_block:
            self._pieces.append(SEPARATOR)
            self._length += len(SEPARATOR)
        for number, attribute in self._values:
            self._out.values.append(Value(number, attribute, self._length, self._length + len(attribute.text)))
            self._pieces.append(attribute.text + SEPARATOR)
            self._length += len(attribute.text) + len(SEPARATOR)
        self._out.text = "".join(self._pieces)
        return self._out

    def _read(self, found: Sequence[Token], position: int) -> int:
        """Read what begins with a token; return how many tokens it has."""
        token, rules = found[position], self._rules
        if token.kind == "text":
            self._add_text(token.raw)
        elif token.kind == "open" and rules.is_kept(token):
            end = end_of_element(found, position)
            self._keep(found[position:end])
            return end - position
        elif token.kind == "open" and (ruby := end_of_foreign_ruby(found, position, rules)):
            self._keep(found[position:ruby])
            return ruby - position
        elif token.kind == "open" and (aside := self._end_of_aside(position)):
            self._tag("".join(one.raw for one in found[position:aside]), Token("empty", ""))
            return aside - position
        elif rules.breaks_line(token):
            # `<br></br>` of XML is one.
            return self._break_line(found, position)
        else:
            if rules.is_block(token):
                self._end_block()
            if rules.is_preformatted(token):
                self._preformatted += 1 if token.kind == "open" else -min(1, self._preformatted)
            self._tag(token.raw, token)
        return 1

    def _break_line(self, found: Sequence[Token], position: int) -> int:
        """Read a line break: of a page, one that parts texts is a mark between them."""
        token, page = found[position], self._rules.page
        behind = position + 1
        if self._rules.xml and token.kind == "open" and found[behind : behind + 1] == [Token("close", "</br>", "br")]:
            behind += 1
        raw = "".join(one.raw for one in found[position:behind])
        if page and not self._ends_block and not runs_on(self._line(), self._next_line(behind)):
            self._end_block()
        if page and self._ends_block:
            self._tag(raw, Token("empty", ""))
        else:
            self._stand("\n", raw, anchor=True)
            self._ends_block = True
        return behind - position

    def _next_line(self, position: int) -> str:
        """Return what is read from a token to the next line break or block, to a length that says enough."""
        line = ""
        for token in self._found[position : position + _LINE_TOKENS]:
            if self._rules.is_block(token) or self._rules.breaks_line(token) or len(line) > _LINE:
                break
            if token.kind == "text":
                line += html.unescape(token.raw[:_LINE])
        return line

    def _tag(self, raw: str, token: Token) -> None:
        number = len(self._out.tags)
        self._out.tags.append(Tag(self._length, raw, token.kind, token.name))
        self._note_pictures([token])
        if token.attributes:
            self._out.languages += ((number, one) for one in attributes.languages(token))
            if self._rules.html:
                self._values += ((number, one) for one in attributes.readable(token))

    def _note_pictures(self, found: Sequence[Token]) -> None:
        if self._rules.page and (number := sum(map(is_picture, found))):
            self._out.left["pictures"] += number

    def _line(self) -> str:
        """Return what has been read since the last line break, to a length that says enough."""
        return "".join(self._pieces[-40:]).rpartition("\n")[2]

    def _keep(self, element: Sequence[Token]) -> None:
        """Take an element that is not translated: as one tag if it is a block, else with a placeholder in the sentence."""
        raw, token = "".join(one.raw for one in element), element[0]
        drawing = self._rules.page and token.name == "svg"
        if why := "" if drawing else self._rules.why_kept(token):
            self._out.left[why] += 1
        if drawing:
            self._note_pictures(element)
            self._values += ((len(self._out.tags), one) for one in inscriptions(element))
            self._out.tags.append(Tag(self._length, raw, "empty", ""))
        elif self._rules.is_block(token):
            self._end_block()
            self._out.tags.append(Tag(self._length, raw, "empty", ""))
        else:
            self._in_sentence(raw, "".join(one.raw for one in element if one.kind == "text"))

    def _in_sentence(self, raw: str, text: str) -> None:
        """Take what is not translated within a sentence; the blanks at its ends are seen by the reader of that."""
        if self._rules.page and text[:1].isspace() and not (self._ends_block or self._pieces[-1][-1:].isspace()):
            self._stand(" ", "", anchor=False)
        self._placeholder(raw)
        if self._rules.page and text[-1:].isspace():
            self._stand(" ", "", anchor=False)

    def _placeholder(self, raw: str) -> None:
        self._stand(f"{{{self._prefix}{next(self._placeholders)}}}", raw, anchor=True)
        self._ends_block = False

    def _end_of_aside(self, position: int) -> int | None:
        if not may_be_aside(self._found[position], self._rules):
            return None
        before = "".join(self._pieces[-4:])
        return end_of_aside(self._found, position, self._rules, before, begins=self._ends_block)

    def _end_block(self) -> None:
        if not self._ends_block:
            self._stand(SEPARATOR, "", anchor=False)
            self._ends_block = True

    def _add_text(self, raw: str) -> None:
        position = 0
        # Space at the beginning of a block, or beside space that stands before a tag, is none to a reader.
        after_space = self._ends_block or self._pieces[-1][-1:].isspace()
        if after_space and not self._preformatted and (leading := _LEADING_SPACE.match(raw)):
            self._out.tags.append(Tag(self._length, leading.group(), "empty", ""))
            position = leading.end()
        page = self._rules.page
        for match in (SPECIAL_OF_PAGE if page else SPECIAL).finditer(raw, position):
            self._add(raw[position : match.start()])
            position = match.end()
            special = match.group()
            if page and is_division(special):
                self._stand(special[-1], special, anchor=False)
                self._ends_block = False
            elif special.isspace():
                if self._rules.html and not self._preformatted:
                    self._stand(" ", special, anchor=False)
                elif page:
                    self._space_in_lines(special, raw[position : position + 200])
                else:
                    self._add(special)
            elif (character := meant(special)) is not None:
                self._stand(character, special, anchor=False)
                self._ends_block = False
            else:
                self._placeholder(special)
        self._add(raw[position:])

    def _space_in_lines(self, space: str, behind: str) -> None:
        """Read space of preformatted text: lines, and columns in them, are texts of their own but for running sentences."""
        breaks = space.count("\n") or space.count("\r")
        if breaks == 1 and not self._ends_block and runs_on(self._line(), behind.partition("\n")[0]):
            self._stand("\n", space, anchor=True)
        else:
            self._end_block()
            self._tag(space, Token("empty", ""))

    def _add(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._length += len(text)
            self._ends_block = False

    def _stand(self, text: str, raw: str, *, anchor: bool) -> None:
        self._out.stands.append(Stand(self._length, self._length + len(text), raw, anchor))
        self._pieces.append(text)
        self._length += len(text)


def unused_prefix(source: str) -> str:
    """Return a short name with which no brace of the source goes on."""
    taken = set(_LIKE_PLACEHOLDER.findall(source))
    return next(name for number in count() if (name := f"k{number}k") not in taken) if taken else "k"
