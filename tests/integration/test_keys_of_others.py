"""What belongs to one key is not there for another."""

import re
from datetime import UTC, datetime
from functools import partial, reduce
from typing import Any

import httpx

from store.accounts.keys import KeyStore
from store.collections import Collections
from store.documents.batches import BatchStore
from store.ownership import Ownership
from tests.integration.flow import Flow
from tests.integration.holders import PARAGRAPH, SECRET, Holder, done, flow, holder, store, submit
from tests.integration.test_api import TEXT, problem
from tests.waiting import eventually

# Fixtures.
__all__ = ["flow", "store"]

# It gives what people change for as long as somebody reads.
ENDLESS = "/v1/documents/{document}/edits"


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
