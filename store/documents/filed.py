"""Documents that came in a file: how far their files are read, and which have to be read on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from store.claiming import claim
from store.collections import Collections, part_id
from store.failures import translated
from store.ownership import Ownership

if TYPE_CHECKING:
    from store.driver import Entry


@dataclass(frozen=True, slots=True)
class Unread:
    """A document whose file nobody reads on, though not all of it was sent."""

    id: str
    owner: str | None
    source: str
    target: str
    model: str | None
    metadata: dict[str, Any]
    internal: dict[str, Any]
    tries: int
    """How often it was found so, this time included."""


class FiledDocuments:
    """What is known of documents with files. Each call may be repeated."""

    def __init__(self, collections: Collections) -> None:
        self._documents = collections.documents
        self._parts = collections.parts

    async def note(self, ownership: Ownership, document: str, file: str, found: dict[str, Any]) -> None:
        """Note what was found in a document's file so far, if that is its file."""
        with translated():
            await self._documents.update_one(
                {"_id": document, "internal.file.id": file, "state": {"$ne": "deleted"}, **ownership.seen},
                {
                    "$set": {f"internal.file.{name}": value for name, value in found.items()},
                    "$max": {"touched": datetime.now(UTC)},
                },
            )

    async def begun(self, ownership: Ownership, document: str) -> bool:
        """Whether a translation of a document's first part has come."""
        with translated():
            wanted = {"_id": part_id(document, 0), "started": {"$exists": True}}
            if await self._parts.find_one(wanted, {"_id": 1}) is None:
                return False
            return await self._documents.find_one({"_id": document, **ownership.seen}, {"_id": 1}) is not None

    async def put_back(self, ownership: Ownership, document: str) -> None:
        """Note that a try does not count: a server was away."""
        with translated():
            await self._documents.update_one(
                {"_id": document, "internal.file.tries": {"$gt": 0}, **ownership.seen},
                {"$inc": {"internal.file.tries": -1}},
            )

    async def claim(self, before: datetime) -> Unread | None:
        """Return a document of which nothing was sent since `before`, and whose file is not read to its end; None if none.

        It is not given out again before that moment has moved beyond now.
        """
        now = datetime.now(UTC)
        wanted: Entry = {
            "state": "receiving",
            "internal.file.id": {"$exists": True},
            "received": None,
            "created": {"$lt": before},
            "$or": [{"touched": None}, {"touched": {"$lt": before}}],
        }
        with translated():
            change: Entry = {"$max": {"touched": now}, "$inc": {"internal.file.tries": 1}}
            entry = await claim(self._documents, wanted, change)
        if entry is None:
            return None
        return Unread(
            entry["_id"],
            entry.get("owner"),
            entry["source"],
            entry["target"],
            entry.get("model"),
            entry.get("metadata") or {},
            entry["internal"],
            entry["internal"]["file"]["tries"],
        )
