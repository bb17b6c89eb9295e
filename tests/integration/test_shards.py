"""Documents through the pipeline on a MongoDB of two shards: real processes, sharded as docs/operating.md says."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from embedded.ports import LOOPBACK
from pipeline.create_topics import create
from pipeline.errors import ConflictError, QuotaError, TooManyDocumentsError
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from store.accounts.usage import UsageStore
from store.collections import Collections, connect
from store.documents.lifecycle import DocumentLifecycle
from store.ownership import Ownership
from tests.integration.conftest import delete, settings_of
from tests.integration.flow import Flow, run_flow
from tests.integration.servers import Servers
from tests.integration.sharding import shard_keys
from tests.integration.shards import Router, Shards, sharded_mongodb
from tests.integration.storing import part, write
from tests.waiting import eventually

KEYS = shard_keys()
DOCUMENTS = [f"d{number}" for number in range(12)]


@dataclass
class Sharded:
    """The store on shards, and what it lies on."""

    settings: StoreSettings
    collections: Collections
    shards: Shards
    router: Router

    async def on_each(self, collection: str, **wanted: Any) -> list[int]:
        """Return how many entries of a collection each shard has itself."""
        counts = []
        for name in ("one", "two"):
            client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
                LOOPBACK, self.shards.ports[name], directConnection=True
            )
            async with client:
                counts.append(await client[self.settings.database][collection].count_documents(wanted))
        return counts


@pytest.fixture(scope="module")
async def sharded(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sharded]:
    """A store that nobody else uses, with topics of its own."""
    async with sharded_mongodb(tmp_path_factory.mktemp("shards"), KEYS) as (uri, shards, router):
        settings = settings_of(servers, "sharded").model_copy(update={"mongodb": uri})
        topics = Topics(settings.topic_prefix)
        await create(servers.clients, topics)
        async with await connect(settings) as collections:
            yield Sharded(settings, collections, shards, router)
        await delete(servers.clients, topics)


async def test_documents_lie_on_both_shards_and_are_read_written_found_and_deleted_as_on_one(sharded: Sharded) -> None:
    # Parts, so that the memory takes more than one of each.
    texts = {name: "\n\n".join(f"Satz {n} über {name} steht hier." for n in range(40)) for name in DOCUMENTS}
    async with run_flow(sharded.settings, engine="marking") as flow:
        for name, text in texts.items():
            answer = await flow.http.post("/v1/documents", json={"id": name, "text": text})
            assert answer.status_code == 202, answer.text
        files = {"file": ("notes.html", b"<p>Guten Tag.</p><p>Danke.</p>")}
        assert (await flow.http.post("/v1/documents?id=filed", files=files)).status_code == 202
        for name, text in texts.items():
            expected = "\n\n".join(f"⟦{line}⟧" for line in text.split("\n\n"))
            assert (await flow.text(name)).decode() == expected
        await flow.done("filed")
        assert b"Danke" in (await flow.http.get("/v1/documents/filed/file")).content
        for collection in ("documents", "parts"):
            assert all(await sharded.on_each(collection)), collection
        await _corrected(flow, "d3")
        await _found(flow)
        listed = (await flow.http.get("/v1/documents?limit=100")).json()["items"]
        assert {one["id"] for one in listed} == {*DOCUMENTS, "filed"}
        # What was translated before comes from the memory, on whichever shard that is.
        await eventually(lambda: _all_of(sharded, "memory", 12 * 40), within=30, what="the memory")
        answer = await flow.http.post("/v1/documents", json={"id": "again", "text": texts["d5"]})
        assert (await flow.done("again"))["sentences"]["remembered"] == 40
        for name in (*DOCUMENTS, "filed", "again"):
            assert (await flow.http.delete(f"/v1/documents/{name}?memory=true")).status_code in (202, 204)
        for collection in ("parts", "search", "files.files", "files.chunks", "memory"):
            assert await sharded.on_each(collection) == [0, 0], collection
    # The ends of documents, corrections and the search are transactions on the shards of a document and of its parts.
    assert await sharded.collections.documents.count_documents({"state": {"$ne": "deleted"}}) == 0


async def _corrected(flow: Flow, document: str) -> None:
    answer = await flow.http.patch(f"/v1/documents/{document}/sentences/0/7", json={"text": "Seven."})
    assert answer.status_code == 200, answer.text
    assert "Seven." in (await flow.http.get(f"/v1/documents/{document}/text")).text


async def _found(flow: Flow) -> None:
    async def both() -> bool:
        hits = (await flow.http.get("/v1/search", params={"q": "satz 11", "limit": 100})).json()["items"]
        return {hit["document"] for hit in hits} >= set(DOCUMENTS)

    await eventually(both, within=30, what="all documents in the search")


async def _all_of(sharded: Sharded, collection: str, count: int) -> bool:
    return sum(await sharded.on_each(collection)) >= count and all(await sharded.on_each(collection))


async def test_what_a_key_uses_is_counted_in_transactions_on_several_shards(sharded: Sharded) -> None:
    """`usage` is on one shard, charges and documents are wherever their ids fall."""
    before = sharded.router.spread
    usage = UsageStore(sharded.collections)
    counted = await asyncio.gather(*(usage.charge("k", f"c{n}", limit=100, characters=9) for n in range(11)))
    assert all(counted)
    await usage.sent("c3")
    assert not await usage.charge("k", "c3", limit=100, characters=9), "it is on its way"
    with pytest.raises(QuotaError):
        await usage.charge("k", "c11", limit=100, characters=9)
    assert await usage.characters("k") == 99
    assert all(await sharded.on_each("charges", key="k"))
    lifecycle, mine = DocumentLifecycle(sharded.collections), Ownership("k", everything=False)
    options: dict[str, Any] = {"source": "de", "target": "en", "model": None, "metadata": {}, "revision": "r"}
    for number in range(8):
        await lifecycle.register(mine, f"k{number}", **options, at_most=8)
    with pytest.raises(TooManyDocumentsError):
        await lifecycle.register(mine, "k8", **options, at_most=8)
    assert sharded.router.spread > before


async def test_a_part_is_there_once_and_another_text_is_refused(sharded: Sharded) -> None:
    await write(sharded.collections, part(0, "eins zwei", last=True))
    await write(sharded.collections, part(0, "eins zwei", last=True))
    assert sum(await sharded.on_each("parts", document="d")) == 1
    with pytest.raises(ConflictError):
        await write(sharded.collections, part(0, "drei", last=True))


async def test_what_does_not_say_its_key_is_refused(sharded: Sharded) -> None:
    """As the rules have it that all other tests are held to (`tests.integration.sharding`)."""
    with pytest.raises(OperationFailure, match="shard key"):
        await sharded.collections.parts.update_one({"_id": "x/0000000"}, {"$set": {"a": 1}}, upsert=True)
    with pytest.raises(OperationFailure, match="shard key"):
        await sharded.collections.search.delete_one({"part": 0})
