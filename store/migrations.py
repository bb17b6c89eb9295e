"""What changes in a store of an older release, by version of the schema. Each does a piece at a time, again if need be."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.collections import Collections


_AT_ONCE = 500


async def _internal_fields(collections: "Collections", place: str | None) -> str | None:
    """Move what the API notes of a document for itself out of the sender's metadata."""
    behind = {"$gt": place} if place is not None else {"$exists": True}
    wanted = {"_id": behind, "metadata.dialect": {"$exists": True}, "first": {"$exists": True}, "internal": None}
    found = collections.documents.find(wanted, {"_id": 1}).sort("_id", 1).limit(_AT_ONCE)
    names = [entry["_id"] async for entry in found]
    moved = {
        "synchronous": {"$eq": ["$metadata.synchronous", True]},
        "dialect": "$metadata.dialect",
        "key": "$metadata.document_key",
        "filename": "$metadata.filename",
    }
    await collections.documents.update_many(
        {"_id": {"$in": names}, "internal": None, "state": {"$ne": "deleted"}},
        [{"$set": {"internal": moved}}, {"$unset": ["metadata.synchronous", "metadata.document_key"]}],
    )
    return names[-1] if len(names) == _AT_ONCE else None


MIGRATIONS: Mapping[int, Callable[["Collections", str | None], Awaitable[str | None]]] = {2: _internal_fields}
