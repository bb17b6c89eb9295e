"""What a key may send: characters, requests and documents, counted by all APIs together."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from pipeline.errors import QuotaError
from store.accounts.keys import KeyStore
from store.accounts.usage import UsageStore
from store.collections import Collections
from tests.integration.flow import Flow
from tests.integration.holders import (
    PARAGRAPH,
    done,
    flow,
    holder,
    state,
    store,
    submit,
    two,
    usage,
)
from tests.integration.test_api import TEXT, problem
from tests.waiting import eventually

# Fixtures.
__all__ = ["flow", "store", "two"]


async def test_an_upload_stops_where_the_quota_ends(flow: Flow, store: KeyStore) -> None:
    by = await holder(store, characters=150_000)
    sent = 0

    async def upload() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(30):
            sent += 1
            yield (PARAGRAPH * 80).encode()
            await asyncio.sleep(0.01)

    for _ in range(2):
        # Sent again it ends at the same place, and nothing is counted twice.
        found = await problem(
            flow, "POST", "/v1/documents?id=book", 429, "quota-exceeded", content=upload(), headers=TEXT | by.headers
        )
        assert "150,000 characters a month" in found["detail"]
        used = (await usage(flow, by))["characters"]
        assert 150_000 - 65_536 < used["used"] <= used["limit"] == 150_000
        status = await state(flow, by, "book")
        assert (status["state"], status["reason"]) == ("incomplete", found["detail"])

    async def translated() -> bool:
        return bool((await state(flow, by, "book"))["sentences"]["translated"])

    await eventually(translated, within=60, what="the first translation")
    partial = await flow.http.get("/v1/documents/book/text?partial=source", headers=by.headers)
    assert (PARAGRAPH * 2400).startswith(partial.text)
    # What fits still is taken; of a document that does not fit from the start nothing is left.
    left = used["limit"] - used["used"]
    assert (await submit(flow, by, "fits", "x" * left)).status_code == 202
    for how, path in (("POST", "?id=more"), ("PUT", "/more/parts/0")):
        found = await problem(
            flow, how, f"/v1/documents{path}", 429, "quota-exceeded", content="x", headers=TEXT | by.headers
        )
        assert "0 are left" in found["detail"]
        await problem(flow, "GET", "/v1/documents/more", 404, "not-found", headers=by.headers)


async def test_each_text_is_counted_once_however_often_and_wherever_it_is_sent(
    two: tuple[Flow, Flow], store: KeyStore
) -> None:
    by = await holder(store)
    texts = {f"d{number}": f"Dokument {number}. " * (number + 1) for number in range(12)}
    # Each is sent four times at once, by two APIs.
    answers = await asyncio.gather(
        *(submit(flow, by, document, text) for document, text in texts.items() for flow in two * 2)
    )
    assert {answer.status_code for answer in answers} == {202}
    wanted = sum(map(len, texts.values()))
    assert [(await usage(flow, by))["characters"]["used"] for flow in two] == [wanted, wanted]
    answer = await two[0].http.put("/v1/documents/d0/parts/0?last=true", content=texts["d0"], headers=TEXT | by.headers)
    assert answer.status_code == 202
    assert (await usage(two[0], by))["characters"]["used"] == wanted
    # A corrected text is another one. Deleting gives nothing back.
    begun = await two[0].http.put("/v1/documents/new/parts/0", content="Anfang.", headers=TEXT | by.headers)
    assert begun.status_code == 202
    assert (await two[0].http.delete("/v1/documents/new", headers=by.headers)).status_code == 204
    wanted += len("Anfang.")
    assert (await usage(two[1], by))["characters"]["used"] == wanted
    # Parts without text cost a little, or there could be any number of them; but not the last, as cutting leaves it.
    for number in range(4):
        path = f"/v1/documents/empty/parts/{number}?last={'true' if number == 3 else 'false'}"
        assert (await two[0].http.put(path, content="", headers=TEXT | by.headers)).status_code == 202
    assert (await usage(two[1], by))["characters"]["used"] == wanted + 3


async def test_a_quota_holds_when_many_count_at_once(collections: Collections) -> None:
    counters = [UsageStore(collections), UsageStore(collections)]

    async def count(number: int) -> bool:
        try:
            await counters[number % 2].charge("key", f"d{number}/0/r", limit=1000, characters=90)
        except QuotaError:
            return False
        return True

    taken = await asyncio.gather(*(count(number) for number in range(40)))
    assert sum(taken) == 11
    assert await counters[0].characters("key") == 990
    assert await collections.charges.count_documents({}) == 11, "what was refused can be sent again next month"


async def test_what_is_on_its_way_is_neither_counted_nor_sent_again(
    collections: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = UsageStore(collections), UsageStore(collections)
    charge, limits = "d/0/r", {"limit": 150, "characters": 90}
    assert await first.charge("key", charge, **limits)
    waiting = asyncio.create_task(second.charge("key", charge, **limits))
    await first.failed(charge)
    assert await waiting, "what could not be sent is sent by the next one"
    waiting = asyncio.create_task(first.charge("key", charge, **limits))
    await second.sent(charge)
    assert not await waiting
    assert await first.characters("key") == 90
    # What did not arrive in time is work again.
    monkeypatch.setattr("store.accounts.usage._ARRIVES_WITHIN", timedelta(0))
    with pytest.raises(QuotaError):
        await first.charge("key", charge, **limits)
    assert await first.charge("key", charge, limit=200, characters=90)
    assert await first.characters("key") == 180


async def test_known_text_sent_again_makes_no_work(flow: Flow, store: KeyStore) -> None:
    by = await holder(store, characters=1000, documents=1)
    text = "Guten Tag. Wie geht es Ihnen? " * 20
    # Ten at once, before anything of it can be stored.
    answers = await asyncio.gather(*(submit(flow, by, "again", text) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {202}
    await done(flow, by, "again")
    sent, made = await flow.count(flow.topics.documents), await flow.count(flow.topics.translations)
    assert sent == 1
    for number in range(10):
        answer = await flow.http.post(
            f"/v1/documents?id=again&priority={('high', 'low')[number % 2]}", content=text, headers=TEXT | by.headers
        )
        assert answer.status_code == 202
        put = await flow.http.put(
            "/v1/documents/again/parts/0?last=true&priority=high", content=text, headers=TEXT | by.headers
        )
        assert put.status_code == 202
    # What is sent behind it shows that nothing of it is still to come.
    assert (await submit(flow, by, "behind", "Danach.")).status_code == 202
    await done(flow, by, "behind")
    assert await flow.count(flow.topics.documents) == sent + 1
    assert await flow.count(flow.topics.documents_bulk) == 0
    assert await flow.count(flow.topics.translations) == made + 1
    assert (await usage(flow, by))["characters"]["used"] == len(text) + len("Danach.")


async def test_a_quota_that_is_used_up_is_said_before_tags_are_read(
    flow: Flow, store: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = await holder(store, characters=10)
    assert (await submit(flow, by, "all", "x" * 10)).status_code == 202
    monkeypatch.setattr("api.interpreting.Markup", None)
    order = {"target_lang": "EN", "source_lang": "DE", "tag_handling": "html", "text": ["<b>Tag</b>"]}
    assert (await flow.http.post("/v2/translate", json=order, headers=by.headers)).status_code == 456
    plain = {"q": "<b>Tag</b>", "source": "de", "target": "en", "format": "html"}
    assert (await flow.http.post("/translate", json=plain, headers=by.headers)).status_code == 429


async def test_requests_are_counted_by_all_apis_together(two: tuple[Flow, Flow], store: KeyStore) -> None:
    by, other = await holder(store, requests=4), await holder(store)
    remaining = []
    for number in range(4):
        answer = await two[number % 2].http.get("/v1/documents", headers=by.headers)
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == '"requests";q=4;w=60'
        name, left, reset = answer.headers["ratelimit"].split(";")
        assert name == '"requests"'
        assert 0 < int(reset.removeprefix("t=")) <= 60
        remaining.append(int(left.removeprefix("r=")))
    assert remaining == [3, 2, 1, 0]
    answer = await two[0].http.get("/v1/documents", headers=by.headers)
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:satzstrom:problem:rate-limited")
    assert 0 < int(answer.headers["retry-after"]) <= 15
    assert answer.headers["ratelimit"].startswith('"requests";r=0;')
    assert (await two[0].http.get("/livez")).status_code == 200
    answer = await two[0].http.get("/v1/documents", headers=other.headers)
    assert (answer.status_code, "ratelimit" in answer.headers) == (200, False)


async def test_a_request_is_allowed_again_when_its_share_of_the_minute_is_over(collections: Collections) -> None:
    counter = UsageStore(collections)
    while (await counter.take("key", 120)).allowed:
        pass
    refused = await counter.take("key", 120)
    assert (refused.remaining, refused.wait) == (0, 1)

    async def allowed() -> bool:
        return (await counter.take("key", 120)).allowed

    await eventually(allowed, within=10, what="the next request")


async def test_no_more_documents_than_allowed_are_under_way(two: tuple[Flow, Flow], store: KeyStore) -> None:
    by = await holder(store, documents=3)
    names = [f"d{number}" for number in range(12)]
    answers = await asyncio.gather(
        *(submit(two[number % 2], by, name, "Ein Satz.") for number, name in enumerate(names))
    )
    taken = [name for name, answer in zip(names, answers, strict=True) if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code != 202]
    assert (len(taken), len(refused)) == (3, 9)
    for answer in refused:
        assert (answer.status_code, answer.json()["type"]) == (429, "urn:satzstrom:problem:too-many-documents")
        assert int(answer.headers["retry-after"]) > 0
    found = await usage(two[1], by)
    assert found["documents"] == {"under_way": 3, "limit": 3}
    assert found["characters"]["used"] == 3 * len("Ein Satz."), "what was refused costs nothing"
    listed = (await two[0].http.get("/v1/documents", headers=by.headers)).json()["items"]
    assert {entry["id"] for entry in listed} == set(taken), "nothing is left of what was refused"
    # The same again is no further document, and a cancelled one makes room.
    assert (await submit(two[0], by, taken[0], "Ein Satz.")).status_code == 202
    assert (await submit(two[0], by, "next", "Ein Satz.")).status_code == 429
    await two[1].http.post(f"/v1/documents/{taken[0]}/cancel", headers=by.headers)
    assert (await submit(two[0], by, "next", "Ein Satz.")).status_code == 202
