"""The items of a paragraph as one string, and where in it there are texts."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from formats.office.word.items import Item, What
from formats.strings.prose import goes_on, is_prose

_TAB, BREAK, _PART = "\t", "\n", "\f"
_STANDS = {What.TAB: _TAB, What.BREAK: BREAK, What.PART: _PART}
_PARTING = re.compile(f"[{_TAB}{BREAK}{_PART}]")


class Slot(NamedTuple):
    """Where a text is: in the whole of the paragraph, and from which item to which."""

    start: int
    end: int
    first: int
    last: int


class Joined:
    """Items joined to one text, in which names stand for what is a word to the reader."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        joined = "".join(item.text for item in items)
        self.names: dict[int, str] = {}
        """What stands for an item, by its number."""
        self.starts = [0]
        """Where each item begins; last, where all of them end."""
        number, parts = 0, []
        for index, item in enumerate(items):
            text = _STANDS.get(item.what, item.text)
            if item.what is What.NAME:
                number += 1
                while f"{{k{number}}}" in joined:
                    number += 1
                text = self.names[index] = f"{{k{number}}}"
            parts.append(text)
            self.starts.append(self.starts[-1] + len(text))
        self.whole = "".join(parts)

    def text(self, slot: Slot) -> str:
        """Return a text as it is translated."""
        return self.whole[slot.start : slot.end].replace(_TAB, " ")

    def slots(self) -> Iterator[Slot]:
        """Yield where texts are: tabs and line breaks part them, if no sentence goes on over these."""
        whole, start = self.whole, 0
        item = 0
        for end in [*(found.start() for found in _PARTING.finditer(whole)), len(whole)]:
            if end < len(whole) and _goes_on(whole, start, end):
                continue
            text = whole[start:end]
            first, last = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
            start = end + 1
            if first >= last or not is_prose(whole[first:last]):
                continue
            while self.starts[item + 1] <= first:
                item += 1
            begun = item
            while self.starts[item + 1] < last:
                item += 1
            yield Slot(first, last, begun, item)


def _goes_on(whole: str, start: int, end: int) -> bool:
    after = whole[end + 1 : end + 200]
    if whole[end] == _PART or not after or _PARTING.match(after) or _PARTING.match(whole[end - 1 : end]):
        return False
    before = whole[start:end]
    if whole[end] == _TAB and not any(map(str.islower, after)):
        # Capitals alone say nothing.
        return before.rstrip()[-1:].isalpha() and after.lstrip()[:1].isalpha()
    return goes_on(before, after)
