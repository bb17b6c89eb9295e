"""A store of an older release, or of two at once, and how it comes to this one's schema while the work goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.settings import StoreSettings
from store.collections import Collections, connect
from store.documents.lifecycle import DocumentLifecycle
from store.indexes import INDEXES, Index
from store.migrations import MIGRATIONS
from store.ownership import EVERYBODY
from store.schema import Schema
from tests.integration.storing import part, text, write

pytestmark = pytest.mark.new_database

OLD = Index("parts", "counts", [("document", 1), ("closed", 1), ("total", 1)])
WANTED = {(index.collection, index.name) for index in INDEXES}


async def names(collections: Collections, collection: str) -> set[str]:
    found = await collections.database[collection].list_indexes()
    return {one["name"] async for one in found} - {"_id_"}


async def everything(collections: Collections) -> set[tuple[str, str]]:
    groups = sorted({index.collection for index in INDEXES})
    return {(group, name) for group in groups for name in await names(collections, group)}


async def in_use(collections: Collections) -> None:
    """Make the store one that is not new and has no index yet."""
    for collection in sorted({index.collection for index in INDEXES}):
        if await names(collections, collection):
            await collections.database[collection].drop_indexes()
    await write(collections, part(0, "eins zwei", last=True))


async def a_day_later(collections: Collections) -> None:
    ids = {"_id": {"$regex": "^retired/"}}
    await collections.schema.update_many(ids, {"$set": {"since": datetime.now(UTC) - timedelta(days=2)}})


async def test_a_new_store_has_its_indexes_at_once(collections: Collections) -> None:
    assert await everything(collections) == WANTED


async def test_a_store_in_use_is_opened_without_building_anything(
    collections: Collections, store_settings: StoreSettings
) -> None:
    await in_use(collections)
    async with await connect(store_settings) as again:
        assert await everything(again) == set()
        assert await text(again) == "EINS ZWEI"
        await Schema(again).update()
        assert await everything(again) == WANTED


async def test_an_index_of_an_older_release_is_no_outage_and_goes_a_day_later(
    collections: Collections, store_settings: StoreSettings
) -> None:
    await in_use(collections)
    # As the first release called it.
    await collections.parts.create_index(list(OLD.key), name="counts")
    await collections.documents.create_index("callback.due", name="callbacks", sparse=True)
    await collections.documents.create_index("metadata.mine", name="of_whoever_runs_it")
    async with await connect(store_settings):
        schema = Schema(collections)
        await schema.update()
        others = {("parts", "counts"), ("documents", "callbacks"), ("documents", "of_whoever_runs_it")}
        assert await everything(collections) == WANTED | others
        await schema.update()
        assert await everything(collections) == WANTED | others, "an older release may still run"
        await a_day_later(collections)
        await schema.update()
        assert await everything(collections) == WANTED | {("documents", "of_whoever_runs_it")}


async def test_an_index_that_is_there_by_another_name_is_not_built_again(collections: Collections) -> None:
    await in_use(collections)
    for index in INDEXES:
        keys = list(index.key)
        await collections.database[index.collection].create_index(keys, name=index.label, **index.options)
    before = await everything(collections)
    await Schema(collections).update()
    await a_day_later(collections)
    await Schema(collections).update()
    assert await everything(collections) == before


async def test_two_releases_keep_their_indexes_side_by_side(collections: Collections) -> None:
    await in_use(collections)
    newer_index = Index("parts", "counts", [("document", 1), ("closed", 1), ("part", 1)])
    older = Schema(collections, indexes=[OLD], migrations={}, version=1)
    newer = Schema(collections, indexes=[newer_index], migrations={}, version=2)
    for schema in (older, newer, older, newer):
        await schema.update()
        assert OLD.name in await names(collections, "parts")
    assert await names(collections, "parts") == {OLD.name, newer_index.name}
    await a_day_later(collections)
    await older.update()
    assert await names(collections, "parts") == {OLD.name, newer_index.name}, "the older one takes nothing away"
    await newer.update()
    assert await names(collections, "parts") == {newer_index.name}


async def test_an_option_that_mongodb_cannot_have_twice_is_changed(collections: Collections) -> None:
    await in_use(collections)
    short, long = (
        Index("dead_letters", "expires", [("at", 1)], {"expireAfterSeconds": days * 86400}) for days in (7, 30)
    )
    for index in (short, long):
        await Schema(collections, indexes=[index], migrations={}, version=1).update()
        assert await names(collections, "dead_letters") == {index.name}


class Pieces:
    """A migration of four pieces, which fails once before the third."""

    def __init__(self) -> None:
        self.done: list[str | None] = []
        self.fails = True

    async def __call__(self, _: Collections, place: str | None) -> str | None:
        if place == "2" and self.fails:
            self.fails = False
            raise ConnectionError("killed")
        self.done.append(place)
        following = str(int(place or 0) + 1)
        return None if following == "4" else following


async def test_a_migration_that_is_interrupted_goes_on_where_it_was(collections: Collections) -> None:
    pieces = Pieces()
    schema = Schema(collections, indexes=[], migrations={2: pieces}, version=2)
    with pytest.raises(ConnectionError):
        await schema.update()
    await schema.update()
    assert pieces.done == [None, "1"], "whoever began may still be at it"
    await collections.schema.update_one({"_id": "migration/2"}, {"$set": {"until": datetime.now(UTC)}})
    for _ in range(2):
        await schema.update()
    assert pieces.done == [None, "1", "2", "3"]


async def test_notes_of_the_api_leave_the_senders_metadata(collections: Collections) -> None:
    kept = {"title": "x", "synchronous": True}
    entries: list[tuple[str, dict[str, Any]]] = [
        ("waited", {"dialect": "deepl", "synchronous": True}),
        ("file", {"dialect": "deepl", "document_key": "digest", "filename": "a.txt"}),
        ("senders", kept),
    ]
    for name, metadata in entries:
        entry = {"_id": name, "state": "done", "first": "0" * 16, "metadata": metadata}
        await collections.documents.insert_one(entry)
    assert await MIGRATIONS[2](collections, None) is None
    found = {entry["_id"]: entry async for entry in collections.documents.find()}
    assert found["waited"]["internal"] == {"synchronous": True, "dialect": "deepl"}
    assert found["waited"]["metadata"] == {"dialect": "deepl"}
    assert found["file"]["internal"] == {
        "synchronous": False, "dialect": "deepl", "key": "digest", "filename": "a.txt",
    }  # fmt: skip
    assert found["file"]["metadata"] == {"dialect": "deepl", "filename": "a.txt"}
    assert (found["senders"]["metadata"], "internal" in found["senders"]) == (kept, False)


async def test_what_a_sender_calls_its_metadata_stays_the_senders_while_older_documents_are_moved(
    collections: Collections,
) -> None:
    metadata = {"dialect": "libretranslate", "filename": "a.txt", "synchronous": True, "document_key": "x"}
    lifecycle = DocumentLifecycle(collections)
    await lifecycle.register(
        EVERYBODY, "new", source="de", target="en", model=None, metadata=metadata, revision="0" * 16
    )
    assert await MIGRATIONS[2](collections, None) is None
    found = await collections.documents.find_one({"_id": "new"})
    assert found is not None
    assert (found["metadata"], found["internal"]) == (metadata, {})
