"""Dashes within a sentence: shown to a model as the one that it keeps best, and written as those of the source."""

import re
from collections.abc import Iterator, Sequence

# With space around, or between two words without any. "Ein- und Ausgang" has none, nor has "10–20".
_DASH = re.compile(r"(?<=\S) [-–—―]{1,3}(?: |(?=[\",.!?;]|$))|(?<=[^\W\d_])(?:—|―|--)(?=[^\W\d_])")


def find(text: str) -> list[str]:
    """Return the dashes of a text in order, each with the space around it."""
    return _DASH.findall(text)


def plain(text: str) -> str:
    """Return a text with ` - ` for each dash: of all, models lose these least."""
    return _DASH.sub(lambda match: " -" if match.group()[-1] != " " and match.group()[0] == " " else " - ", text)


def write(translation: str, dashes: Sequence[str]) -> str:
    """Return a translation with the dashes of its source; where it has more or fewer, all are like the first."""
    found = find(translation)
    if not found or not dashes:
        return translation
    left = _like(found, dashes)
    return _DASH.sub(lambda _: next(left), translation)


def _like(found: Sequence[str], dashes: Sequence[str]) -> Iterator[str]:
    """Yield what to write for each dash that was found: the source's, with space where the translation needs it."""
    if len(found) == len(dashes):
        yield from dashes
        return
    sign = dashes[0].strip()
    spaced = dashes[0].startswith(" ")
    for one in found:
        yield one.replace(one.strip(), sign) if spaced else sign
