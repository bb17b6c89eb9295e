"""Glossaries have limits, and neither they nor texts with tags hold the API."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from pipeline.errors import InputError
from pipeline.settings import StoreSettings
from store.accounts.glossaries import Dictionaries, GlossaryLimits, GlossaryStore
from store.accounts.keys import KeyStore
from store.collections import Collections
from store.ownership import EVERYBODY, Ownership
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import holder
from tests.lag import AT_MOST, least_lag

PAIR = ("de", "en")


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    """Without a segmenter, so that only the API works here and nothing is answered."""
    async with run_flow(settings, ("translator", "api"), api={"require_keys": "yes", "answer_within": 0.5}) as running:
        yield running


async def test_the_glossaries_of_a_key_have_a_number_and_a_size(collections: Collections) -> None:
    store = GlossaryStore(collections, GlossaryLimits(number=2, size=100))
    mine, theirs = (Ownership(name, everything=False) for name in ("a", "b"))
    first = await store.create(mine, "g", {PAIR: {"Haus": "villa", ".a $b": "C\\d"}})
    assert await store.entries(mine, first.id, PAIR) == {"Haus": "villa", ".a $b": "C\\d"}
    with pytest.raises(InputError, match="at most 100 bytes in 2 glossaries"):
        await store.create(mine, "g", {PAIR: {"a" * 50: "b" * 50}})
    with pytest.raises(InputError, match="delete one"):
        await store.create(mine, "g", {PAIR: {"a" * 45: "b" * 45}})
    await store.create(mine, "g", {PAIR: {"Hund": "dog"}})
    with pytest.raises(InputError, match="number 3"):
        await store.create(mine, "g", {PAIR: {"Katze": "cat"}})
    assert [one.counts[PAIR] for one in await store.all(mine)] == [2, 1], "nothing is left of those that were refused"
    await store.create(theirs, "g", {PAIR: {"Katze": "cat"}})
    assert await store.delete(mine, first.id)
    await store.create(mine, "g", {PAIR: {"Katze": "cat"}})


async def test_a_glossary_of_an_earlier_release_is_read(collections: Collections) -> None:
    store = GlossaryStore(collections)
    made = await store.create(EVERYBODY, "g", {PAIR: {"Haus": "villa"}})
    await collections.glossaries.update_one(
        {"_id": made.id},
        {"$set": {"entries": [["a", "b"], ["c d", "e"]]}, "$unset": {"size": 1, "version": 1, "others": 1}},
    )
    assert await store.entries(EVERYBODY, made.id, PAIR) == {"a": "b", "c d": "e"}
    await store.create(EVERYBODY, "g", {PAIR: {"Hund": "dog"}})

    def edit(name: str, dictionaries: Dictionaries) -> str:
        dictionaries["en", "de"] = {"b": "a"}
        return f"{name}!"

    changed = await store.change(EVERYBODY, made.id, edit)
    assert changed == await store.get(EVERYBODY, made.id)
    assert changed is not None
    assert (changed.name, dict(changed.counts)) == ("g!", {PAIR: 2, ("en", "de"): 1})


async def test_changes_at_once_are_all_made_and_none_goes_past_the_size(collections: Collections) -> None:
    store = GlossaryStore(collections, GlossaryLimits(number=2, size=1000))
    made = await store.create(EVERYBODY, "g", {PAIR: {"Haus": "villa"}})

    async def add(number: int) -> None:
        def edit(name: str, dictionaries: Dictionaries) -> str:
            dictionaries[PAIR][f"Wort{number}"] = "word"
            return name

        assert await store.change(EVERYBODY, made.id, edit)

    await asyncio.gather(*(add(number) for number in range(4)))
    assert len(await store.entries(EVERYBODY, made.id, PAIR) or {}) == 5

    def much(name: str, dictionaries: Dictionaries) -> str:
        dictionaries[PAIR] |= {f"{number} " * 20: "x" for number in range(100)}
        return name

    with pytest.raises(InputError, match="at most 1000 bytes"):
        await store.change(EVERYBODY, made.id, much)
    assert await store.change(EVERYBODY, "none", much) is None
    assert await store.change(Ownership("another", everything=False), made.id, much) is None


async def test_large_glossaries_hold_nobody(flow: Flow, collections: Collections) -> None:
    owner = await holder(KeyStore(collections), characters=1_000_000)
    entries = "\n".join(f"der Vertrag {number}\tthe deal {number}" for number in range(50_000))
    order = {"name": "g", "source_lang": "de", "target_lang": "en", "entries": entries, "entries_format": "tsv"}
    made: list[str] = []

    async def create() -> None:
        answer = await flow.http.post("/v2/glossaries", json=order, headers=owner.headers)
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["glossary_id"])

    assert await least_lag(create, tries=3) < AT_MOST
    wanted = {"text": ["der Vertrag 7 und der " * 1_000], "source_lang": "DE", "target_lang": "EN"}

    async def translate() -> None:
        answer = await flow.http.post("/v2/translate", json=wanted | {"glossary_id": made[0]}, headers=owner.headers)
        assert answer.status_code == 503, answer.text

    assert await least_lag(translate) < AT_MOST


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Hallo" + " " * 200_000 + "Welt.", id="spaces"),
        pytest.param("Hallo" + "\t" * 200_000 + "\n", id="tabs"),
        pytest.param("{" + "k" * 200_000, id="like a placeholder"),
        pytest.param("<b>Wort</b> " * 10_000, id="tags"),
        pytest.param("Wort<br>" * 10_000, id="breaks"),
        pytest.param("<b>" * 20_000, id="nesting"),
    ],
)
async def test_texts_with_tags_hold_nobody(flow: Flow, collections: Collections, text: str) -> None:
    owner = await holder(KeyStore(collections), characters=10_000_000)
    order = {"q": text, "source": "de", "target": "en", "format": "html"}

    async def translate() -> None:
        answer = await flow.http.post("/translate", json=order, headers=owner.headers)
        assert answer.status_code == 503, answer.text

    assert await least_lag(translate) < AT_MOST


async def test_who_has_nothing_left_makes_no_work(
    flow: Flow, collections: Collections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.interpreting.Markup", None)
    owner = await holder(KeyStore(collections), characters=0)
    order = {"q": "<b>Hallo</b>", "source": "de", "target": "en", "format": "html"}
    answer = await flow.http.post("/translate", json=order, headers=owner.headers)
    assert answer.status_code == 429, answer.text
