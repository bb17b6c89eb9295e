"""The store on a MongoDB whose collections are shared out over several nodes, as docs/operating.md says."""

import asyncio
from datetime import UTC, datetime

import pytest

from store.collections import Collections
from store.documents.callbacks import CallbackStore
from store.indexes import INDEXES
from tests.integration.sharding import problems, shard_keys

KEYS = shard_keys()


@pytest.mark.new_database
async def test_what_grows_with_the_work_is_sharded(collections: Collections) -> None:
    there = set(await collections.database.list_collection_names())
    # What has an entry a key, a glossary, a request with several files, or a step of the schema stays on one node.
    assert there - KEYS.keys() == {"batches", "glossaries", "keys", "usage"}
    assert KEYS.keys() - there == set()


@pytest.mark.new_database
async def test_what_transactions_write_is_there_from_the_beginning(collections: Collections) -> None:
    """A transaction that writes on several shards cannot make a collection."""
    assert {"charges", "usage"} <= set(await collections.database.list_collection_names())


def test_unique_indexes_begin_with_the_shard_key() -> None:
    unique = [index for index in INDEXES if index.options.get("unique") and index.collection in KEYS]
    assert unique
    assert [index.label for index in unique if index.key[0][0] != KEYS[index.collection]] == []


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("update", {"update": "parts", "updates": [{"q": {"_id": "d/0000000"}, "u": {}, "upsert": True}]}),
        ("delete", {"delete": "search", "deletes": [{"q": {"document": {"$in": ["d"]}}, "limit": 1}]}),
        ("findAndModify", {"findAndModify": "documents", "query": {"callback.due": {"$lt": 1}}}),
        ("distinct", {"distinct": "documents", "key": "owner", "autocommit": False}),
        ("createIndexes", {"createIndexes": "memory", "indexes": [{"name": "a", "key": {"a": 1}, "unique": True}]}),
    ],
)
def test_what_mongodb_would_refuse_is_noticed(name: str, command: dict[str, object]) -> None:
    assert list(problems(name, command, KEYS))


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("update", {"update": "parts", "updates": [{"q": {"_id": "d/0000000", "document": "d"}, "u": {}}]}),
        ("update", {"update": "parts", "updates": [{"q": {"closed": True}, "u": {}, "multi": True}]}),
        ("delete", {"delete": "search", "deletes": [{"q": {"document": {"$in": ["d"]}}, "limit": 0}]}),
        ("findAndModify", {"findAndModify": "documents", "query": {"$and": [{"_id": "d"}, {"state": "done"}]}}),
        ("findAndModify", {"findAndModify": "usage", "query": {"begun": 1}}),
        ("distinct", {"distinct": "documents", "key": "owner"}),
    ],
)
def test_what_mongodb_does_is_let_through(name: str, command: dict[str, object]) -> None:
    assert not list(problems(name, command, KEYS))


async def test_each_entry_is_claimed_once(collections: Collections) -> None:
    """Found by one call and changed by another: several who ask at once still get one each, and none is forgotten."""
    due = {"url": "http://example.com", "due": datetime(2026, 1, 1, tzinfo=UTC), "attempts": 0}
    await collections.documents.insert_many(
        [{"_id": f"d{number}", "owner": "o", "state": "done", "callback": due} for number in range(40)]
    )
    callbacks = CallbackStore(collections)
    found = await asyncio.gather(*(callbacks.claim("o", []) for _ in range(40)))
    assert {one.document for one in found if one is not None} == {f"d{number}" for number in range(40)}
    assert await callbacks.claim("o", []) is None
