"""The segmenter's handler as the pipeline's step calls it: in a thread, its output in chunks."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Protocol

from msgspec.structs import replace

from pipeline.events import DocumentPart
from pipeline.publisher import Outgoing
from pipeline.records import Received, Record
from pipeline.step import Handler

CHUNK_BYTES = 1024 * 1024
"""A chunk ends with the record that reaches this size. A part and its sentences are less, as a rule."""


class PartHandler(Protocol):
    """What `segmenter.handler.Handler` does."""

    def __call__(self, event: DocumentPart, record: Record) -> Iterator[Outgoing]:
        """Yield what comes of one document part."""
        ...


async def _its_own(event: DocumentPart, record: Record) -> dict[str, str]:
    del record
    return event.pins


def in_chunks(
    split: PartHandler, pins: Callable[[DocumentPart, Record], Awaitable[dict[str, str]]] = _its_own
) -> Handler[DocumentPart]:
    """Return the handler for a step; memory is bounded by a chunk, however much comes of a document.

    `pins` tells the models that a part's document began with.
    """

    async def handler(received: Sequence[Received[DocumentPart]]) -> AsyncIterator[list[Outgoing]]:
        loop = asyncio.get_running_loop()
        for event, record in received:
            rest = iter(split(replace(event, pins=await pins(event, record)), record))
            # One for all chunks of a record: a span ends in the context in which it began.
            context = contextvars.copy_context()
            # In a thread, so that heartbeats go on.
            while chunk := await loop.run_in_executor(None, context.run, _chunk, rest):
                yield chunk

    return handler


def _chunk(rest: Iterator[Outgoing]) -> list[Outgoing]:
    found: list[Outgoing] = []
    size = 0
    for one in rest:
        found.append(one)
        size += len(one.value or b"")
        if size >= CHUNK_BYTES:
            break
    return found
