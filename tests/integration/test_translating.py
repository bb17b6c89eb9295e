"""Texts translated sentence by sentence while somebody types, on a running pipeline."""

import asyncio
from typing import Any

from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore
from store.collections import Collections
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import holder, usage
from tests.integration.test_api import problem
from tests.texts import CORNER_CASES
from tests.waiting import eventually

PATH = "/v1/translate"


async def translated(flow: Flow, text: str, **order: Any) -> dict[str, Any]:
    answer = await flow.http.post(PATH, json={"text": text} | order)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def nothing_is_left(collections: Collections) -> bool:
    return await collections.documents.count_documents({"state": {"$ne": "deleted"}}) == 0


async def test_a_text_comes_back_sentence_by_sentence(german: Flow, collections: Collections) -> None:
    text = "Guten Tag.\r\n\r\n\tWie geht es Ihnen?  Der Hund schläft vor dem Haus.\n"
    found = await translated(german, text, alternatives=3)
    assert (found["source"], found["detected"], found["target"]) == ("auto", "de", "en")
    greeting, question, dog = found["sentences"]
    assert found["text"] == (f"{greeting['translation']}\r\n\r\n\t{question['translation']}  {dog['translation']}\n")
    assert [text[slice(*one["span"])] for one in found["sentences"]] == [one["source"] for one in found["sentences"]]
    assert "dog" in dog["translation"]
    assert 1 <= len(dog["alternatives"]) <= 3
    assert dog["translation"] not in dog["alternatives"]
    assert (dog["level"], dog["suspect"], dog["failed"]) == ("high", [], False)
    assert dog["reason"]
    # A glossary's terms, and those of the order before them; neither is left afterwards, nor any text.
    terms = {"name": "g", "source_lang": "de", "target_lang": "en", "entries_format": "csv", "entries": "Hund,hound"}
    glossary = (await german.http.post("/v2/glossaries", json=terms)).json()["glossary_id"]
    order = {"glossary": glossary}
    assert "hound" in (await translated(german, "Der Hund schläft.", **order))["text"]
    assert "puppy" in (await translated(german, "Der Hund schläft.", **order, terms={"Hund": "puppy"}))["text"]
    assert (await german.http.get("/v1/documents")).json()["items"] == []
    assert await nothing_is_left(collections)


async def test_layout_comes_back_byte_for_byte(flow: Flow) -> None:
    for name, text in CORNER_CASES.items():
        if 0 < len(text) < 300_000:
            assert (await translated(flow, text, source="de"))["text"] == text, name


async def test_what_cannot_be_translated_is_said_with_what_to_do(german: Flow) -> None:
    for order, kind, word in (
        ({"text": "Salut.", "source": "fr"}, "unknown-pair", "available"),
        ({"text": "Gut.", "target": "xx-"}, "unknown-language", "xx-"),
        ({"text": "Gut.", "source": "de", "model": "nobody"}, "unknown-model", "nobody"),
        ({"text": ""}, "invalid", "text"),
        ({"text": "Gut.", "alternatives": 11}, "invalid", "alternatives"),
        ({"text": "Gut.", "colour": "red"}, "invalid", "colour"),
        ({"text": "Gut.", "source": "de", "terms": {"Gut": " "}}, "input", "empty"),
        ({"text": "Gut.", "source": "de", "terms": {"Gut": 3}}, "invalid", "terms"),
    ):
        found = await problem(german, "POST", PATH, 422, kind, json=order)
        assert word in found["detail"], order
    await problem(german, "POST", PATH, 404, "not-found", json={"text": "Gut.", "source": "de", "glossary": "nowhere"})
    await problem(german, "POST", PATH, 415, "media-type", content="Gut.", headers={"Content-Type": "text/plain"})
    await problem(german, "POST", PATH, 413, "too-large", json={"text": "Gut. " * 1_700_000})
    terms = {"name": "g", "source_lang": "de", "target_lang": "en", "entries_format": "csv", "entries": "a,b"}
    glossary = (await german.http.post("/v2/glossaries", json=terms)).json()["glossary_id"]
    order = {"text": "Good.", "source": "en", "glossary": glossary}
    assert "is for de→en, not for en→en" in (await problem(german, "POST", PATH, 422, "input", json=order))["detail"]


async def test_each_key_pays_for_its_texts_and_has_its_own_glossaries(
    settings: StoreSettings, collections: Collections
) -> None:
    store = KeyStore(collections)
    by, other = await holder(store, characters=30), await holder(store)
    async with run_flow(settings, api={"require_keys": "yes"}) as flow:
        await problem(flow, "POST", PATH, 401, "unauthorized", json={"text": "Gut."})
        answer = await flow.http.post(PATH, json={"text": "Zwanzig Zeichen lang"}, headers=by.headers)
        assert answer.status_code == 200, answer.text
        assert (await usage(flow, by))["characters"]["used"] == 20
        found = await problem(
            flow, "POST", PATH, 429, "quota-exceeded", json={"text": "Zwanzig Zeichen lang"}, headers=by.headers
        )
        assert "10 are left" in found["detail"]
        terms = {"name": "g", "source_lang": "de", "target_lang": "en", "entries_format": "csv", "entries": "a,b"}
        made = await flow.http.post("/v2/glossaries", json=terms, headers=other.headers)
        order = {"text": "Gut.", "source": "de", "glossary": made.json()["glossary_id"]}
        await problem(flow, "POST", PATH, 404, "not-found", json=order, headers=by.headers)
        assert await nothing_is_left(collections)


async def test_work_for_somebody_who_has_gone_ends(settings: StoreSettings, collections: Collections) -> None:
    # A translator that announces itself and goes: what comes then waits.
    async with run_flow(settings):
        pass
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        waiting = asyncio.create_task(flow.http.post(PATH, json={"text": "Wer wartet noch?", "source": "de"}))

        async def begun() -> bool:
            return not await nothing_is_left(collections)

        await eventually(begun, what="the document that the text passes through")
        # It is only passing through: no list has it.
        assert (await flow.http.get("/v1/documents")).json()["items"] == []
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await eventually(lambda: nothing_is_left(collections), what="its end")
