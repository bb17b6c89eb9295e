"""Documents of few words, written to the store as the sink does, and read."""

from collections.abc import Sequence
from typing import Any

from pipeline.events import DocumentPart, SegmentedPart, Translation
from pipeline.revisions import revision
from sink.handler import group
from store.collections import Collections
from store.documents.deleting import DocumentDeletion
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY
from store.writing.writer import DocumentWriter

Stored = SegmentedPart | Translation


def part(number: int, text: str, *, last: bool = False, document: str = "d", target: str = "en") -> list[Stored]:
    """Return the events of one part: each word is a sentence, its translation is the word in capitals."""
    digest = revision(DocumentPart(text=text, id=document, target=target))
    spans: list[int] = []
    place = 0
    for word in text.split():
        place = text.index(word, place)
        spans += (place, place + len(word))
        place += len(word)
    segmented = SegmentedPart(
        document=document,
        part=number,
        last=last,
        revision=digest,
        text=text,
        spans=spans,
        source="de",
        target=target,
        created=1_790_000_000_000 + number,
    )
    return [
        segmented,
        *(
            Translation(
                document=document,
                part=number,
                index=index,
                revision=digest,
                text=word.upper(),
                source="de",
                target=target,
                model="m@1",
            )
            for index, word in enumerate(text.split())
        ),
    ]


BOOK = [*part(0, "  ein $wort und\n\0noch eins "), *part(1, "zweiter teil\n"), *part(2, "ende", last=True)]
TRANSLATED = "  EIN $WORT UND\n\0NOCH EINS ZWEITER TEIL\nENDE"


async def write(collections: Collections, events: Sequence[Stored], rounds: int = 1) -> None:
    writer = DocumentWriter(collections)
    size = -(-len(events) // rounds)
    for start in range(0, len(events), size):
        written = await writer.write(group(events[start : start + size]))
        for one in written.refused:
            raise one.error


async def text(collections: Collections, document: str = "d", missing: Any = "source") -> str:
    return "".join([piece async for piece in DocumentReader(collections).text(EVERYBODY, document, missing)])


async def delete(collections: Collections, document: str) -> None:
    """Delete a document that is there."""
    deletion = DocumentDeletion(collections)
    begun = await deletion.delete(EVERYBODY, document)
    assert begun is not None
    await deletion.complete(begun)


async def entries(collections: Collections) -> list[dict[str, Any]]:
    """Return everything stored, without the times of writing."""
    found = [entry async for entry in collections.documents.find().sort("_id", 1)]
    found += [entry async for entry in collections.parts.find().sort("_id", 1)]
    for entry in found:
        for name in ("finished", "started"):
            entry.pop(name, None)
        entry.get("counts", {}).pop("started", None)
        entry["translations"] = dict(sorted(entry.get("translations", {}).items()))
    return found
