"""What changes in a store of an older release, by version of the schema. Each does a piece at a time, again if need be."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from pymongo import UpdateOne

from pipeline.naming import LOOKED_AT, first_words

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


async def _beginnings(collections: "Collections", place: str | None) -> str | None:
    """Note how the texts of documents begin: those without title and file are called so."""
    behind = {"$gt": place} if place is not None else {"$exists": True}
    wanted = {"_id": behind, "beginning": None, "created": {"$exists": True}}
    found = collections.documents.find(wanted, {"_id": 1}).sort("_id", 1).limit(_AT_ONCE)
    names = [entry["_id"] async for entry in found]
    first = {"document": {"$in": names}, "part": 0, "text": {"$exists": True}}
    # Not the whole texts, of which some hundred may be much.
    begun = collections.parts.find(first, {"document": 1, "text": {"$substrCP": ["$text", 0, LOOKED_AT]}})
    updates = [
        UpdateOne({"_id": entry["document"], "beginning": None}, {"$set": {"beginning": first_words(entry["text"])}})
        async for entry in begun
    ]
    if updates:
        await collections.documents.bulk_write(updates, ordered=False)
    return names[-1] if len(names) == _AT_ONCE else None


MIGRATIONS: Mapping[int, Callable[["Collections", str | None], Awaitable[str | None]]] = {
    2: _internal_fields,
    3: _beginnings,
}
