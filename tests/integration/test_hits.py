"""Sentences whose translation is in the memory: what is used, of whom, and what is left when it is deleted."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore
from store.collections import Collections
from store.memory.keeping import MemoryKeeper
from store.memory.units import Made, Place, Unit
from store.ownership import Ownership
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import Holder, done, holder, state
from tests.waiting import eventually

FIRST = "Das Gerät ist aus. Schalten Sie es ein. Drücken Sie dazu den roten Knopf."
SECOND = "Das Gerät ist aus. Schalten Sie es ein. Drücken Sie dazu den grünen Knopf."


async def units(collections: Collections, count: int, **wanted: Any) -> list[dict[str, Any]]:
    """Wait for so many units in the memory, and return them."""

    async def check() -> tuple[list[dict[str, Any]]] | None:
        found = await collections.memory.find(wanted).to_list(None)
        return (found,) if len(found) == count else None

    (found,) = await eventually(check, within=20, what=f"{count} units")
    return found


async def submit(flow: Flow, document: str, text: str, **more: Any) -> dict[str, Any]:
    """Send a document, and return its status when it is done."""
    answer = await flow.http.post("/v1/documents", json={"id": document, "text": text} | more)
    assert answer.status_code == 202, answer.text
    return await flow.done(document)


async def sentences(flow: Flow, document: str) -> list[tuple[str, str | None]]:
    """Return translations, with how they were remembered."""
    found = (await flow.http.get(f"/v1/documents/{document}/sentences")).json()["items"]
    return [(one["translation"], one["memory"]) for one in found]


async def correct(collections: Collections, *pairs: Sequence[str], **more: Any) -> None:
    """Put what a person made into the memory of nobody."""
    made = [Unit(source="de", target="en", text=source, translation=target, **more) for source, target in pairs]
    await MemoryKeeper(collections).save(Ownership(None, everything=False), made)


async def test_a_new_edition_costs_what_changed_and_nothing_stays_of_a_deleted_one(
    settings: StoreSettings, collections: Collections
) -> None:
    async with run_flow(settings, engine="marking") as flow:
        first = await submit(flow, "first", FIRST)
        assert first["sentences"]["remembered"] == 0
        await units(collections, 3, document="first")
        second = await submit(flow, "second", SECOND)
        assert (second["sentences"]["total"], second["sentences"]["remembered"]) == (3, 2)
        assert second["model"] == "marking@1"
        assert await sentences(flow, "second") == [
            ("⟦Das Gerät ist aus.⟧", "repeat"),
            ("⟦Schalten Sie es ein.⟧", "repeat"),
            ("⟦Drücken Sie dazu den grünen Knopf.⟧", None),
        ]
        # What it has used is its own from then on.
        await units(collections, 3, document="second")
        for document, left in (("second", 1), ("first", 0)):
            assert (await flow.http.delete(f"/v1/documents/{document}")).status_code == 204
            await units(collections, left)


async def test_what_people_made_goes_first_and_a_document_may_be_all_of_it(
    settings: StoreSettings, collections: Collections
) -> None:
    await correct(collections, ("Das Gerät ist aus.", "The unit is off."), ("Schalten Sie es ein.", "Switch it on."))
    async with run_flow(settings, engine="marking") as flow:
        status = await submit(flow, "all", "Das Gerät ist aus. Schalten Sie es ein.")
        assert (status["sentences"]["remembered"], status["progress"], status["model"]) == (2, 1.0, None)
        assert await sentences(flow, "all") == [("The unit is off.", "exact"), ("Switch it on.", "exact")]
        assert await flow.text("all") == b"The unit is off. Switch it on."
        assert await flow.count(flow.topics.sentences_interactive) == 0
        some = await submit(flow, "some", FIRST)
        assert (some["sentences"]["remembered"], some["model"]) == (2, "marking@1")
        # Straight onto Kafka: nobody's memory, none, or another key's; a field of the sender's own is the sender's.
        for document, member, kind in (
            ("straight", {}, "exact"),
            ("without", {"satzstrom_memory": "-"}, None),
            ("anothers", {"satzstrom_memory": "alice"}, None),
            ("theirs", {"memory": "-"}, "exact"),
        ):
            await flow.put(json.dumps({"id": document, "text": "Das Gerät ist aus."} | member).encode())
            status = await flow.done(document)
            assert [memory for _, memory in await sentences(flow, document)] == [kind], document
            assert status["metadata"] == {name: value for name, value in member.items() if name == "memory"}
        # A person's stay a person's.
        (machine,) = await units(collections, 1, origin="machine", document="some")
        assert machine["text"] == "Drücken Sie dazu den roten Knopf."
        for kind, said in (
            ("tmx", b'type="x-memory">exact'),
            ("xliff", b'category="memory"'),
            ("html", b"from memory"),
        ):
            exported = await flow.http.get("/v1/documents/some/export", params={"format": kind})
            assert said in exported.content, kind


async def test_the_memory_is_of_the_same_model_and_may_be_left_out(
    settings: StoreSettings, collections: Collections
) -> None:
    other = Unit(
        source="de",
        target="en",
        text="Das Gerät ist aus.",
        translation="OLD",
        place=Place("gone", 0, 0),
        made=Made(model="marking@0"),
    )
    nobodys, alices = Ownership(None, everything=False), Ownership("alice", everything=False)
    await MemoryKeeper(collections).save(nobodys, [other])
    secret = Unit(source="de", target="en", text="Das Gerät ist aus.", translation="ALICE")
    await MemoryKeeper(collections).save(alices, [secret])
    async with run_flow(settings, engine="marking") as flow:
        assert (await submit(flow, "a", FIRST))["sentences"]["remembered"] == 0
    async with run_flow(settings.model_copy(update={"memory": "person"}), engine="marking") as flow:
        assert (await submit(flow, "b", FIRST))["sentences"]["remembered"] == 0
        await correct(collections, ("Das Gerät ist aus.", "The unit is off."))
        assert (await submit(flow, "c", FIRST))["sentences"]["remembered"] == 1
    async with run_flow(settings.model_copy(update={"memory": "off"}), engine="marking") as flow:
        assert (await submit(flow, "d", FIRST))["sentences"]["remembered"] == 0
    assert {unit["document"] for unit in await collections.memory.find({"origin": "machine"}).to_list(None)} <= {
        "gone",
        "a",
    }


async def test_no_key_gets_what_is_anothers(settings: StoreSettings, collections: Collections) -> None:
    store = KeyStore(collections)
    alice, bob, admin = await holder(store), await holder(store), await holder(store, admin=True)
    async with run_flow(settings, engine="marking", api={"require_keys": "yes"}) as flow:

        async def remembered(by: Holder, document: str, query: str = "") -> int:
            sent = await flow.http.post(
                f"/v1/documents?id={document}{query}",
                content=FIRST,
                headers=by.headers | {"Content-Type": "text/plain"},
            )
            assert sent.status_code == 202, sent.text
            await done(flow, by, document)
            return int((await state(flow, by, document))["sentences"]["remembered"])

        assert await remembered(alice, "alices") == 0
        await units(collections, 3, owner=alice.id)
        await correct(collections, ("Das Gerät ist aus.", "Nobody's."))
        # An admin sees all documents, and has a memory of its own nevertheless.
        assert [await remembered(bob, "bobs"), await remembered(admin, "admins")] == [0, 0]
        assert await remembered(alice, "without", "&memory=off") == 0
        assert await remembered(alice, "again") == 3
        # Nothing of what used no memory has gone into it.
        assert await collections.memory.count_documents({"document": "without"}) == 0


@pytest.mark.parametrize("mongodb", ["mongodb://127.0.0.1:9/?replicaSet=satzstrom"])
async def test_a_segmenter_without_mongodb_goes_on(settings: StoreSettings, mongodb: str) -> None:
    lonely = settings.model_copy(update={"mongodb": mongodb})
    async with run_flow(settings, ("translator", "sink", "api")) as flow, run_flow(lonely, ("segmenter",)):
        assert (await submit(flow, "d", FIRST))["sentences"]["translated"] == 3
        # The second one waits for nothing any more.
        assert (await submit(flow, "e", SECOND))["sentences"]["translated"] == 3
