"""The translation memory over HTTP: each key's own, in and out as TMX, and offered where a sentence is corrected."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from formats.text.catalogues.tmx import ALL, FOOTER
from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore
from store.collections import Collections
from store.memory.keeping import MemoryFullError, MemoryKeeper
from store.memory.units import Made, Place, Unit
from store.ownership import EVERYBODY, Ownership
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import Holder, holder
from tests.integration.test_api import problem

HEAD = '<?xml version="1.0"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4"><header srclang="de-DE"/><body>\n'
TMX = {"Content-Type": "application/x-tmx+xml"}


def variants(*pairs: tuple[str, str]) -> str:
    return "<tu>" + "".join(f'<tuv xml:lang="{code}"><seg>{text}</seg></tuv>' for code, text in pairs) + "</tu>\n"


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    async with run_flow(settings, api={"require_keys": "yes"}) as running:
        yield running


async def test_a_memory_from_its_first_unit_to_its_last(german: Flow) -> None:
    http = german.http
    made = await http.post(
        "/v1/memory", json={"source": "de", "target": "EN_us", "text": " Ja. ", "translation": "Yes."}
    )
    assert made.status_code == 201, made.text
    unit = made.json()
    assert (unit["target"], unit["text"], unit["origin"], unit["place"]) == ("en-US", "Ja.", "person", None)
    text = (
        HEAD + variants(("de", "Das <ph/>Haus."), ("en", "The house."), ("fr", "La maison.")) + variants(("de", "nur"))
    )
    text += variants(("de-DE", "Ja."), ("en-US", "Yes.")) + variants(("de", "lang" * 5000), ("en", "x"))
    text += variants(("de", "y"), ("", "x")) + FOOTER
    found = await http.post("/v1/memory/tmx", content=text.encode(), headers=TMX)
    assert found.json() == {
        "imported": 2,
        "known": 1,
        "skipped": {"no translation": 1, "longer than 16384 characters": 1, "language not known": 1},
    }
    again = await http.post("/v1/memory/tmx", content=text.encode(), headers=TMX)
    assert (again.json()["imported"], again.json()["known"]) == (0, 3)
    form = await http.post("/v1/memory/tmx", files={"file": ("unsere.tmx", text.encode(), "application/xml")})
    assert (form.status_code, form.json()["imported"], form.json()["known"]) == (200, 0, 3), form.text
    exported = await http.get("/v1/memory/tmx")
    assert exported.headers["content-type"].startswith("application/x-tmx+xml")
    back = await http.post("/v1/memory/tmx", content=exported.content, headers=TMX)
    assert (back.json()["imported"], back.json()["known"], back.json()["skipped"]) == (0, 3, {})
    one = (await http.get("/v1/memory/tmx?source=de&target=fr")).text
    assert (one.count("<tu "), 'srclang="de"' in one, "La maison." in one) == (1, True, True)
    assert ALL in exported.text
    counts = (await http.get("/v1/memory/counts")).json()
    assert (counts["person"], counts["machine"], len(counts["pairs"])) == (3, 0, 3)
    page = (await http.get("/v1/memory?q=HAU&limit=1")).json()
    rest = (await http.get("/v1/memory", params={"q": "HAU", "limit": 1, "after": page["next"]})).json()
    assert {one["translation"] for one in page["items"] + rest["items"]} == {"The house.", "La maison."}
    assert rest["next"] is None
    assert (await http.get("/v1/memory?q=.*")).json()["items"] == []
    await problem(german, "GET", "/v1/memory?q=a+b+c+d+e+f+g+h+i", 422, "input")
    await problem(german, "GET", "/v1/memory?after=x", 422, "input")
    assert (await http.delete(f"/v1/memory/units/{unit['id']}")).status_code == 204
    await problem(german, "DELETE", f"/v1/memory/units/{unit['id']}", 404, "not-found")
    await problem(german, "DELETE", "/v1/memory", 422, "input")
    await problem(german, "DELETE", "/v1/memory?source=de", 422, "input")
    assert (await http.delete("/v1/memory?source=de&target=fr")).json() == {"deleted": 1}
    assert (await http.delete("/v1/memory?everything=true")).json() == {"deleted": 1}
    for wrong in ({"text": " "}, {"source": "no such"}, {"translation": ""}, {"text": "x" * 20000}):
        body = {"source": "de", "target": "en", "text": "a", "translation": "b"} | wrong
        assert (await http.post("/v1/memory", json=body)).status_code == 422, wrong


async def test_a_bad_file_says_what_of_it_is_there(german: Flow) -> None:
    http = german.http
    for text, said in (
        ("<html/>", "no TMX"),
        ('<!DOCTYPE tmx [<!ENTITY a "b">]><tmx/>', "entities"),
        ("", "no element found"),
    ):
        answer = await http.post("/v1/memory/tmx", content=text.encode(), headers=TMX)
        assert (answer.status_code, said in answer.json()["detail"]) == (422, True), answer.text
    file = {"file": ("a.tmx", f"{HEAD}{FOOTER}".encode(), "application/xml")}
    for form, said in (
        ({"files": file, "data": {"owner": "me"}}, "'owner'"),
        ({"files": [*file.items(), *file.items()]}, "several files"),
        ({"files": {"owner": (None, "me")}}, "'owner'"),
    ):
        answer = await http.post("/v1/memory/tmx", **form)
        assert (answer.status_code, said in answer.json()["detail"]) == (422, True), answer.text
    good = "".join(variants(("de", f"Satz {number}."), ("en", f"Sentence {number}.")) for number in range(3000))
    broken = await http.post("/v1/memory/tmx", content=f"{HEAD}{good}<tu></oops>".encode(), headers=TMX)
    assert broken.status_code == 422
    assert "3000 units before line 3004 are in the memory" in broken.json()["detail"]
    mended = await http.post("/v1/memory/tmx", content=f"{HEAD}{good}{FOOTER}".encode(), headers=TMX)
    assert (mended.json()["imported"], mended.json()["known"]) == (0, 3000)


async def test_no_key_sees_or_gets_the_units_of_another(flow: Flow, collections: Collections) -> None:
    keys = KeyStore(collections)
    mine, theirs, admin = [await holder(keys, admin=admin) for admin in (False, False, True)]
    body = {"source": "de", "target": "en", "text": "Guten Morgen, lieber Mieter.", "translation": "Secret morning."}
    unit = (await flow.http.post("/v1/memory", json=body, headers=mine.headers)).json()["id"]

    async def shown(by: Holder) -> list[str]:
        places = (
            "/v1/memory",
            "/v1/memory?origin=all",
            "/v1/memory/counts",
            "/v1/memory/tmx",
            f"/v1/memory/units/{unit}",
        )
        return [(await flow.http.get(place, headers=by.headers)).text for place in places]

    assert sum("Secret" in text for text in await shown(mine)) == 4
    for other in (theirs, admin):
        assert not any("Secret" in text or '"units":1' in text for text in await shown(other))
        assert (await flow.http.delete(f"/v1/memory/units/{unit}", headers=other.headers)).status_code == 404
        gone = await flow.http.delete("/v1/memory?everything=true", headers=other.headers)
        assert gone.json() == {"deleted": 0}
        submitted = {"id": f"of-{other.id}", "text": "Guten Abend, lieber Mieter."}
        assert (await flow.http.post("/v1/documents", json=submitted, headers=other.headers)).status_code == 202
        address = f"/v1/documents/of-{other.id}/sentences/0/0"
        await _until_there(flow, address, other)
        assert (await flow.http.get(f"{address}/matches", headers=other.headers)).json() == {"items": []}
    submitted = {"id": "mine", "text": "Guten Abend, lieber Mieter."}
    await flow.http.post("/v1/documents", json=submitted, headers=mine.headers)
    await _until_there(flow, "/v1/documents/mine/sentences/0/0", mine)
    (match,) = (await flow.http.get("/v1/documents/mine/sentences/0/0/matches", headers=mine.headers)).json()["items"]
    assert match["unit"]["translation"] == "Secret morning."
    assert 75 <= match["likeness"] < 100
    assert [(piece["change"], piece["text"]) for piece in match["difference"]] == [
        ("same", "Guten "), ("removed", "Morgen"), ("added", "Abend"), ("same", ", lieber Mieter."),
    ]  # fmt: skip
    answer = await flow.http.get("/v1/documents/mine/sentences/0/9/matches", headers=mine.headers)
    assert answer.status_code == 404
    answer = await flow.http.get("/v1/documents/mine/sentences/0/0/matches", headers=theirs.headers)
    assert answer.status_code == 404


async def _until_there(flow: Flow, address: str, by: Holder) -> None:
    async with asyncio.timeout(60):
        while (await flow.http.get(address, headers=by.headers)).status_code != 200:
            await asyncio.sleep(0.1)


async def test_memories_have_bounds(collections: Collections) -> None:
    mine = Ownership("mine", everything=False)
    keeper = MemoryKeeper(collections, limit=3, machine_limit=4)
    units = [Unit(source="de", target="en", text=f"Satz {letter}.", translation=letter) for letter in "abcdef"]
    assert len((await keeper.add(mine, units[:3])).units) == 3
    assert (await keeper.add(mine, units[:3])).known == 3
    with pytest.raises(MemoryFullError, match="keeps 3 units"):
        await keeper.add(mine, units[:4])
    with pytest.raises(MemoryFullError):
        await keeper.put(mine, units[5])
    await keeper.add(EVERYBODY, units[:3])
    for number in range(6):
        made = Made(model="m@1")
        place = Place("d", 0, number)
        await keeper.save(
            mine, [Unit(source="de", target="en", text=f"Wort {number}", translation="x", made=made, place=place)]
        )
    assert await keeper.bound_machine() == 2
    left = [entry["index"] async for entry in collections.memory.find({"origin": "machine"})]
    assert sorted(left) == [2, 3, 4, 5]
    assert await keeper.bound_machine() == 0
    assert await collections.memory.count_documents({"origin": "person"}) == 6
