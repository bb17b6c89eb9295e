"""Pictures of a page, and what people read in those that are drawings within it."""

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


def is_picture(token: Token) -> bool:
    """Whether a tag shows a picture, in which nobody reads what is written; `image` is one within a drawing."""
    if token.kind not in ("open", "empty"):
        return False
    return token.name in ("img", "image") or (token.name == "input" and token.attributes.get("type", "") == "image")


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
