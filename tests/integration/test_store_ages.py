"""How documents begin and end in the store: registered, given up, deleted, due."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.errors import ConflictError
from store.collections import Collections
from store.documents.deleting import DocumentDeletion
from store.documents.lifecycle import DocumentLifecycle
from store.documents.reading import DocumentReader
from store.ownership import EVERYBODY
from tests.integration.storing import BOOK, delete, part, text, write


async def test_deleted_documents_stay_deleted(collections: Collections) -> None:
    lifecycle, reader = DocumentLifecycle(collections), DocumentReader(collections)
    await write(collections, BOOK)
    await delete(collections, "d")
    assert await DocumentDeletion(collections).delete(EVERYBODY, "d") is None
    await write(collections, BOOK)
    assert await reader.get(EVERYBODY, "d") is None
    assert await collections.parts.count_documents({}) == 0
    with pytest.raises(ConflictError, match="was deleted"):
        await lifecycle.register(EVERYBODY, "d", source="de", target="en", model=None, metadata={}, revision="0" * 16)


async def test_registering_twice_is_registering_once(collections: Collections) -> None:
    lifecycle = DocumentLifecycle(collections)
    first, again = [
        await lifecycle.register(
            EVERYBODY,
            "d",
            source="de",
            target="en",
            model=None,
            metadata={"a": 1},
            revision="0" * 16,
            pins={"de": used},
        )
        for used in ("tiny@1", "tiny@2")
    ]
    assert (first.new, again.new) == (True, False)
    assert first.pins == again.pins == {"de": "tiny@1"}, "it keeps the model that it began with"
    with pytest.raises(ConflictError, match="exists as de→en"):
        await lifecycle.register(EVERYBODY, "d", source="de", target="fr", model=None, metadata={}, revision="0" * 16)
    await write(collections, BOOK)
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert (found.state, found.metadata) == ("done", {"a": 1})


async def test_an_upload_that_broke_off_can_be_completed(collections: Collections) -> None:
    lifecycle, reader = DocumentLifecycle(collections), DocumentReader(collections)
    await lifecycle.register(EVERYBODY, "d", source="de", target="en", model=None, metadata={}, revision="0" * 16)
    await write(collections, part(0, "  ein $wort und\n\0noch eins "))
    await lifecycle.interrupted(EVERYBODY, "d", "the connection broke off")
    assert (await reader.get(EVERYBODY, "d")).state == "incomplete"  # type: ignore[union-attr]
    await write(collections, BOOK)
    assert (await reader.get(EVERYBODY, "d")).state == "done"  # type: ignore[union-attr]


async def test_uploads_that_nobody_continues_are_given_up_and_can_still_be_completed(collections: Collections) -> None:
    lifecycle = DocumentLifecycle(collections)
    first, last = part(0, "eins zwei"), part(1, "drei", last=True)
    for name in ("d", "empty", "waiting"):
        await lifecycle.register(EVERYBODY, name, source="de", target="en", model=None, metadata={}, revision="0" * 16)
    # All of it was sent; that nothing of it is stored yet is the pipeline's doing.
    await lifecycle.received(EVERYBODY, "waiting")
    await write(collections, first)
    await collections.documents.update_one({"_id": "d"}, {"$set": {"touched": datetime.now(UTC)}})
    assert await lifecycle.give_up_uploads(timedelta(minutes=1)) == 0
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    await collections.documents.update_many({}, {"$set": {"created": long_ago}})
    # A long upload that goes on is none that broke off.
    assert await lifecycle.give_up_uploads(timedelta(minutes=1)) == 1
    await collections.documents.update_many({}, {"$set": {"touched": long_ago}})
    assert await lifecycle.give_up_uploads(timedelta(minutes=1)) == 1
    reader = DocumentReader(collections)
    document = await reader.get(EVERYBODY, "d")
    assert document is not None
    assert (document.state, document.counts.translated) == ("incomplete", 2)
    assert await text(collections) == "EINS ZWEI"
    await write(collections, last)
    document = await reader.get(EVERYBODY, "d")
    assert document is not None
    assert document.state == "done"


async def test_documents_whose_time_is_over(collections: Collections) -> None:
    await write(collections, part(0, "alt", last=True, document="old"))
    await write(collections, part(0, "neu", last=True, document="new"))
    await write(collections, part(0, "halb", document="half"))
    long_ago = datetime.now(UTC) - timedelta(days=3)
    await collections.documents.update_one({"_id": "old"}, {"$set": {"finished": long_ago}})
    await collections.documents.update_one({"_id": "half"}, {"$set": {"created": long_ago}})
    # Not what is still under way.
    assert await DocumentDeletion(collections).older(timedelta(days=2)) == ["old"]


async def test_what_nobody_came_back_for(collections: Collections) -> None:
    await write(collections, part(0, "gewartet", last=True, document="waited"))
    await write(collections, part(0, "gerade", last=True, document="recent"))
    await write(collections, part(0, "bleibt", last=True, document="kept"))
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    waited_for = {"synchronous": True, "dialect": "deepl"}
    for name, field in (("waited", "internal"), ("recent", "internal"), ("kept", "metadata")):
        # What a sender calls its metadata means nothing.
        await collections.documents.update_one({"_id": name}, {"$set": {field: waited_for}})
    for name, created in (("waited", long_ago), ("recent", datetime.now(UTC)), ("kept", long_ago)):
        await collections.documents.update_one({"_id": name}, {"$set": {"created": created}})
    assert await DocumentDeletion(collections).unread(timedelta(hours=1)) == ["waited"]


async def test_a_callback_is_due_when_its_document_ends_and_not_before(collections: Collections) -> None:
    lifecycle = DocumentLifecycle(collections)
    for name in ("done", "cancelled", "open"):
        await lifecycle.register(
            EVERYBODY, name, source="de", target="en", model=None, metadata={}, revision="0" * 16,
            callback="https://example.org/",
        )  # fmt: skip
    assert await collections.documents.count_documents({"callback.due": {"$exists": True}}) == 0
    await write(collections, part(0, "eins", last=True, document="done"))
    await write(collections, part(0, "eins", last=True, document="without"))
    await lifecycle.cancel(EVERYBODY, "cancelled")
    due = {
        entry["_id"]: entry["callback"] async for entry in collections.documents.find({"callback.due": {"$type": 9}})
    }
    assert set(due) == {"done", "cancelled"}
    assert all(callback["attempts"] == 0 and callback["url"] for callback in due.values())
    without = await collections.documents.find_one({"_id": "without"})
    assert without is not None
    assert "callback" not in without
