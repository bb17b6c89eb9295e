"""What is said of documents that have come to their end."""

from collections.abc import Collection
from datetime import datetime

from pipeline.events import Counts as EventCounts
from pipeline.events import DocumentCompleted
from store.collections import Collections
from store.counting import Counts, counts_of
from store.driver import ALL_AT_ONCE, Entry

NEEDED = ("state", "source", "target", "model", "metadata", "created", "finished")
"""Fields of a document that tell what is said of it, besides its counts."""


async def completed(collections: Collections, names: Collection[str]) -> list[DocumentCompleted]:
    """Return what is to be said of those documents that are done or cancelled; the same each time it is asked."""
    wanted = {"_id": {"$in": list(names)}, "state": {"$in": ["done", "cancelled"]}}
    fields = dict.fromkeys((*NEEDED, "counts"), 1)
    entries = await collections.documents.find(wanted, fields, batch_size=ALL_AT_ONCE).to_list(None)
    uncounted = [entry["_id"] for entry in entries if "counts" not in entry]
    counts = await counts_of(collections.parts, uncounted) if uncounted else {}
    return [
        describe(entry, Counts.of(entry["counts"]) if "counts" in entry else counts.get(entry["_id"], Counts()))
        for entry in entries
    ]


def describe(entry: Entry, counts: Counts) -> DocumentCompleted:
    """Return what is to be said of a document that is done or cancelled."""
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
            missed=counts.missed,
        ),
        created=_milliseconds(entry["created"]),
        finished=_milliseconds(entry["finished"]),
        metadata=entry.get("metadata") or {},
    )


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)
