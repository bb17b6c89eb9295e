"""Drawings within a page: what people read in them."""

import html
from collections.abc import Iterator, Sequence

from formats.markup.attributes import Attribute
from formats.markup.tokens import Token

_HOLD_TEXT = frozenset(("text", "tspan", "textpath", "title", "desc", "a", "p", "span", "div", "li", "b", "i"))


class Inscription(Attribute):
    """Text within an element that is otherwise left as it is."""

    def written(self, text: str) -> str:
        """Return another text as it has to stand there."""
        return html.escape(text, quote=False)


def inscriptions(tokens: Sequence[Token]) -> Iterator[Attribute]:
    """Yield the texts of a drawing; places are those in its raw text."""
    place = 0
    around: list[str] = []
    for token in tokens:
        if token.kind == "open":
            around.append(token.name)
        elif token.kind == "close" and around:
            around.pop()
        elif token.kind == "text" and around and around[-1] in _HOLD_TEXT:
            text = token.raw.strip()
            if any(map(str.isalpha, text)):
                start = place + token.raw.index(text)
                yield Inscription("", start, start + len(text), " ".join(html.unescape(text).split()))
        place += len(token.raw)
