"""What is said of documents that have come to their end."""

from collections.abc import Collection
from datetime import datetime

from pipeline.events import Counts as EventCounts
from pipeline.events import DocumentCompleted
from store.collections import Collections
from store.counting import Counts, counts_of
from store.driver import Entry


async def completed(collections: Collections, names: Collection[str]) -> list[DocumentCompleted]:
    """Return what is to be said of those documents that are done or cancelled; the same each time it is asked."""
    wanted = {"_id": {"$in": list(names)}, "state": {"$in": ["done", "cancelled"]}}
    return [await _describe(collections, entry) async for entry in collections.documents.find(wanted)]


async def _describe(collections: Collections, entry: Entry) -> DocumentCompleted:
    if "counts" in entry:
        counts = Counts.of(entry["counts"])
    else:
        counts = (await counts_of(collections.parts, [entry["_id"]])).get(entry["_id"], Counts())
    return DocumentCompleted(
        document=entry["_id"],
        state=entry["state"],
        source=entry["source"],
        target=entry["target"],
        model=counts.model or entry.get("model"),
        characters=counts.characters,
        sentences=EventCounts(
            total=counts.total,
            translated=counts.translated,
            suspect=counts.suspect,
            failed=counts.failed,
            remembered=counts.remembered,
        ),
        created=_milliseconds(entry["created"]),
        finished=_milliseconds(entry["finished"]),
        metadata=entry.get("metadata") or {},
    )


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)
