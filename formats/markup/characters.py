"""Characters that markup writes as something else: entities, and white space that is one space to a reader."""

import html
import re
from collections.abc import Callable, Sequence
from html.entities import codepoint2name

SPECIAL = re.compile(
    r"(?<![ \t\f])(?:[ \t\f]*+[\r\n][ \t\r\n\f]*|[ \t\f]{2,}+|[\t\f])"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
)
"""Space that is more than one character or a line break or tab, and entities. Space is looked at from its beginning only."""
SPECIAL_OF_PAGE = re.compile(r"(?:\u00ad|&(?:shy|#173|#[xX][aA][dD]);)[^\W\d_]|" + SPECIAL.pattern)
"""The same, and places at which a word may be divided, each with the letter behind it: a translation has none of them."""
HARD_SPACES = frozenset("\u00a0\u2007\u2009\u200a\u202f")
"""Spaces at which no line ends, or narrow ones: often written as entities."""
_QUOTES = "“”‘’„‚«»\u2039\u203a"
_RESERVED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def is_division(special: str) -> bool:
    """Whether it is a place at which a word may be divided."""
    return special[-1].isalpha()


def meant(entity: str) -> str | None:
    """Return what an entity stands for; None for one that HTML does not know (a document may define its own)."""
    found = html.unescape(entity)
    return found if found != entity and "\0" not in found and len(found) <= 2 else None


def escaping(entities: Sequence[tuple[str, str]], plain: str) -> Callable[[str], str]:
    """Return a function that writes text as a sentence does.

    `entities`: characters of the sentence that it writes as entities, with these; `plain`: its other text. What is no letter
    is written by the same entity, quotation marks by those of their kind; of what markup reserves, a character before a
    space or at the end stays as it is if it does so in the sentence.
    """
    # A blank that somebody wrote as an entity is no way to write blanks.
    table = {
        character: raw
        for character, raw in entities
        if len(character) == 1 and not character.isalnum() and character not in " \t\n"
    }
    styles = [raw for character, raw in entities if character and character in _QUOTES]
    if styles:
        # Other languages have other quotation marks, and a pair of them is written alike.
        table = {mark: _entity(mark, styles[0]) for mark in _QUOTES} | table
    loose = {
        character: raw
        for character, raw in _RESERVED.items()
        if character not in table and re.search(rf"{character}(?:\s|\Z)", plain)
    }
    always = str.maketrans(_RESERVED | table)
    if not loose:
        return lambda text: text.translate(always)
    return lambda text: "".join(
        character if character in loose and not text[place + 1 : place + 2].strip() else character.translate(always)
        for place, character in enumerate(text)
    )


def _entity(character: str, like: str) -> str:
    """Return the entity of a character: by name or by number, as another one is written."""
    return f"&#{ord(character)};" if like.startswith("&#") else f"&{codepoint2name[ord(character)]};"
