"""Marks in a sentence that are no words: emphasis, links, tags, notes, statements of templates.

They are taken out before translation, because a small model loses them or what is beside them, and put back by alignment
(`placing.py`). This finds which of what looks like a mark is one, and which opens what another one closes.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["open", "close", "point"]

_NAME = re.compile(r"\w[\w:-]*")
_WORDS = ("**", "~~", "***")
_VOID = frozenset(("br", "hr", "img", "wbr", "input", "col", "area", "embed", "source", "track"))
# What may be opened or closed within a word.
_INLINE = re.compile(
    r"[*_~='|]|</?(?:a|abbr|b|big|del|em|font|i|ins|mark|s|small|span|strong|sub|sup|u|\d+)\b|\[/?[biu]\]"
)


class Token(NamedTuple):
    """What looks like a mark: where it stands, and what it might do."""

    start: int
    end: int
    kinds: tuple[Kind, ...]
    key: str
    """What both ends of a stretch share."""
    alone: bool = False
    """Whether it is a mark without its other end, too."""
    sort: str = ""
    """What of several things with one key it opens or closes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a sentence, as it is written there."""

    raw: str
    kind: Kind
    partner: str | None = None
    """The character that stands for the mark that closes what this one opens."""
    parts: bool = False
    """Whether it stood between two words without a space, and parts them."""


def opening(raw: str, start: int, end: int) -> Token:
    """Return the token of what `verbatim.OPENING` matches."""
    name = _name(raw)
    if raw.startswith(("`", "<<")):
        return Token(start, end, ("open",), "`" if raw == "`" else ">>")
    if raw.startswith("<"):
        return Token(start, end, ("point",) if name.lower() in _VOID else ("open",), f"<{name}", alone=True)
    if raw.startswith("{"):
        return Token(start, end, ("open",), f"{{{name}", alone=True)
    if raw.startswith("\\"):
        return Token(start, end, ("open",), "}")
    if raw.startswith(("[[", "[http")) or raw.endswith("["):
        return Token(start, end, ("open",), "[", sort="wiki" if raw.startswith("[[") else "external")
    return Token(start, end, ("open",), f"[{name}", alone=start == 0)


def closing(raw: str, start: int, end: int) -> Token:
    """Return the token of what `verbatim.CLOSING` matches."""
    name = _name(raw)
    if raw.endswith(("`_", "`__")):
        return Token(start, end, ("close",), "`")
    if raw.startswith("<"):
        return Token(start, end, ("close",), f"<{name}", alone=True)
    if raw.startswith("[/"):
        return Token(start, end, ("close",), f"[{name}", alone=True)
    if raw.startswith("{"):
        return Token(start, end, ("close",), f"{{{name.removeprefix('end')}", alone=True)
    return Token(start, end, ("close",), "[", alone=True, sort="link")


def bracket(raw: str, start: int, end: int) -> Token:
    """Return the token of what `verbatim.BRACKETS` matches."""
    if raw in ("[", "!["):
        return Token(start, end, ("open",), "[", sort="link")
    if raw.startswith("]"):
        return Token(start, end, ("close",), "[", sort="wiki" if raw == "]]" else "external")
    return Token(start, end, ("close",), raw)


def emphasis(text: str, start: int, end: int) -> Token | None:
    """Return the token of what `verbatim.EMPHASIS` matches; None where it is no emphasis: "2 * 3", "Schüler*innen"."""
    raw, before, after = text[start:end], text[start - 1 : start], text[end : end + 1]
    kinds: list[Kind] = []
    if before and not before.isspace() and (raw in _WORDS or not after.isalnum()):
        kinds.append("close")
    if (
        after
        and not after.isspace()
        and (not before.isalnum() or (raw in _WORDS and before.isalpha() and after.isalnum()))
    ):
        kinds.append("open")
    # What was opened in the sentence before, or is closed in the next one; and a star at a word is that of a note.
    edge = (kinds == ["open"] and start == 0) or (kinds == ["close"] and end == len(text) and len(raw) > 1)
    star = raw[0] == "*" and len(kinds) == 1 and not (before.isalnum() and after.isalnum())
    # A quotation mark within a string of a program: by itself it would end the string.
    escaped = raw[0] in '\\"'
    return Token(start, end, tuple(kinds), raw, (edge or star or escaped) and raw != "++") if kinds else None


def point(start: int, end: int) -> Token:
    """Return the token of what `verbatim.POINTS` matches."""
    return Token(start, end, ("point",), "", alone=True)


def pair(tokens: Sequence[Token]) -> list[tuple[Kind, int | None] | None]:
    """Return for each token what it is, and of one that opens the number of the one that closes; None if it is no mark."""
    found: list[tuple[Kind, int | None] | None] = [None] * len(tokens)
    opened: list[int] = []
    keys: Counter[str] = Counter()
    for number, token in enumerate(tokens):
        if "close" in token.kinds and keys[token.key]:
            while True:
                partner = opened.pop()
                keys[tokens[partner].key] -= 1
                if tokens[partner].key == token.key:
                    break
            if tokens[partner].sort == token.sort and tokens[partner].end < token.start:
                found[partner], found[number] = ("open", number), ("close", None)
        elif "open" in token.kinds:
            opened.append(number)
            keys[token.key] += 1
    return [("point", None) if one is None and token.alone else one for one, token in zip(found, tokens, strict=True)]


def with_runs_split(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens with three stars as one and two where they open or close two stretches: `**very *much***`."""
    found: list[Token] = []
    opened: list[str] = []
    for number, token in enumerate(tokens):
        lengths = [token.key]
        if token.key == "***" and "close" in token.kinds and opened[-1:] in (["*"], ["**"]):
            lengths = opened[-1:] + (["**"] if opened[-1] == "*" else ["*"])
        elif token.key == "***" and "open" in token.kinds:
            closing = next((one.key for one in tokens[number + 1 :] if one.key[:1] == "*" and "close" in one.kinds), "")
            lengths = {"*": ["**", "*"], "**": ["*", "**"]}.get(closing, lengths)
        start = token.start
        for key in lengths:
            end = start + len(key) if len(lengths) > 1 else token.end
            found.append(token._replace(start=start, end=end, key=key))
            start = end
            if key[:1] == "*" and "close" in token.kinds and key in opened:
                del opened[opened.index(key) :]
            elif key[:1] == "*" and "open" in token.kinds:
                opened.append(key)
    return found


def is_part_of_words(raw: str) -> bool:
    """Whether a mark may stand inside of a word."""
    return _INLINE.match(raw) is not None


def _name(raw: str) -> str:
    match = _NAME.search(raw)
    return match.group() if match else ""
