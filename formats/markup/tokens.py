"""Text with tags, cut into tags and what stands between them. In linear time, whatever the text is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "open", "close", "empty"]

_NAME = re.compile(r"</?([a-zA-Z_:][^\s/>]{0,100})")
# Possessive, so that a tag without an end is given up at once.
_REST_OF_TAG = re.compile(r"""(?:"[^"]*+"|'[^']*+'|[^'">])*+>""")
ATTRIBUTE = re.compile(r"""([^\s=/>"']+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>]++))?+""")
"""Name and value of an attribute; a value may be missing, and has its quotes."""
# What is no element: comment, CDATA, processing instruction, declaration; each with its end.
_OTHERS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source; `raw` is all of it. `empty` is a tag without content, a comment or the like."""

    kind: Kind
    raw: str
    name: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


# Elements whose content is no markup and no text for a reader.
_OPAQUE = frozenset({"script", "style"})
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
})  # fmt: skip


def tokens(source: str, *, html: bool) -> Iterator[Token]:
    """Yield the tokens of `source`; joined they are the source. What cannot be a tag is text."""
    position = text_from = 0
    while (start := source.find("<", position)) >= 0:
        token = _tag(source, start, html=html)
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
    if text_from < len(source):
        yield Token("text", source[text_from:])


def _end_of_opaque(source: str, start: int, name: str) -> int:
    found = re.compile(f"</{name}", re.IGNORECASE).search(source, start)
    return found.start() if found else len(source)


def _tag(source: str, start: int, *, html: bool) -> Token | None:
    """Return the token that begins at the `<`; None if none does, a text if it never ends."""
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
    empty = raw.endswith("/>") or (html and name in _VOID)
    return Token("empty" if empty else "open", raw, name, _attributes(raw[len(head[0]) : -1]))


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): value.strip("\"'") for name, value in ATTRIBUTE.findall(text)}
