"""Sending documents to Kafka."""

import asyncio
from collections.abc import AsyncIterator

from pipeline import tracing
from pipeline.document_info import DocumentInfo
from pipeline.events import NO_MEMORY, DocumentPart, encode
from pipeline.parts import PartCutter
from pipeline.publisher import Outgoing, Publisher
from pipeline.topics import Topics

SEND_TIMEOUT = 30.0
"""Seconds that a sender waits while Kafka is away before it is told so."""


class PartSender:
    """Cuts a document that arrives in pieces into parts and sends each as soon as it is known.

    Memory does not grow with the document. When `send` returns, Kafka has every part.
    """

    def __init__(self, publisher: Publisher, topics: Topics) -> None:
        self._publisher = publisher
        self._topics = topics

    async def parts(self, info: DocumentInfo, pieces: AsyncIterator[str]) -> AsyncIterator[DocumentPart]:
        """Yield the parts of a document as its pieces arrive."""
        cutter = PartCutter()
        number = 0
        async for piece in pieces:
            for text in cutter.feed(piece):
                yield await make_part(info, number, text, last=False)
                number += 1
        *others, last = cutter.finish()
        for text in others:
            yield await make_part(info, number, text, last=False)
            number += 1
        yield await make_part(info, number, last, last=True)

    async def send(self, part: DocumentPart) -> None:
        """Send one part, and return when Kafka has it. Later parts go to the bulk topic, behind other documents' first.

        Raises `UnavailableError` after `SEND_TIMEOUT`.
        """
        later = part.part > 0 and (part.priority == "normal" or part.urgent is not None)
        bulk = part.priority == "low" or later
        topic = self._topics.documents_bulk if bulk else self._topics.documents
        key = f"{part.id}/{part.part}".encode()
        record = Outgoing(topic, encode(part), key, headers=tracing.headers())
        await self._publisher.publish_within(SEND_TIMEOUT, [record])


async def make_part(info: DocumentInfo, number: int, text: str, *, last: bool) -> DocumentPart:
    """Return one part of a document. With terms to look for, in a thread: others need not wait for it.

    Raises `InputError` if more terms stand in it than it can take along.
    """
    if not info.terms:
        return part_of(info, number, text, last=last)
    return await asyncio.to_thread(part_of, info, number, text, last=last)


def part_of(info: DocumentInfo, number: int, text: str, *, last: bool) -> DocumentPart:
    """Return one part of a document, of which each is made once and in order where its file tells its headings."""
    return DocumentPart(
        text=text,
        id=info.id,
        part=number,
        last=last,
        source=info.source,
        target=info.target,
        model=info.model,
        # Once is enough.
        metadata=info.metadata if number == 0 else {},
        priority=info.priority,  # type: ignore[arg-type]  # checked where it came in
        urgent=info.urgent,
        candidates=info.candidates,
        terms=info.terms.within(text) if info.terms else {},
        alternatives=info.alternatives,
        # What an earlier release knows comes near, and leaves the rest out.
        splitting="punctuation" if info.splitting == "segments" else info.splitting,
        segments=info.splitting == "segments",
        align=info.align,
        pins=info.pins,
        memory=NO_MEMORY if info.memory is False else None,
        headings=info.headings.take(len(text)) if info.headings is not None else None,
    )
