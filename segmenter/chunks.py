"""The segmenter's handler as the pipeline's step calls it: a round of parts at once, its output in chunks."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from msgspec.structs import replace

from pipeline.detection import AUTO
from pipeline.errors import InputError
from pipeline.events import DocumentPart, SegmentedPart, Translation
from pipeline.publisher import Outgoing
from pipeline.records import Received, Record
from pipeline.step import Handler, Refused
from segmenter.handler import Segmented

CHUNK_BYTES = 1024 * 1024
"""A chunk ends with the record that reaches this size. A part and its sentences are less, as a rule."""
_TOGETHER = 128 * 1024
"""So many characters of parts are split together at most, or a single part; the memory is asked for all of them at once."""
_AT_ONCE = 4 * 1024
"""Characters that are split in some milliseconds: less than others notice, or than a thread waits for busy cores."""

Recall = Callable[[Sequence[tuple[SegmentedPart, str | None]]], Awaitable[list[Sequence[Translation]]]]
"""Takes parts, each with whose memory may have something of it, and returns for each part translations of its sentences."""

T = TypeVar("T")


class Parts(Protocol):
    """What `segmenter.handler.Handler` does."""

    def split(self, event: DocumentPart, record: Record) -> Iterable[Segmented]:
        """Yield what one record has. Raises `InputError`."""
        ...

    def deal(self, one: Segmented, found: Sequence[Translation] = ()) -> Iterable[Outgoing]:
        """Yield what is sent of a part."""
        ...


async def _its_own(event: DocumentPart, record: Record) -> dict[str, str]:
    del record
    return event.pins


async def nothing(parts: Sequence[tuple[SegmentedPart, str | None]]) -> list[Sequence[Translation]]:
    """Remember nothing."""
    return [()] * len(parts)


def in_chunks(
    parts: Parts,
    pins: Callable[[DocumentPart, Record], Awaitable[dict[str, str]]] = _its_own,
    recall: Recall = nothing,
) -> Handler[DocumentPart]:
    """Return the handler for a step; memory is bounded by a chunk, however much comes of a document.

    `pins` tells the models that a part's document began with. A record that cannot be used is refused by itself.
    """

    async def handler(received: Sequence[Received[DocumentPart]]) -> AsyncIterator[list[Outgoing | Refused]]:
        pinned = [(replace(event, pins=await pins(event, record)), record) for event, record in received]
        run = _runner(received)
        rest = _split(parts, pinned)
        while some := await run(lambda: list(_some(rest))):
            whole = [one for one in some if isinstance(one, Segmented)]
            found = await recall([(one.part, one.memory) for one in whole])
            out = _dealt(parts, some, iter(found))
            while chunk := await run(lambda out=out: _chunk(out)):  # type: ignore[misc]  # mypy does not know the default
                yield chunk

    return handler


def _runner(received: Sequence[Received[DocumentPart]]) -> Callable[[Callable[[], T]], Awaitable[T]]:
    """Return what runs the work on a round: at once where that is little, else in a thread, so that heartbeats go on."""
    # One for all of it: a span ends in the context in which it began.
    context = contextvars.copy_context()
    little = sum(len(event.text) for event, _ in received) <= _AT_ONCE
    if little and all(event.source != AUTO for event, _ in received):

        async def at_once(work: Callable[[], T]) -> T:
            return context.run(work)

        return at_once
    loop = asyncio.get_running_loop()
    return lambda work: loop.run_in_executor(None, context.run, work)


def _split(parts: Parts, received: Sequence[tuple[DocumentPart, Record]]) -> Iterator[Segmented | Refused]:
    for event, record in received:
        try:
            yield from parts.split(event, record)
        except InputError as error:
            yield Refused(record, error)


def _some(rest: Iterator[Segmented | Refused]) -> Iterator[Segmented | Refused]:
    size = 0
    for one in rest:
        yield one
        size += len(one.part.text) if isinstance(one, Segmented) else 0
        if size >= _TOGETHER:
            return


def _dealt(
    parts: Parts, some: Sequence[Segmented | Refused], found: Iterator[Sequence[Translation]]
) -> Iterator[Outgoing | Refused]:
    for one in some:
        if isinstance(one, Refused):
            yield one
        else:
            yield from parts.deal(one, next(found))


def _chunk(rest: Iterator[Outgoing | Refused]) -> list[Outgoing | Refused]:
    found: list[Outgoing | Refused] = []
    size = 0
    for one in rest:
        found.append(one)
        size += len(one.value or b"") if isinstance(one, Outgoing) else 0
        if size >= CHUNK_BYTES:
            break
    return found
