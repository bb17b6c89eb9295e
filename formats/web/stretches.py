"""A page in stretches, each of which can be read by itself."""

from collections.abc import Iterable, Iterator
from html import escape

from formats.markup.rules import Rules
from formats.markup.tokens import CDATA, Token

# Characters of a stretch: enough that nothing is lost on their number, and little to hold.
_SIZE = 64 * 1024


def stretches(found: Iterable[Token], rules: Rules) -> Iterator[list[Token]]:
    """Yield the tokens of a page in stretches that end between blocks, and in no element that stays as it is."""
    stretch: list[Token] = []
    size = deep = preformatted = 0
    kept = ""
    for token in found:
        if size >= _SIZE and not kept and not preformatted and rules.is_block(token):
            yield stretch
            stretch, size = [], 0
        stretch.append(token)
        size += len(token.raw)
        if not kept and token.kind == "open" and rules.is_kept(token):
            kept, deep = token.name, 0
        if kept:
            if token.name == kept:
                deep += {"open": 1, "close": -1}.get(token.kind, 0)
                kept = kept if deep else ""
        elif rules.is_preformatted(token):
            preformatted = max(0, preformatted + {"open": 1, "close": -1}.get(token.kind, 0))
    yield stretch


def as_text(token: Token) -> Token:
    """Return a stretch of characters of XML that stand for themselves as text like any other."""
    if not token.raw.startswith(CDATA):
        return token
    return Token("text", escape(token.raw.removeprefix(CDATA).removesuffix("]]>"), quote=False))
