"""Attributes that people read, and those that say in which language a text is."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from formats.markup.tokens import ATTRIBUTE, Token

_READ = frozenset(("alt", "title", "placeholder", "aria-label", "aria-description"))
_BUTTONS = frozenset(("submit", "button", "reset"))
_DESCRIPTIONS = frozenset(
    ("description", "og:title", "og:description", "og:image:alt", "twitter:title", "twitter:description")
)
_LANGUAGES = frozenset(("lang", "xml:lang"))
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value of an attribute: where it is in the tag, quotes included, and what a reader reads there."""

    name: str
    start: int
    end: int
    text: str

    def written(self, text: str) -> str:
        """Return another value as it has to stand there."""
        return f'"{html.escape(text, quote=False).replace(chr(34), "&quot;")}"'


def readable(token: Token) -> Iterator[Attribute]:
    """Yield the attributes of a tag of HTML whose values are to be translated."""
    for one in attributes(token):
        shown = one.name in _READ
        if token.name in ("option", "optgroup", "track"):
            shown = shown or one.name == "label"
        elif token.name == "input":
            shown = shown or (one.name == "value" and token.attributes.get("type", "").lower() in _BUTTONS)
        elif token.name == "meta":
            about = token.attributes.get("name") or token.attributes.get("property") or ""
            shown = one.name == "content" and about.lower() in _DESCRIPTIONS
        if shown and _LETTER.search(one.text):
            yield one


def languages(token: Token) -> Iterator[Attribute]:
    """Yield the attributes of a tag that say in which language its element is."""
    return (one for one in attributes(token) if one.name in _LANGUAGES)


def is_language(value: str, language: str) -> bool:
    """Whether a value names a language or a variety of it."""
    return value.lower().replace("_", "-").partition("-")[0] == language.lower().partition("-")[0]


def attributes(token: Token) -> Iterator[Attribute]:
    """Yield the attributes of a tag that have a value."""
    if token.kind not in ("open", "empty") or not token.name:
        return
    start = 1 + len(token.name)
    # A slash at the end belongs to the tag, not to a value without quotes.
    for match in ATTRIBUTE.finditer(token.raw, start, len(token.raw) - (2 if token.raw.endswith("/>") else 1)):
        value = match[2]
        if value:
            yield Attribute(match[1].lower(), *match.span(2), html.unescape(value.strip("\"'")))
