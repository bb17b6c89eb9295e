"""Text with tags, cut into tags and what stands between them. In linear time, whatever the text is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

CDATA = "<![CDATA["
"""Begins text of XML in which nothing is markup."""

Kind = Literal["text", "open", "close", "empty"]

_NAME = re.compile(r"</?([a-zA-Z_:][^\s/>]{0,100})")
# As browsers read it: a quotation mark is one only behind an equals sign. Possessive, so that a tag without an end is given
# up at once. A value whose quotation mark never comes ends with the tag.
_REST_OF_TAG = re.compile(r"""(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+)?+)*+>""")
ATTRIBUTE = re.compile(r"""([^\s=/>"']+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+))?+""")
"""Name and value of an attribute; a value may be missing, and has its quotes."""
# What is no element: comment, CDATA, processing instruction, declaration; each with its end.
_OTHERS = (("<!--", "-->"), (CDATA, "]]>"), ("<?", "?>"), ("<!", ">"))
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\]\s*+)?>", re.IGNORECASE)
# A declaration of the type stands at the beginning of a text.
_HEAD = 1000


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source; `raw` is all of it. `empty` is a tag without content, a comment or the like."""

    kind: Kind
    raw: str
    name: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


# Elements whose content is no markup and no text for a reader.
_OPAQUE = frozenset({"script", "style"})
# Elements whose content is text, whatever it looks like.
_ONLY_TEXT = frozenset({"title", "textarea"})
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
})  # fmt: skip


def tokens(source: str, *, html: bool, xml: bool = False) -> Iterator[Token]:
    """Yield the tokens of `source`; joined they are the source. What cannot be a tag is text.

    `html` and `xml`: it is XHTML, in which an element is empty only if it says so.
    """
    position = text_from = 0
    endless: set[str] = set()
    while (start := source.find("<", position)) >= 0:
        token = _tag(source, start, html=html, xml=xml)
        if token is None:
            position = start + 1
            continue
        if token.kind == "text":
            # A tag or comment that has no end: neither has any later one that it could hide.
            break
        if text_from < start:
            yield Token("text", source[text_from:start])
        position = text_from = start + len(token.raw)
        yield token
        if html and token.kind == "open" and token.name in _OPAQUE:
            end = _end_of_opaque(source, position, token.name)
            if end > position:
                yield Token("empty", source[position:end])
            position = text_from = end
        elif html and not xml and token.kind == "open" and token.name in _ONLY_TEXT - endless:
            end = _end_of_opaque(source, position, token.name)
            if end < len(source):
                position = end
            else:
                # One that never ends is a mistake, and so are all behind it.
                endless.add(token.name)
    if text_from < len(source):
        yield Token("text", source[text_from:])


def _end_of_opaque(source: str, start: int, name: str) -> int:
    found = re.compile(f"</{name}", re.IGNORECASE).search(source, start)
    return found.start() if found else len(source)


def _tag(source: str, start: int, *, html: bool, xml: bool) -> Token | None:
    """Return the token that begins at the `<`; None if none does, a text if it never ends."""
    if start < _HEAD and (doctype := _DOCTYPE.match(source, start)) is not None:
        return Token("empty", doctype.group())
    for opening, closing in _OTHERS:
        if source.startswith(opening, start):
            end = source.find(closing, start + len(opening))
            return Token("empty", source[start : end + len(closing)]) if end >= 0 else Token("text", "")
    head = _NAME.match(source, start)
    if head is None:
        return None
    rest = _REST_OF_TAG.match(source, head.end())
    if rest is None:
        return Token("text", "")
    raw = source[start : rest.end()]
    name = head[1].lower() if html else head[1]
    if raw.startswith("</"):
        return Token("close", raw, name)
    empty = raw.endswith("/>") or (html and not xml and name in _VOID)
    return Token("empty" if empty else "open", raw, name, _attributes(raw[len(head[0]) : -1]))


def _attributes(text: str) -> dict[str, str]:
    return {
        name.lower(): (value[1:-1] if value[:1] in ("'", '"') else value) for name, value in ATTRIBUTE.findall(text)
    }
