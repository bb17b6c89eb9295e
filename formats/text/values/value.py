"""Files of keys and values, or of cells: each value is a string that stands somewhere and is written in some way."""

from collections.abc import Callable, Iterator, Sequence

from formats.document import Translated
from formats.strings.coded import Coded
from formats.strings.codes import Code, Parts
from formats.text.textfile import Edit


class Value:
    """A value: a place of a file that has texts. `write` says how its changed parts are written."""

    def __init__(self, start: int, end: int, parts: Parts, write: Callable[[Parts], str]) -> None:
        self._start, self._end, self._write = start, end, write
        self._coded = Coded(parts)
        self.texts: Sequence[str] = self._coded.texts

    def edits(self, translated: Sequence[Translated]) -> Iterator[Edit]:
        """Yield its new value."""
        yield Edit(self._start, self._end, self._write(self._coded.restored(translated)))


def joined(parts: Parts) -> str:
    """Return parts as one string, whose codes are characters of it."""
    return "".join(part.raw if isinstance(part, Code) else part for part in parts)


def paired(text: str) -> str | None:
    """Return a string whose escapes name halves of characters with whole ones; None if one has no other half."""
    try:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        return None
