"""What stands around the words of a text: looks of runs, and containers, as spans of it."""

import re
from collections.abc import Sequence

from formats.office.word.items import What
from formats.office.word.joined import Joined, Slot
from formats.office.word.writing import Path
from formats.strings.inline import Span

# What tells nothing of the look: the language, and what the spelling checker is told.
_NO_LOOK = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:lang|noProof|webHidden)(?:\s[^<>]*+)?/>")
_EMPTY = re.compile(rb"<(?:[\w.-]{1,40}:)?rPr\s*+(?:/>|>\s*+</(?:[\w.-]{1,40}:)?rPr\s*+>)")


def looks_of(joined: Joined, slot: Slot) -> tuple[list[bytes], dict[Path, bytes]]:
    """Return the looks of a text, and the one that most of it has, of all and in each container."""
    looks: dict[bytes, bytes] = {}
    lengths: dict[Path, dict[bytes, int]] = {(): {}}
    for number in range(slot.first, slot.last + 1):
        item = joined.items[number]
        if item.look is None or not item.text:
            continue
        raw = looks.setdefault(_key(item.look), item.look)
        for path in {(), item.path}:
            mine = lengths.setdefault(path, {})
            mine[raw] = mine.get(raw, 0) + len(item.text.strip())
    usual = {path: max(mine, key=lambda raw: mine[raw]) for path, mine in lengths.items() if mine}
    usual.setdefault((), b"")
    return list(looks.values()), usual


def spans_of(joined: Joined, slot: Slot, count: int, looks: Sequence[bytes], usual: dict[Path, bytes]) -> list[Span]:
    """Return containers and unusual looks as spans of a text, without white space at their ends."""
    keys = {_key(raw): number for number, raw in enumerate(looks)}
    open_: list[tuple[int, int]] = []
    found: list[tuple[int, Span]] = []

    def close(depth: int, end: int) -> None:
        while len(open_) > depth:
            key, start = open_.pop()
            text = joined.whole[start:end]
            first, last = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
            if first < last:
                found.append((len(open_), Span(first - slot.start, last - slot.start, key)))

    for number in range(slot.first, slot.last + 1):
        item = joined.items[number]
        start = max(joined.starts[number], slot.start)
        if joined.starts[number] == joined.starts[number + 1]:
            continue
        wanted = list(item.path)
        if item.what is What.TEXT and item.look is not None:
            key = keys[_key(item.look)]
            if looks[key] != usual.get(item.path, usual[()]):
                wanted.append(count + key)
        same = 0
        while same < min(len(wanted), len(open_)) and open_[same][0] == wanted[same]:
            same += 1
        close(same, start)
        open_ += ((key, start) for key in wanted[same:])
    close(0, slot.end)
    # Of those around the same words the outer one comes first.
    return [span for _, span in sorted(found, key=lambda one: (one[1].start, -one[1].end, one[0]))]


def _key(look: bytes) -> bytes:
    """Return what makes a look: properties without those that nobody sees."""
    key = _NO_LOOK.sub(b"", look)
    return b"" if _EMPTY.fullmatch(key) else key
