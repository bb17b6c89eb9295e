"""How far translations can be relied on, from the store to those who ask."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest
from typer.testing import CliRunner

from pipeline.confidence import level
from pipeline.create_topics import create
from pipeline.events import Translation
from pipeline.topics import Topics
from producer.__main__ import application
from satzstrom.asynchronous import AsyncClient
from store.collections import Collections, connect
from tests.integration.conftest import settings_of
from tests.integration.flow import Flow, run_flow
from tests.integration.servers import Servers
from tests.integration.storing import Stored, part, write
from tests.integration.test_api import problem

SURE: Sequence[Sequence[int | None]] = [[90, 35, None, 59], [35, 12, 60], [None, 100, 12]]
"""Of three parts of one document; where there is none, an older release wrote the translation."""


@pytest.fixture(scope="module")
async def flow(servers: Servers) -> AsyncIterator[Flow]:
    """One pipeline for all: each test has documents of its own."""
    await create(servers.clients, Topics("confidence."))
    async with run_flow(settings_of(servers, "confidence")) as running:
        yield running


@pytest.fixture
async def stored(servers: Servers) -> AsyncIterator[Collections]:
    opened = await connect(settings_of(servers, "confidence"))
    yield opened
    await opened.close()


def events(document: str, parts: Sequence[Sequence[int | None]] = SURE, **fields: Any) -> list[Stored]:
    found: list[Stored] = []
    for number, mine in enumerate(parts):
        words = " ".join(f"wort{index}" for index in range(len(mine)))
        segmented, *made = part(number, f"{words}\n", last=number == len(parts) - 1, document=document)
        found.append(segmented)
        for one, sure in zip(made, mine, strict=True):
            assert isinstance(one, Translation)
            found.append(msgspec.structs.replace(one, confidence=sure, **fields))
    return found


async def listed(flow: Flow, document: str, query: str, limit: int) -> list[dict[str, Any]]:
    """Return all sentences of a query, by pages of a size."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        answer = await flow.http.get(f"/v1/documents/{document}/sentences?limit={limit}&{query}{after}")
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if (following := answer.json()["next"]) is None:
            return found
        after = f"&after={following}"


async def test_counts_of_each_level_are_summed_over_parts_and_stay_when_it_is_done(
    flow: Flow, stored: Collections
) -> None:
    await write(stored, events("counted")[:-1])
    before = (await flow.http.get("/v1/documents/counted")).json()
    assert before["sentences"]["confidence"] == {"high": 3, "medium": 1, "low": 3}
    await write(stored, events("counted")[-1:])
    done = (await flow.http.get("/v1/documents/counted")).json()
    assert (done["state"], done["sentences"]["total"]) == ("done", 10)
    assert done["sentences"]["confidence"] == {"high": 3, "medium": 1, "low": 4}
    parts = (await flow.http.get("/v1/documents/counted/parts")).json()["items"]
    assert [one["sentences"]["confidence"]["low"] for one in parts] == [1, 2, 1]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_sentences_are_chosen_and_ordered_page_by_page(flow: Flow, stored: Collections, limit: int) -> None:
    document = f"chosen{limit}"
    await write(stored, events(document))
    everything = await listed(flow, document, "order=position", 100)
    known = [one for one in everything if one["confidence"] is not None]
    assert len(everything) == 10
    for name in ("high", "medium", "low"):
        chosen = await listed(flow, document, f"confidence={name}", limit)
        assert chosen == [one for one in known if level(one["confidence"]) == name]
        assert all(one["level"] == name and one["reason"] for one in chosen)
        ordered = await listed(flow, document, f"confidence={name}&order=confidence", limit)
        assert ordered == sorted(chosen, key=lambda one: one["confidence"])
    # Those with the same confidence are in the order of the text.
    assert await listed(flow, document, "order=confidence", limit) == sorted(known, key=lambda one: one["confidence"])
    text = "".join([f"{' '.join(f'wort{index}' for index in range(len(mine)))}\n" for mine in SURE])
    assert all(text[slice(*one["span"])] == one["source"] for one in known)


async def test_a_place_of_another_order_is_refused_and_so_is_a_level_that_there_is_not(
    flow: Flow, stored: Collections
) -> None:
    await write(stored, events("places"))
    for query in ("confidence=great", "order=length", "after=1:2:3", "after=1234:0.1"):
        await problem(flow, "GET", f"/v1/documents/places/sentences?{query}", 422, "invalid")
    for query in ("after=0.1&order=confidence", "after=12:0.1", "after=12:0.1&confidence=low"):
        await problem(flow, "GET", f"/v1/documents/places/sentences?{query}", 422, "input")
    await problem(flow, "GET", "/v1/documents/nobody/sentences?confidence=low", 404, "not-found")


async def test_what_an_older_release_stored_has_none_and_stays_readable(flow: Flow, stored: Collections) -> None:
    await write(stored, events("older", [[None, None]]))
    # As a release that did not know of it left the part.
    await stored.parts.update_many({"document": "older"}, {"$unset": {"low": "", "medium": "", "high": ""}})
    await stored.documents.update_one(
        {"_id": "older"}, {"$unset": {"counts.low": "", "counts.medium": "", "counts.high": ""}}
    )
    status = (await flow.http.get("/v1/documents/older")).json()
    assert status["sentences"]["translated"] == 2
    assert status["sentences"]["confidence"] == {"high": 0, "medium": 0, "low": 0}
    found = await listed(flow, "older", "order=position", 10)
    assert [(one["confidence"], one["level"], one["reason"]) for one in found] == [(None, None, None)] * 2
    assert await listed(flow, "older", "order=confidence", 10) == []
    assert await listed(flow, "older", "confidence=low", 10) == []
    assert (await flow.http.get("/v1/documents/older/parts")).json()["items"][0]["sentences"]["confidence"]["low"] == 0


async def test_a_sentence_without_one_is_no_longer_there_than_with_it(stored: Collections) -> None:
    await write(stored, events("bytes", [[None, 7]]))
    (entry,) = [entry async for entry in stored.parts.find({"document": "bytes"})]
    assert entry["translations"]["0"] == {"text": "WORT0"}
    assert entry["translations"]["1"] == {"text": "WORT1", "confidence": 7}


async def test_exports_say_it(flow: Flow, stored: Collections) -> None:
    await write(stored, events("exported", [[90, 12, None]]))
    export = "/v1/documents/exported/export?format="
    lines = [json.loads(line) for line in (await flow.http.get(f"{export}jsonl")).text.splitlines()]
    assert lines == await listed(flow, "exported", "order=position", 10)
    root = ElementTree.fromstring((await flow.http.get(f"{export}tmx")).content)
    said = [[one.text for one in unit.iter("prop") if one.get("type") == "x-confidence"] for unit in root.iter("tu")]
    assert said == [["90"], ["12"], []]
    page = (await flow.http.get(f"{export}html")).text
    assert page.count("confidence (") == 1
    assert "low confidence (12): the model was unsure of its words" in page


async def test_the_command_line_shows_it(flow: Flow, stored: Collections) -> None:
    await write(stored, events("shown"))
    run = partial(CliRunner().invoke, application())
    api = ["--api", str(flow.http.base_url)]
    shown = await asyncio.to_thread(run, ["sentences", "shown", "--confidence", "low", "--order", "confidence", *api])
    assert shown.exit_code == 0, shown.output
    assert [line for line in shown.output.splitlines() if line[0].isdigit()] == [
        f"{place} low ({sure}): the model was unsure of its words, and in a text so short one word decides"
        for place, sure in (("1.1", 12), ("2.2", 12), ("0.1", 35), ("1.0", 35))
    ]
    assert "wort1" in shown.output
    as_json = await asyncio.to_thread(run, ["sentences", "shown", "--limit", "3", "--json", *api])
    assert [one["confidence"] for one in json.loads(as_json.output)] == [90, 35, None]
    status = await asyncio.to_thread(run, ["status", "shown", *api])
    assert "confidence: 3 high, 1 medium, 4 low" in status.output


async def test_events_and_clients_have_it(flow: Flow, stored: Collections) -> None:
    await write(stored, events("heard", suspect=["numbers"]))
    async with AsyncClient(str(flow.http.base_url)) as client:
        found = [one async for one in client.sentences("heard", confidence="low", order="confidence")]
        live = {one.position: one async for one in client.live("heard")}
    assert [one.confidence for one in found] == [12, 12, 35, 35]
    assert all((one.level, one.reason) == (live[one.position].level, live[one.position].reason) for one in found)
    assert live["0.2"].confidence is None
    assert "numbers" in (found[0].reason or "")
