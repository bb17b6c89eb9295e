"""Attributes that people read, and those that say in which language a text is."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from formats.markup.tokens import ATTRIBUTE, Token

_READ = frozenset((
    "alt", "title", "placeholder", "aria-label", "aria-description", "aria-placeholder", "aria-roledescription",
    "aria-valuetext",
))  # fmt: skip
_READ_OF = {
    "option": "label", "optgroup": "label", "track": "label", "menuitem": "label", "th": "abbr", "table": "summary",
    "object": "standby",
}  # fmt: skip
# Titles of these name a choice of style sheets, or a feed.
_UNREAD = frozenset(("link", "style"))
_BUTTONS = frozenset(("submit", "button", "reset"))
_DESCRIPTIONS = frozenset((
    "description", "abstract", "og:title", "og:description", "og:image:alt", "twitter:title", "twitter:description",
    "twitter:image:alt", "dc.title", "dc.description", "dcterms.title", "dcterms.abstract", "dcterms.description",
))  # fmt: skip
_ITEMS = frozenset(("description", "headline", "alternativeheadline"))
_LANGUAGES = frozenset(("lang", "xml:lang"))
_LANGUAGE_OF_PAGE = frozenset(("content-language", "language", "dc.language", "dcterms.language"))
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
    if "pagebreak" in f"{token.attributes.get('epub:type', '')}{token.attributes.get('role', '')}":
        # Its name is a number, whatever it is written in.
        return
    for one in attributes(token):
        shown = (one.name in _READ and token.name not in _UNREAD) or _READ_OF.get(token.name) == one.name
        if token.name == "input":
            shown = shown or (one.name == "value" and token.attributes.get("type", "").lower() in _BUTTONS)
        elif token.name == "meta":
            about = token.attributes.get("name") or token.attributes.get("property") or ""
            item = token.attributes.get("itemprop", "")
            shown = one.name == "content" and (about.lower() in _DESCRIPTIONS or item.lower() in _ITEMS)
        if shown and _LETTER.search(one.text):
            yield one


def languages(token: Token) -> Iterator[Attribute]:
    """Yield the attributes of a tag that say in which language its element, or the page, is."""
    about = token.attributes.get("http-equiv") or token.attributes.get("name") or ""
    named = token.name == "meta" and about.lower() in _LANGUAGE_OF_PAGE
    return (one for one in attributes(token) if one.name in _LANGUAGES or (named and one.name == "content"))


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
            yield Attribute(match[1].lower(), *match.span(2), html.unescape(unquoted(value)))


def unquoted(value: str) -> str:
    """Return the value of an attribute without its quotation marks."""
    return value[1:-1] if value[:1] in ("'", '"') else value
