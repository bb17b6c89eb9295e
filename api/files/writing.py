"""A document in the format that it came in: its file with the translations in the places of its texts."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import BinaryIO, Literal

from api.files.spooling import in_thread, temporary, view
from formats.document import Notes, Options, Piece
from formats.joining import by_text
from formats.table import Kind
from pipeline.alignment import unpack
from store.parts import TranslatedPart

Partial = Literal["none", "source", "skip"]


async def written(
    kind: Kind, file: BinaryIO, options: Options, parts: AsyncIterator[TranslatedPart], partial: Partial
) -> tuple[BinaryIO, int]:
    """Return an open temporary file with the document, and its length. `parts` are read as they are needed.

    Raises `ChangedError` if the file is read otherwise than it was.
    """
    loop = asyncio.get_running_loop()

    async def next_part() -> TranslatedPart | None:
        return await anext(parts, None)

    def fetched() -> Iterator[TranslatedPart]:
        while (part := asyncio.run_coroutine_threadsafe(next_part(), loop).result()) is not None:
            yield part

    result = temporary()
    try:
        length = await in_thread(_write, kind, file, options, fetched(), partial, result)
    except BaseException:
        result.close()
        raise
    return result, length


def _write(
    kind: Kind, file: BinaryIO, options: Options, parts: Iterator[TranslatedPart], partial: Partial, into: BinaryIO
) -> int:
    reader = kind.reader()
    texts = reader.read(view(file), options, Notes())
    translated = by_text(texts, _pieces(parts, partial), "refuse" if partial == "none" else partial)
    length = 0
    for data in reader.write(view(file), translated, options):
        length += into.write(data)
    # What follows the last text is looked at, too: a file with more texts than were translated is another one.
    with suppress(StopIteration):
        next(translated)
    return length


def _pieces(parts: Iterator[TranslatedPart], partial: Partial) -> Iterator[Piece]:
    """Yield the pieces of parts up to the first one that is missing."""
    for expected, part in enumerate(parts):
        if part.part != expected:
            return
        for number, ((source, translation), links) in enumerate(zip(part.pieces, part.alignments, strict=True)):
            # Every second one is a sentence.
            left_out = partial == "skip" and number % 2 == 1 and translation is None
            yield Piece(source, "" if left_out else translation, unpack(links))
