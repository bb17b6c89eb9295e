"""Links and buttons that stand beside each other: a menu is no sentence."""

from collections.abc import Collection, Iterator, Sequence

from formats.markup.rules import Rules
from formats.markup.tokens import Token

ITEMS = frozenset(("a", "button", "label"))


def borders(found: Sequence[Token], rules: Rules) -> Collection[int]:
    """Return the tokens before which a text ends: tags of links and buttons in blocks that have no other words."""
    places: set[int] = set()
    edges: list[int] = []
    items, words, depth = 0, False, 0
    for position, token in enumerate(found):
        if token.kind == "text":
            if any(map(str.isalnum, token.raw)):
                if depth:
                    items += edges[-1] >= 0 and found[edges[-1]].kind == "open"
                else:
                    words = True
        elif token.name in ITEMS and token.kind in ("open", "close"):
            depth = max(0, depth + (1 if token.kind == "open" else -1))
            edges.append(position)
        elif rules.is_block(token) or rules.breaks_line(token):
            places.update(_edges(edges, found) if items > 1 and not words and not depth else ())
            edges, items, words, depth = [], 0, False, 0
    if items > 1 and not words:
        places.update(_edges(edges, found))
    return places


def _edges(edges: Sequence[int], found: Sequence[Token]) -> Iterator[int]:
    """Yield where an item begins, and what is behind its end."""
    for edge in edges:
        yield edge if found[edge].kind == "open" else edge + 1
