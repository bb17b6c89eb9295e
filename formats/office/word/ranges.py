"""Ranges of Word: what two elements beside runs are the ends of, such as the words that a comment is about."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from formats.office.word.nodes import Node

_ENDS = {"w:commentRangeStart": "w:commentRangeEnd", "w:bookmarkStart": "w:bookmarkEnd"}
_PARTING = frozenset(("w:tab", "w:ptab", "w:br", "w:cr", "w:fldChar"))
_DEEPEST = 8


def ranges(nodes: Sequence[Node]) -> Mapping[int, int]:
    """Return which of the children of an element begin ranges, and which end these, by their numbers.

    Ranges are nested or apart, and have words, but neither what parts texts nor parts of fields. The ends of all others are
    points of their own.
    """
    ends = {(node.name, node.attributes.get("w:id")): number for number, node in enumerate(nodes)}
    starts = {
        number: last
        for number, node in enumerate(nodes)
        if node.name in _ENDS and (last := ends.get((_ENDS[node.name], node.attributes.get("w:id")), -1)) > number
    }
    if not starts:
        return starts
    names = [{one.name for one in node.all()} for node in nodes]
    words = [0, *accumulate("w:t" in found for found in names)]
    parting = [0, *accumulate(not _PARTING.isdisjoint(found) for found in names)]
    found: dict[int, int] = {}
    open_: list[int] = []
    for number, last in starts.items():
        while open_ and open_[-1] < number:
            open_.pop()
        nested = len(open_) < _DEEPEST and (not open_ or last < open_[-1])
        if nested and words[number] < words[last] and parting[number] == parting[last]:
            found[number] = last
            open_.append(last)
    return found
