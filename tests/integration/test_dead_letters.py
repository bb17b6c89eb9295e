"""Records that could not be used: found, looked at, sent again, forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from pipeline.dead_letters import dead_letter
from pipeline.errors import InputError
from pipeline.settings import StoreSettings
from satzstrom import Client
from tests.integration.flow import Flow, run_flow
from tests.waiting import eventually


async def listed(flow: Flow, count: int, **filters: str) -> list[dict[str, Any]]:
    """Wait until so many dead letters are listed."""

    async def check() -> list[dict[str, Any]] | None:
        answer = await flow.http.get("/v1/dead-letters", params=filters)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items if len(items) == count else None

    return await eventually(check, what=f"{count} dead letters")


async def test_dead_letters_are_listed_shown_replayed_and_dropped(settings: StoreSettings) -> None:
    async with run_flow(settings) as flow:
        await flow.put(b'{"id": "book", "text": 7}')
        await flow.put(b"\xff\xfe")
        await flow.put(b"{}", topic=flow.topics.translations)
        everything = await listed(flow, 3)
        assert {letter["service"] for letter in everything} == {"segmenter", "sink"}
        assert {letter["reason"] for letter in everything} == {"EventError"}
        (book,) = await listed(flow, 1, document="book")
        assert "Expected `str`, got `int`" in book["message"]
        assert await listed(flow, 2, service="segmenter")
        later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        assert (await flow.http.get("/v1/dead-letters", params={"since": later})).json() == {"items": [], "next": None}
        assert len(await listed(flow, 3, until=later)) == 3
        none = await flow.http.get("/v1/dead-letters", params={"until": everything[-1]["at"]})
        assert none.json()["items"] == []

        whole = (await flow.http.get(f"/v1/dead-letters/{book['id']}")).json()
        assert whole["value"] == '{"id": "book", "text": 7}'
        (bytes_,) = [letter for letter in everything if letter["document"] is None and letter["service"] == "segmenter"]
        whole = (await flow.http.get(f"/v1/dead-letters/{bytes_['id']}")).json()
        assert (whole["value"], whole["value_base64"]) == (None, "//4=")

        # As it was, it fails again, at another place of the topic.
        answer = await flow.http.post(f"/v1/dead-letters/{book['id']}/replay")
        assert answer.status_code == 202
        assert answer.json()["replayed"]
        await listed(flow, 4)

        assert (await flow.http.delete(f"/v1/dead-letters/{book['id']}")).status_code == 204
        for method, path in (("GET", ""), ("POST", "/replay"), ("DELETE", "")):
            answer = await flow.http.request(method, f"/v1/dead-letters/{book['id']}{path}")
            assert answer.status_code == 404
            assert "no dead letter" in answer.json()["detail"]


async def test_what_claims_to_come_from_elsewhere_is_not_sent_there(settings: StoreSettings) -> None:
    async with run_flow(settings) as flow:
        source: Any = SimpleNamespace(
            topic="evil-topic", partition=0, offset=0, timestamp=1, key=b"k", value=b"x", headers=[]
        )
        letter = dead_letter(flow.topics.dead_letters, source, service="x", stage="handle", error=InputError("x"))
        await flow.publisher.publish([letter])
        (shown,) = await listed(flow, 1)
        answer = await flow.http.post(f"/v1/dead-letters/{shown['id']}/replay")
        assert answer.status_code == 422
        assert "no topic of this pipeline" in answer.json()["detail"]


async def test_dead_letters_are_chosen_by_the_step_that_failed(settings: StoreSettings) -> None:
    async with run_flow(settings) as flow:
        await flow.put(b"no JSON")
        await flow.put(b'{"id": "nowhere", "text": "x", "source": "xx"}')
        await listed(flow, 2)
        assert [one["reason"] for one in await listed(flow, 1, stage="decode")] == ["EventError"]
        assert [one["reason"] for one in await listed(flow, 1, stage="handle")] == ["LanguageError"]
        none = await flow.http.get("/v1/dead-letters", params={"stage": "translate"})
        assert none.json()["items"] == []
        assert (await flow.http.get("/v1/dead-letters", params={"stage": "cook"})).status_code == 422
        client = Client(str(flow.http.base_url))
        with client:
            found = await asyncio.to_thread(lambda: list(client.dead_letters(stage="handle")))
        assert [letter.document for letter in found] == ["nowhere"]


async def test_those_of_a_deleted_document_go_with_it(settings: StoreSettings) -> None:
    async with run_flow(settings) as flow:
        for name in ("secret", "other"):
            await flow.put(f'{{"id": "{name}", "text": "Ein Satz."}}'.encode())
            await flow.done(name)
            await flow.put(f'{{"document": "{name}", "text": 7}}'.encode(), topic=flow.topics.translations)
        await listed(flow, 2)
        assert (await flow.http.delete("/v1/documents/secret")).status_code == 204
        assert [letter["document"] for letter in await listed(flow, 1)] == ["other"]


async def test_pages_go_through_all_of_them(settings: StoreSettings) -> None:
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        for number in range(7):
            await flow.put(f'{{"id": "d{number}"}}'.encode())
        await listed(flow, 7)
        found: list[str] = []
        query: dict[str, Any] = {"limit": 3}
        while query.get("after", "") is not None:
            page = (await flow.http.get("/v1/dead-letters", params=query)).json()
            found += [letter["document"] for letter in page["items"]]
            query["after"] = page["next"]
        assert sorted(found) == [f"d{number}" for number in range(7)]


async def test_a_replay_mends_a_document(settings: StoreSettings) -> None:
    text = "Eins ist da. Zwei auch."
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        await flow.put(f'{{"id": "mended", "text": "{text}", "source": "de", "target": "en"}}'.encode())
        first, second = sorted(await flow.records(flow.topics.sentences_interactive, 2), key=lambda one: one.value)
    # What a translator does with a sentence that kills its engine.
    failed = second.value.replace(b'"source"', b'"model":"m@1","failed":true,"source"')
    done = first.value.replace(b'"source"', b'"model":"m@1","source"')
    async with run_flow(settings) as flow:
        await flow.publisher.publish([])
        for value in (failed, done):
            await flow.put(value, topic=flow.topics.translations)
        assert (await flow.done("mended"))["sentences"]["total"] == 2

        async def whole() -> bool:
            return bool((await flow.http.get("/v1/documents/mended")).json()["sentences"]["failed"] == 0)

        await eventually(whole, what="the sentence that failed")
        assert await flow.text("mended") == text.encode()
