"""Keys and limits on a running pipeline."""

import asyncio
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from pathlib import Path
from typing import Any

import httpx
import pytest

import api.__main__ as api_main
from api.keys import KNOWN_FOR
from pipeline.errors import QuotaError, SetupError
from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore, Limits
from store.accounts.usage import UsageStore
from store.collections import Collections
from store.documents.batches import BatchStore
from store.ownership import Ownership
from tests.integration.flow import Flow, run_flow
from tests.integration.test_api import TEXT, problem
from tests.waiting import eventually

SECRET = "Geheimnis"
# It gives what people change for as long as somebody reads.
ENDLESS = "/v1/documents/{document}/edits"
# Few sentences for many characters: these tests are about characters.
PARAGRAPH = "Ein Absatz mit einem langen Satz" + ", und noch etwas" * 20 + ".\n\n"
WITHOUT_TRANSLATOR = ("segmenter", "sink", "api")


@dataclass(frozen=True)
class Holder:
    """Somebody with a key."""

    id: str
    key: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture
async def store(collections: Collections) -> KeyStore:
    return KeyStore(collections)


async def holder(store: KeyStore, *, admin: bool = False, **limits: int) -> Holder:
    made, key = await store.create("of a test", Limits(**limits), admin=admin)
    return Holder(made.id, key)


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    async with run_flow(settings, api={"require_keys": "yes"}) as running:
        yield running


@pytest.fixture
async def two(settings: StoreSettings) -> AsyncIterator[tuple[Flow, Flow]]:
    """Two APIs of one pipeline without a translator, so that documents stay under way."""
    async with (
        run_flow(settings, WITHOUT_TRANSLATOR, api={"require_keys": "yes"}) as first,
        run_flow(settings, ("api",), api={"require_keys": "yes"}) as second,
    ):
        yield first, second


async def submit(flow: Flow, by: Holder, document: str, text: str) -> httpx.Response:
    return await flow.http.post(f"/v1/documents?id={document}", content=text, headers=TEXT | by.headers)


async def usage(flow: Flow, by: Holder) -> dict[str, Any]:
    answer = await flow.http.get("/v1/usage", headers=by.headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def state(flow: Flow, by: Holder, document: str) -> dict[str, Any]:
    found: dict[str, Any] = (await flow.http.get(f"/v1/documents/{document}", headers=by.headers)).json()
    return found


async def done(flow: Flow, by: Holder, document: str) -> None:
    async def check() -> bool:
        return (await state(flow, by, document)).get("state") == "done"

    await eventually(check, within=60, what=f"{document} done")


# What stands for the parameters of paths: something of the owner's, and what nobody has.
OWNED = {
    "document": "private",
    "part": "1",
    "batch": "several",
    "letter": "documents-0-0",
    "name": "private.txt",
    "file": "private",
    "index": "0",
    "position": "0",
    # Not the owner's: another key's is as if it were not there.
    "unit": "none",
}
UNKNOWN = {
    "document": "nowhere", "part": "1", "batch": "nowhere", "letter": "documents-0-9", "name": "nowhere.txt",
    "glossary": "nowhere", "file": "nowhere", "index": "0", "position": "0", "unit": "nowhere",
}  # fmt: skip
# Names that are each key's own, so that another key's is another thing; and one that is refused before it is looked at.
OF_EACH_KEY = {"/v1/files/{file}", "/v1/batches/{batch}/files/{position}"}
# Routes without parameters that change something: with a test of its own (below, or for a dialect with its client's), or
# without any document.
SUBMITTING = {
    *(("post", "/v1/documents"), ("post", "/v1/batches"), ("post", "/v1/translate")),
    *(("post", "/v2/translate"), ("post", "/v2/document"), ("post", "/v2/glossaries"), ("post", "/v1/glossaries")),
    *(("post", "/translate"), ("post", "/translate_file"), ("post", "/v3/glossaries")),
}
ABOUT_NO_DOCUMENT = {
    *(("post", "/v1/callbacks/test"), ("post", "/v1/callbacks/secrets"), ("post", "/v1/encodings")),
    ("post", "/v1/models/reload"),
    # Each key has a memory of its own (`test_memory_http`).
    *(("post", "/v1/memory"), ("delete", "/v1/memory"), ("post", "/v1/memory/tmx")),
    *(("post", "/detect"), ("post", "/suggest"), ("post", "/v2/usage"), ("post", "/v2/languages")),
    *(("post", "/v2/write/rephrase"), ("post", "/v2/write/correct"), ("post", "/v3/style_rules")),
    *(("post", "/v3/translation_memories/import"), ("post", "/v3/voice/realtime")),
}
# What is to be downloaded has a name that nobody can guess.
NEED_NO_KEY = {
    "/asyncapi",
    "/asyncapi.json",
    "/livez",
    "/readyz",
    "/languages",
    "/health",
    "/frontend/settings",
    "/download_file/{name}",
}


# The dialects have a status of their own where a key is missing.
WITHOUT_KEY = {"deepl": 403, "libretranslate": 403}


async def _ask(flow: Flow, method: str, path: str, values: dict[str, str], by: Holder | None) -> httpx.Response:
    headers = TEXT | (by.headers if by else {})
    if method == "post" and path.startswith("/v2/document/"):
        body = {"document_key": "x"}
        return await flow.http.post(path.format(**values), json=body, headers=by.headers if by else {})
    if path.startswith("/v3/glossaries/"):
        pair = {"source_lang": "de", "target_lang": "en"}
        terms = {"name": "x", "entries": "a\tb"} | pair if method in ("put", "patch") else None
        address = path.format(**values)
        return await flow.http.request(method, address, params=pair, json=terms, headers=by.headers if by else {})
    if method == "patch" and "/sentences/" in path:
        change = {"text": "x"}
        return await flow.http.patch(path.format(**values), json=change, headers=by.headers if by else {})
    content = b"x" if method in ("post", "put", "patch") else None
    return await flow.http.request(method, path.format(**values), headers=headers, content=content)


def _without_names(text: str, values: dict[str, str]) -> str:
    """Return an answer with the names in it blotted out, long ones first, because short ones may stand in them."""
    # Each request has another.
    text = re.sub(r'"request_id":"[^"]*"', "", text)
    return reduce(lambda left, value: left.replace(value, "…"), sorted(values.values(), key=len, reverse=True), text)


async def test_no_route_shows_or_touches_the_documents_of_another_key(flow: Flow, store: KeyStore) -> None:
    owner, other = await holder(store), await holder(store)
    text = f"Mein {SECRET}. " + PARAGRAPH * 300
    assert (await submit(flow, owner, "private", text)).status_code == 202
    await done(flow, owner, "private")
    await flow.put(b'{"id": "private", "text": 7}')
    files = {"file": ("private.txt", f"Noch ein {SECRET}.".encode())}
    assert (await flow.http.put("/v1/files/private", content=b"x", headers=owner.headers)).status_code == 200
    assert (await flow.http.post("/v1/batches?id=several", files=files, headers=owner.headers)).status_code == 202
    terms = {
        "name": SECRET,
        "source_lang": "DE",
        "target_lang": "EN",
        "entries_format": "csv",
        "entries": f"{SECRET},x",
    }
    made = await flow.http.post("/v2/glossaries", json=terms, headers=owner.headers)
    owned = OWNED | {"glossary": made.json()["glossary_id"]}
    # What there is to ask needs no key: it is the same for all, and shows no document.
    routes = (await flow.http.get("/openapi.json")).json()["paths"]
    assert (await flow.http.get("/docs")).status_code == 200
    for path, method, tag in [
        (path, method, described.get("tags", [""])[0])
        for path, methods in routes.items()
        for method, described in methods.items()
    ]:
        about = f"{method} {path}"
        ask = partial(_ask, flow, method, path)
        assert path in NEED_NO_KEY or (await ask(owned, None)).status_code == WITHOUT_KEY.get(tag, 401), about
        if "{" in path:
            answers = [await ask(values, other) for values in (owned, UNKNOWN)]
            there, nowhere = [
                (answer.status_code, _without_names(answer.text, values))
                for answer, values in zip(answers, (owned, UNKNOWN), strict=True)
            ]
            assert there == nowhere, f"{about} tells what is there"
            assert there[0] in (403, 404) or path in OF_EACH_KEY, f"{about}: {there}"
            if method == "get" and ("{document}" in path or "{glossary}" in path):
                if path == ENDLESS:
                    address = path.format_map(owned)
                    async with flow.http.stream("GET", address, headers=owner.headers) as answer:
                        assert answer.status_code == 200, f"{about}: the owner has to find it"
                else:
                    assert (await ask(owned, owner)).status_code == 200, f"{about}: the owner has to find it"
        elif method == "get":
            answer = await ask(owned, other)
            assert SECRET not in answer.text, about
            assert "private" not in answer.text, about
        else:
            assert (method, path) in SUBMITTING | ABOUT_NO_DOCUMENT, (
                f"{about}: show in a test of its own that it keeps owners apart"
            )
    read = await flow.http.get("/v1/documents/private/text", headers=owner.headers)
    assert read.text == text
    assert (await flow.http.get("/v1/files/private", headers=owner.headers)).json()["complete"]


async def test_batches_and_what_is_found_belong_to_their_owner(flow: Flow, store: KeyStore) -> None:
    owner, other = await holder(store), await holder(store)
    files = {"file": ("a.txt", f"Mein {SECRET}.".encode())}
    assert (await flow.http.post("/v1/batches?id=b", files=files, headers=owner.headers)).status_code == 202
    await problem(flow, "POST", "/v1/batches?id=b", 409, "conflict", files=files, headers=other.headers)
    await done(flow, owner, "b.0")

    async def found(by: Holder) -> list[Any]:
        answer = await flow.http.get(f"/v1/search?q={SECRET}", headers=by.headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])

    async def listed(by: Holder) -> list[str]:
        answer = await flow.http.get(f"/v1/documents?q={SECRET}", headers=by.headers)
        return [entry["id"] for entry in answer.json()["items"]]

    await eventually(partial(found, owner), what="what the owner looks for")
    assert await listed(owner) == ["b.0"]
    assert await found(other) == await listed(other) == []
    in_document = await flow.http.get(f"/v1/search?q={SECRET}&document=b.0", headers=other.headers)
    assert in_document.json()["items"] == []


async def test_a_taken_id_is_all_that_another_key_learns(flow: Flow, store: KeyStore) -> None:
    owner, other = await holder(store), await holder(store)
    await submit(flow, owner, "mine", f"Mein {SECRET}.")
    for attempt in range(2):
        for path, how in (("?id=mine", "POST"), ("/mine/parts/0", "PUT")):
            found = await problem(
                flow, how, f"/v1/documents{path}", 409, "conflict", content="Nein.", headers=TEXT | other.headers
            )
            assert found["detail"] == "the id mine is taken; choose another one"
        if not attempt:
            # The trace that a deleted document leaves behind is its owner's, too.
            assert (await flow.http.delete("/v1/documents/mine", headers=owner.headers)).status_code == 204
    await problem(flow, "POST", "/v1/documents?id=mine", 409, "ended", content="x", headers=TEXT | owner.headers)
    # The same idempotency key of two senders means two documents.
    name = {"Idempotency-Key": "order-1"}
    answers = [
        await flow.http.post("/v1/documents", json={"text": f"Für {by.id}."}, headers=name | by.headers)
        for by in (owner, other)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] != answers[1].json()["id"]
    listed = (await flow.http.get("/v1/documents", headers=other.headers)).json()["items"]
    assert [entry["id"] for entry in listed] == [answers[1].json()["id"]]


async def test_a_batch_takes_and_shows_nothing_of_another_key(flow: Flow, store: KeyStore) -> None:
    alice, bob = await holder(store), await holder(store)
    files = [("files", ("a.txt", b"Eins.", "text/plain")), ("files", ("b.txt", b"Zwei.", "text/plain"))]

    async def send(by: Holder, batch: str) -> httpx.Response:
        return await flow.http.post(f"/v1/batches?id={batch}", files=files, headers=by.headers)

    await submit(flow, alice, "letters.0", f"Mein {SECRET}. Es hat zwei Sätze.")
    await submit(flow, alice, "notes.of.0", f"Mein {SECRET}.")
    refused = await send(bob, "letters")
    assert (refused.status_code, refused.json()["detail"]) == (409, "the id letters is taken; choose another one")
    # Ids that only look like those of its files are in nobody's way.
    assert (await send(bob, "notes")).status_code == 202
    # Nor can somebody else take the place of a file that is still to come.
    taken = await submit(flow, alice, "notes.7", "Nein.")
    assert (taken.status_code, taken.json()["detail"]) == (409, "the id notes.7 is taken; choose another one")
    assert (await submit(flow, bob, "notes.7", "Doch.")).status_code == 202
    assert (await send(alice, "letters")).status_code == 202
    assert (await send(bob, "notes")).status_code == 202, "a batch may be sent again"
    # Nor is a document that was sent by itself counted among another key's.
    named = {"filename": "c.txt"}
    for batch in ("notes", "letters"):
        path = f"/v1/batches/{batch}/files/9"
        await problem(flow, "PUT", path, 404, "not-found", json=named, headers=bob.headers)
    why = named | {"type": "urn:satzstrom:problem:encoding", "detail": "not utf-8"}
    await problem(flow, "PUT", "/v1/batches/letters/files/9", 409, "conflict", json=why, headers=bob.headers)
    keyed = f"/v1/batches/key-{'0' * 24}/files/0"
    await problem(flow, "PUT", keyed, 422, "input", json=why, headers=bob.headers)


async def test_a_batch_counts_only_what_is_its_owners(flow: Flow, store: KeyStore, collections: Collections) -> None:
    alice, bob = await holder(store), await holder(store)
    await submit(flow, alice, "d", "Mein Satz. Noch einer.")
    now = datetime.now(UTC)
    entry = {"_id": "b", "owner": bob.id, "created": now, "touched": now, "files": {"0": {"document": "d"}}}
    # As an older release could leave it: a file whose id was somebody else's document.
    await collections.batches.insert_one(entry | {"complete": True})
    found = (await flow.http.get("/v1/batches/b", headers=bob.headers)).json()
    assert (found["characters"], found["sentences"]["total"], found["states"]) == (0, 0, {"deleted": 1})
    ours = BatchStore(collections)
    assert await ours.get(Ownership(alice.id, everything=False), "b") is None


async def test_the_id_of_an_idempotency_key_cannot_be_taken_by_others(flow: Flow, store: KeyStore) -> None:
    owner, other = await holder(store), await holder(store)
    name = {"Idempotency-Key": "order-1"}
    answer = await flow.http.post("/v1/documents", json={"text": "Ja."}, headers=name | owner.headers)
    kept = answer.json()["id"]
    # What it is made of is no secret, so somebody else may know the next one.
    taken = "key-" + "0" * 24
    text = {"content": "Nein.", "headers": TEXT | other.headers}
    await problem(flow, "POST", f"/v1/documents?id={taken}", 422, "input", **text)
    await problem(flow, "POST", f"/v1/documents?id={taken}.0", 422, "input", **text)
    await problem(flow, "PUT", f"/v1/documents/{taken}/parts/0", 422, "input", **text)
    body = {"json": {"id": taken, "text": "Nein."}, "headers": other.headers}
    await problem(flow, "POST", "/v1/documents", 422, "input", **body)
    form = {"files": {"files": ("a.txt", b"Nein.")}, "headers": other.headers}
    await problem(flow, "POST", f"/v1/batches?id={taken}", 422, "input", **form)
    # Its owner goes on with it under its id.
    assert (await flow.http.post(f"/v1/documents?id={kept}", content="Ja.", headers=TEXT | owner.headers)).is_success
    await done(flow, owner, kept)


async def test_what_was_opened_with_a_key_ends_when_it_is_revoked(settings: StoreSettings, store: KeyStore) -> None:
    names = ("segmenter", "sink", "api")
    async with run_flow(settings, names, api={"require_keys": "yes"}) as flow, run_flow(settings, ("translator",)):
        by = await holder(store)
        sent = await flow.http.post(
            "/translate_file",
            data={"source": "de", "target": "en", "api_key": by.key},
            files={"file": ("a.txt", b"Ja.")},
        )
        download = sent.json()["translatedFileUrl"]
        assert (await flow.http.get(download)).status_code == 200
        # Of this one a part is missing, so its events have no end.
        await flow.http.put("/v1/documents/open/parts/0", content="Ja.", headers=TEXT | by.headers)
        async with flow.http.stream("GET", "/v1/documents/open/events", headers=by.headers, timeout=60) as events:
            assert events.status_code == 200
            assert await store.revoke(by.id)

            async def end() -> None:
                async for _ in events.aiter_bytes():
                    pass

            await asyncio.wait_for(end(), 40)
        assert (await flow.http.get(download)).status_code == 404


async def test_admins_see_everything_and_others_no_dead_letters(
    settings: StoreSettings, store: KeyStore, tmp_path: Path
) -> None:
    in_file = tmp_path / "keys"
    in_file.write_text("an-example-of-a-key\n")
    admin, plain = await holder(store, admin=True), await holder(store)
    from_file = Holder("", "an-example-of-a-key")
    async with run_flow(settings, api={"api_keys_file": in_file}) as flow:
        await submit(flow, plain, "plain", "Von einem Schlüssel.")
        await flow.put(b'{"id": "free", "text": "Aus Kafka."}')
        await flow.put(b'{"id": "broken", "text": 7}')
        for by in (admin, from_file):
            for document in ("plain", "free"):
                await done(flow, by, document)

            async def letters(by: Holder = by) -> bool:
                return bool((await flow.http.get("/v1/dead-letters", headers=by.headers)).json()["items"])

            await eventually(letters, within=60, what="the dead letter")
        await problem(flow, "GET", "/v1/documents/free", 404, "not-found", headers=plain.headers)
        found = await problem(flow, "GET", "/v1/dead-letters", 403, "forbidden", headers=plain.headers)
        assert "admin key" in found["detail"]
        for method, path in (("GET", "/v1/models"), ("POST", "/v1/models/reload")):
            await problem(flow, method, path, 403, "forbidden", headers=plain.headers)
            assert (await flow.http.request(method, path, headers=admin.headers)).is_success
        assert (await usage(flow, from_file))["characters"]["limit"] is None
        assert (await flow.http.delete("/v1/documents/plain", headers=admin.headers)).status_code == 204


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


async def test_a_revoked_key_ends_within_seconds(flow: Flow, store: KeyStore) -> None:
    by, admin = await holder(store), await holder(store, admin=True)
    assert (await submit(flow, by, "kept", "Das bleibt.")).status_code == 202
    assert await store.revoke(by.id)

    async def refused() -> bool:
        return (await flow.http.get("/v1/documents", headers=by.headers)).status_code == 401

    await eventually(refused, within=15, what="the end of the key")
    await done(flow, admin, "kept")


def keys_command(settings: StoreSettings, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {"SATZSTROM_MONGODB": settings.mongodb, "SATZSTROM_DATABASE": settings.database}
    return subprocess.run(
        [sys.executable, "-m", "producer", "keys", *arguments],
        env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


async def test_keys_are_made_changed_and_revoked(settings: StoreSettings, flow: Flow, collections: Collections) -> None:
    made = await asyncio.to_thread(
        keys_command, settings, "create", "web page", "--characters", "1000", "--requests", "60", "--documents", "5"
    )
    by = Holder("", made.stdout.strip())
    assert by.key.startswith("satz_")
    entries = [entry async for entry in collections.keys.find()]
    assert by.key not in repr(entries), "the store does not know the key"
    assert (await submit(flow, by, "one", "Ein Satz.")).status_code == 202
    await done(flow, by, "one")
    found = await usage(flow, by)
    assert (found["name"], found["requests_per_minute"], found["admin"]) == ("web page", 60, False)
    listing = await asyncio.to_thread(keys_command, settings, "list", "--json")
    (entry,) = json.loads(listing.stdout)
    assert (entry["id"], entry["characters"]) == (found["key"], {"used": 9, "limit": 1000})
    assert entry["documents"] == {"under_way": 0, "limit": 5}
    table = await asyncio.to_thread(keys_command, settings, "list")
    assert "9 of 1,000" in table.stdout
    changed = await asyncio.to_thread(
        keys_command, settings, "change", entry["id"], "--characters", "12", "--requests", "any"
    )
    assert "characters 12, requests any, documents 5;" in changed.stderr
    listing = await asyncio.to_thread(keys_command, settings, "list", "--json")
    (entry,) = json.loads(listing.stdout)
    assert (entry["characters"], entry["requests_per_minute"]) == ({"used": 9, "limit": 12}, None)

    names = (f"more-{number}" for number in itertools.count())

    async def refused() -> bool:
        # Each under a name of its own: what was taken once costs nothing the second time.
        return (await submit(flow, by, next(names), "Zu lang für den Rest.")).status_code == 429

    await eventually(refused, within=KNOWN_FOR + 5, what="an API that goes by the new limits")
    for arguments, reason in (
        ((entry["id"],), "say what to change"),
        ((entry["id"], "--requests", "0"), "a number from 1"),
        (("nobody", "--requests", "1"), "there is no key 'nobody'"),
    ):
        assert reason in (await asyncio.to_thread(keys_command, settings, "change", *arguments)).stderr
    assert (await asyncio.to_thread(keys_command, settings, "revoke", entry["id"])).returncode == 0
    table = await asyncio.to_thread(keys_command, settings, "list")
    assert "revoked" in table.stdout
    unknown = await asyncio.to_thread(keys_command, settings, "revoke", "nobody")
    assert (unknown.returncode, unknown.stderr) == (
        1, "satzstrom: there is no key 'nobody'; satzstrom keys list shows their ids\n",
    )  # fmt: skip


async def test_whoever_lets_others_reach_the_api_needs_keys(settings: StoreSettings, store: KeyStore) -> None:
    open_to_others = api_main.ApiSettings(**settings.model_dump(), host="0.0.0.0", port=0)
    with pytest.raises(SetupError, match="satzstrom keys create"):
        await api_main.run(open_to_others, asyncio.Event())
    by = await holder(store)
    async with run_flow(settings, ("api",), api={"host": "0.0.0.0"}) as flow:
        await problem(flow, "GET", "/v1/documents", 401, "unauthorized")
        assert (await flow.http.get("/v1/documents", headers=by.headers)).status_code == 200
    async with run_flow(settings, ("api",), api={"host": "0.0.0.0", "require_keys": "no"}) as flow:
        assert (await flow.http.get("/v1/documents")).status_code == 200
        found = (await flow.http.get("/v1/usage")).json()
        assert (found["key"], found["characters"]) == (None, None)
    async with run_flow(settings, ("api",), api={"published_host": "translate.example.org"}) as flow:
        await problem(flow, "GET", "/v1/documents", 401, "unauthorized")
