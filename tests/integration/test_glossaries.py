"""Glossaries over HTTP: made from files, changed by several, and used by documents."""

from collections.abc import AsyncIterator

import httpx
import pytest

from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore
from store.collections import Collections
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import Holder, holder
from tests.integration.test_api import TEXT, problem

TABLE = "de;en;fr\r\nVertrag;contract;contrat\r\nKaution;deposit;caution\r\n"
CSV = {"Content-Type": "text/csv"}


async def made(flow: Flow, name: str = "contracts", table: str = TABLE) -> tuple[str, str]:
    """Make a glossary, and return its id and its version."""
    answer = await flow.http.post("/v1/glossaries", params={"name": name}, content=table.encode(), headers=CSV)
    assert answer.status_code == 201, answer.text
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
    assert answer.headers["Location"] == f"/v1/glossaries/{answer.json()['id']}"
    return answer.json()["id"], answer.json()["version"]


async def test_a_glossary_from_its_making_to_its_end(german: Flow) -> None:
    flow = german
    glossary, first = await made(flow)
    path = f"/v1/glossaries/{glossary}"
    found = (await flow.http.get(path)).json()
    assert found["pairs"] == [
        {"source": "de", "target": "en", "entries": 2},
        {"source": "de", "target": "fr", "entries": 2},
    ]
    assert [one["id"] for one in (await flow.http.get("/v1/glossaries")).json()["items"]] == [glossary]
    renamed = await flow.http.patch(path, json={"name": "leases"}, headers={"If-Match": f'"{first}"'})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "leases")
    # Who has read it before does not overwrite what the other did.
    stale = {"If-Match": f'"{first}"'}
    await problem(flow, "PATCH", path, 412, "changed", json={"name": "x"}, headers=stale)
    pair = {"source": "de", "target": "en"}
    await problem(flow, "PATCH", f"{path}/entries", 412, "changed", json=pair | {"remove": ["Kaution"]}, headers=stale)
    await problem(flow, "POST", f"{path}/entries", 412, "changed", content="a;b", params=pair, headers=stale | CSV)
    edit = pair | {"entries": {"Haus": "villa"}, "remove": ["Kaution", "never there"]}
    assert (await flow.http.patch(f"{path}/entries", json=edit)).json()["entries"] == 4
    added = await flow.http.post(
        f"{path}/entries", data=pair, files={"file": ("more.tsv", b"Hof\tcourt\nHaus\tresidence\n")}
    )
    assert added.json()["entries"] == 5
    page = (await flow.http.get(f"{path}/entries", params=pair | {"limit": 2})).json()
    assert [(one["term"], one["translation"]) for one in page["items"]] == [("Haus", "residence"), ("Hof", "court")]
    rest = (await flow.http.get(f"{path}/entries", params=pair | {"after": page["next"]})).json()
    assert [one["term"] for one in rest["items"]] == ["Vertrag"]
    assert [one["target"] for one in (await flow.http.get(f"{path}/entries?q=CAUT")).json()["items"]] == ["fr"]
    # A document that is submitted with it, and the dialect, use what it says now.
    await flow.http.post("/v1/documents", json={"id": "d", "text": "Das Haus ist groß.", "glossary": glossary})
    assert "residence" in (await flow.text("d")).decode()
    for form in ("csv", "tsv", "tbx"):
        file = await flow.http.get(f"{path}/file?format={form}")
        assert 'filename="leases.' in file.headers["Content-Disposition"]
        copy, _ = await made(flow, form, file.text)
        assert (await flow.http.get(f"/v1/glossaries/{copy}/entries")).json()["items"] == (
            await flow.http.get(f"{path}/entries")
        ).json()["items"], form
    replaced = await flow.http.put(f"{path}/entries", json={"name": "x", **pair, "entries": {"Tor": "gate"}})
    assert (replaced.json()["entries"], replaced.json()["name"]) == (1, "leases")
    assert (await flow.http.delete(path)).status_code == 204
    for method, rest_of_path in (("GET", ""), ("DELETE", ""), ("GET", "/entries"), ("GET", "/file")):
        await problem(flow, method, path + rest_of_path, 404, "not-found")
    await problem(flow, "POST", f"/v1/documents?glossary={glossary}", 404, "not-found", content="Ja.", headers=TEXT)


async def test_files_that_contradict_themselves_and_other_bodies(flow: Flow) -> None:
    query = {"name": "g", "source": "de", "target": "en"}
    wrong = "Bank;bank\nHaus;house\nBank;bench\nX\n"
    found = await problem(flow, "POST", "/v1/glossaries", 422, "input", params=query, content=wrong, headers=CSV)
    assert "line 3: 'Bank' is 'bench' here, and 'bank' in line 1; line 4:" in found["detail"]
    lenient = await flow.http.post("/v1/glossaries", params=query | {"lenient": "true"}, content=wrong, headers=CSV)
    assert [one["line"] for one in lenient.json()["left_out"]] == [3, 4]
    assert lenient.json()["entries"] == 2
    for params, content, kind in (
        ({"name": "g"}, "Haus;house", "input"),
        ({"name": "g", "source": "de"}, "Haus;house", "input"),
        ({"source": "de", "target": "en"}, "Haus;house", "input"),
        (query, "", "input"),
        (query | {"nmae": "x"}, "Haus;house", "invalid"),
        (query | {"target": "zz"}, "Haus;house", "unknown-language"),
        (query, "<martif>", "file"),
    ):
        await problem(flow, "POST", "/v1/glossaries", 422, kind, params=params, content=content, headers=CSV)
    for body in (
        {},
        {"name": ""},
        {"name": "g", "entries": {"a": 1}},
        {"name": "g", "dictionaries": [{}]},
        {"name": "g", "x": 1},
    ):
        await problem(flow, "POST", "/v1/glossaries", 422, "invalid", json=body)
    several = [{"source": "de", "target": target, "entries": {"Haus": "x"}} for target in ("en", "fr")]
    assert (await flow.http.post("/v1/glossaries", json={"name": "g", "dictionaries": several})).status_code == 201
    assert (await flow.http.post("/v1/glossaries", json={"name": "empty"})).json()["pairs"] == []
    large = b"x;y\n" * 9_000_000
    await problem(flow, "POST", "/v1/glossaries", 413, "too-large", params=query, content=large, headers=CSV)


@pytest.fixture
async def guarded(settings: StoreSettings) -> AsyncIterator[Flow]:
    async with run_flow(settings, ("api",), api={"require_keys": "yes"}) as running:
        yield running


async def test_glossaries_of_another_key_are_not_there(guarded: Flow, collections: Collections) -> None:
    flow, store = guarded, KeyStore(collections)
    owner, other = await holder(store), await holder(store)

    async def create(by: Holder) -> httpx.Response:
        body = {"name": "mine", "source": "de", "target": "en", "entries": {"Haus": "villa"}}
        return await flow.http.post("/v1/glossaries", json=body, headers=by.headers)

    glossary = (await create(owner)).json()["id"]
    assert (await flow.http.get("/v1/glossaries", headers=other.headers)).json() == {"items": []}
    for query in (f"glossary={glossary}", "glossary=nowhere"):
        answer = await flow.http.post(f"/v1/documents?{query}", content="Ja.", headers=TEXT | other.headers)
        assert answer.status_code == 404
    assert (await create(other)).json()["id"] != glossary
