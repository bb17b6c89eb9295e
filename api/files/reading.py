"""The texts of a file as pieces of one text, read in a thread while they are sent on."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, BinaryIO

from api.files.spooling import in_thread
from formats.document import SEPARATOR, Heading, Notes, Options
from formats.table import Kind
from pipeline.events import PART_LIMIT
from pipeline.headings import Headings

_AT_ONCE = 32 * 1024
"""Characters that are fetched from the thread together."""


class FileTexts:
    """Reads one file, once or again. The file is not closed."""

    def __init__(self, kind: Kind, file: BinaryIO, options: Options) -> None:
        self._kind = kind
        self._file = file
        self._options = options
        self._notes = Notes()
        self._texts = self._characters = 0
        self.headings = Headings()
        """Those of what `pieces` has yielded."""

    @property
    def found(self) -> dict[str, Any]:
        """What the store keeps of the reading so far."""
        return {
            "read": self._texts,
            "characters": self._characters,
            # Not by name: a reason may have dots.
            "left": [[reason, count] for reason, count in sorted(self._notes.left.items())],
            "warnings": self._notes.warnings[:100],
            "encoding": self._notes.encoding or None,
        }

    async def characters(self) -> int:
        """Return how many characters the texts have together. Raises as `Reader.read` does."""
        return await in_thread(lambda: sum(map(len, self._pieces())))

    async def pieces(
        self, tell: Callable[[dict[str, Any]], Awaitable[None]], first_sent: Callable[[], Awaitable[None]]
    ) -> AsyncIterator[str]:
        """Yield the texts with what stands between them. Raises as `Reader.read` does.

        `tell` is told what was found so far before it is yielded, and all of it before the end. Where there are more texts
        than a part takes, nothing more of the file is read between the first part and the end of `first_sent`.
        """
        pieces = self._pieces()
        given = 0
        while True:
            some = await in_thread(_some, pieces)
            await tell(self.found)
            if not some:
                return
            yield some
            # Who asks for more than a part has sent the first one.
            if given <= PART_LIMIT < given + len(some):
                await first_sent()
            given += len(some)

    def _pieces(self) -> Iterator[str]:
        self._notes = Notes()
        self._texts = self._characters = 0
        self.headings.clear()
        for text in self._kind.reader().read(self._file, self._options, self._notes):
            if self._texts:
                self._characters += len(SEPARATOR)
                yield SEPARATOR
            if isinstance(text, Heading):
                self.headings.add(self._characters, text.level)
            self._texts += 1
            self._characters += len(text)
            yield text


def _some(pieces: Iterator[str]) -> str:
    found: list[str] = []
    length = 0
    while length < _AT_ONCE and (piece := next(pieces, "")):
        found.append(piece)
        length += len(piece)
    return "".join(found)
