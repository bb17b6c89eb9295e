"""What DeepL's current client calls beside translating: version 3, and what is not there."""

from pathlib import Path
from typing import Any

import deepl
import pytest
from deepl.api_data import MultilingualGlossaryDictionaryEntries as Entries

from pipeline.events import SegmentedPart, decode
from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore
from store.collections import Collections
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import holder
from tests.integration.test_deepl import KEY, call, client, refused, translate, translate_one

HEADERS = {"Authorization": f"DeepL-Auth-Key {KEY}"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_glossaries_of_several_pairs(german: Flow) -> None:
    api = client(german)
    made = await call(
        api.create_multilingual_glossary, "Häuser", [Entries("DE", "EN-GB", {"Haus": "residence", "Hund": "Rex"})]
    )
    assert [(one.source_lang, one.target_lang, one.entry_count) for one in made.dictionaries] == [("DE", "EN", 2)]
    texts = ["Das ist ein Haus.", "Der Hund schläft."]
    found = await translate(api, texts, source_lang="DE", target_lang="EN-GB", glossary=made)
    assert "residence" in found[0].text
    assert "Rex" in found[1].text
    # Changes count at once.
    changed = await call(
        api.update_multilingual_glossary_dictionary, made, Entries("DE", "EN", {"Haus": "villa", "Katze": "Tom"})
    )
    assert changed.dictionaries[0].entry_count == 3
    found = await translate(api, texts, source_lang="DE", target_lang="EN-GB", glossary=made)
    assert ("villa" in found[0].text, "Rex" in found[1].text) == (True, True)
    await call(api.replace_multilingual_glossary_dictionary, made, Entries("DE", "EN", {"Hund": "Fido"}))
    entries = await call(api.get_multilingual_glossary_entries, made, "DE", "EN-US")
    # The client gives out what comes, which its types do not say.
    assert [str(one.entries) for one in entries.dictionaries] == ["Hund\tFido"]
    found = await translate(api, texts, source_lang="DE", target_lang="EN-GB", glossary=made)
    assert ("villa" in found[0].text, "Fido" in found[1].text) == (False, True)
    csv = (made, "DE", "EN", '"Berg","a, b",DE,EN\n')
    assert (await call(api.update_multilingual_glossary_dictionary_from_csv, *csv)).dictionaries[0].entry_count == 2
    named = await call(api.update_multilingual_glossary_name, made, "Berge")
    assert (named.name, (await call(api.get_multilingual_glossary, made.glossary_id)).name) == ("Berge", "Berge")
    assert [one.glossary_id for one in await call(api.list_multilingual_glossaries)] == [made.glossary_id]
    # Version 2 has those with one pair, too.
    assert [one.entry_count for one in await call(api.list_glossaries)] == [2]
    await call(api.delete_multilingual_glossary_dictionary, made, source_lang="DE", target_lang="EN")
    assert (await call(api.get_multilingual_glossary, made.glossary_id)).dictionaries == []
    assert await call(api.list_glossaries) == []
    with pytest.raises(deepl.DeepLException, match="nothing yet"):
        await call(api.translate_text, "Haus", source_lang="DE", target_lang="EN-GB", glossary=made)
    await call(api.delete_multilingual_glossary, made)
    for ask in (api.get_multilingual_glossary, api.delete_multilingual_glossary):
        with pytest.raises(deepl.GlossaryNotFoundException):
            await call(ask, made.glossary_id)


async def test_glossaries_by_json_and_form(flow: Flow) -> None:
    one = {"source_lang": "de", "target_lang": "EN", "entries": "Haus\tvilla", "entries_format": "tsv"}
    other = {"source_lang": "en", "target_lang": "de", "entries": "villa,Haus", "entries_format": "csv"}
    made = await flow.http.post("/v3/glossaries", json={"name": "g", "dictionaries": [one, other]})
    assert made.status_code == 201, made.text
    path = f"/v3/glossaries/{made.json()['glossary_id']}"
    assert [entry["source_lang"] for entry in made.json()["dictionaries"]] == ["de", "en"]
    # As DeepL's client for Node sends it.
    form = {f"dictionaries[0].{name}": value for name, value in (one | {"entries": "Hund\tdog"}).items()}
    changed = await flow.http.patch(path, data=form)
    assert [entry["entry_count"] for entry in changed.json()["dictionaries"]] == [2, 1]
    query = {"source_lang": "EN", "target_lang": "DE"}
    (found,) = (await flow.http.get(f"{path}/entries", params=query)).json()["dictionaries"]
    assert found == {"source_lang": "en", "target_lang": "de", "entries": "villa\tHaus", "entries_format": "tsv"}
    # Of several pairs there is no version 2.
    assert (await flow.http.get("/v2/glossaries")).json() == {"glossaries": []}
    await refused(flow, 404, "GET", path.replace("v3", "v2"))
    await refused(flow, 404, "GET", f"{path}/entries", params={"source_lang": "fr", "target_lang": "en"})
    await refused(flow, 404, "DELETE", f"{path}/dictionaries", params={"source_lang": "fr", "target_lang": "en"})
    await refused(flow, 400, "GET", f"{path}/entries")
    await refused(flow, 400, "PATCH", path, json={})
    await refused(flow, 400, "PATCH", path, json={"dictionaries": [one | {"entries": "x"}]})
    await refused(flow, 404, "PATCH", "/v3/glossaries/none", json={"name": "x"})
    await refused(flow, 404, "PUT", "/v3/glossaries/none/dictionaries", json=one)
    for bad in ({}, {"name": "g"}, {"name": "g", "dictionaries": []}, {"name": "g", "dictionaries": "x"},
                {"name": "g", "dictionaries": [one] * 101}, {"name": "g", "dictionaries": [{}] * 20_000},
                {"name": "g", "dictionaries": [{"entries": [1]}]}, {"dictionaries": [one]}):  # fmt: skip
        await refused(flow, 400, "POST", "/v3/glossaries", json=bad)
    assert (await flow.http.delete(path)).status_code == 204


async def test_what_is_not_there_is_said_as_deepl_does(flow: Flow) -> None:
    api = client(flow)
    assert await call(api.get_all_style_rules) == []
    with pytest.raises(deepl.DeepLException, match="'target_lang' not supported"):
        await call(api.rephrase_text, "Das ist ein Satz.", target_lang="DE")
    with pytest.raises(deepl.DeepLException, match="style rules"):
        await call(api.create_style_rule, "x", "de")
    assert (await flow.http.get("/v3/translation_memories")).json() == {"translation_memories": [], "total_count": 0}
    for method, path in (("GET", "/v3/style_rules/none"), ("POST", "/v2/write/nothing"), ("GET", "/v3/nothing"),
                         ("DELETE", "/v3/translation_memories/none"), ("GET", "/v2"), ("POST", "/v3/voice")):  # fmt: skip
        await refused(flow, 404, method, path, headers=HEADERS)


async def test_requests_as_clients_write_them(german: Flow) -> None:
    good = {"text": "Guten Tag.", "target_lang": "EN-US"}
    everything = dict.fromkeys(
        ("source_lang", "tag_handling", "formality", "glossary_id", "split_sentences", "context", "model_type",
         "preserve_formatting", "ignore_tags", "outline_detection", "style_id", "tag_handling_version"),
    )  # fmt: skip

    async def day(method: str, path: str = "/v2/translate", **options: Any) -> None:
        answer = await german.http.request(method, path, headers=HEADERS, **options)
        assert answer.status_code == 200, (method, path, options, answer.text)
        assert "day" in answer.json()["translations"][0]["text"], answer.text

    await day("POST", json=good | {"text": [good["text"]]} | everything | {"glossary_ids": None})
    await day("POST", data=good | dict.fromkeys(everything, ""))
    await day("GET", params=good)
    await day("GET", params=good | {"auth_key": "x", "unknown": "y"})
    await day("POST", path="/v2//translate/", json=good)
    changes: list[dict[str, Any]] = [
        {"source_lang": "de", "target_lang": "en-us"}, {"source_lang": "De_AT"}, {"tag_handling_version": "v2"},
        {"show_billed_characters": True}, {"context": "Ein Brief."}, {"nothing": [{}]}, {"model_type": "quality_optimized"},
    ]  # fmt: skip
    for change in changes:
        await day("POST", json=good | change)
    same = await translate_one(client(german), "Good day.\n", source_lang="EN", target_lang="EN-GB")
    assert same.text == "Good day.\n"
    for method, path, member in (
        ("GET", "/v2/usage", "character_count"), ("POST", "/v2/usage", "character_count"),
        ("GET", "/v2/languages?type=target", "EN-GB"), ("POST", "/v2/languages", "EN-GB"),
    ):  # fmt: skip
        body = b"auth_key=x&type=target" if method == "POST" else None
        assert member in (await german.http.request(method, path, content=body, headers=FORM)).text
    wrong = await refused(german, 400, "POST", "/v2/translate", json={"text": "x"})
    assert wrong == "Parameter 'target_lang' not specified."
    await refused(german, 400, "POST", "/v2/translate", json=good | {"split_sentences": "often"})


async def test_sentences_end_where_the_sender_says(flow: Flow) -> None:
    text = "Ein Satz. Noch\neiner:\nkurz\n\nEnde."
    orders: list[tuple[str | int, int]] = [("0", 2), ("nonewlines", 3), ("off", 2), (0, 2), ("no_newlines", 3)]
    for said, _ in orders:
        body = {"text": [text], "source_lang": "DE", "target_lang": "EN-GB", "split_sentences": said}
        answer = await flow.http.post("/v2/translate", json=body)
        assert answer.json()["translations"][0]["text"] == text, answer.text
    records = await flow.records(flow.topics.parts, len(orders))
    parts = sorted(records, key=lambda record: record.timestamp)
    assert [len(decode(SegmentedPart, part.value).spans) // 2 for part in parts] == [count for _, count in orders]


async def test_a_key_in_the_query_or_in_the_form(settings: StoreSettings, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text(f"{KEY}\n")
    good = {"text": "Hallo.", "target_lang": "EN-GB", "source_lang": "DE"}
    async with run_flow(settings, keys=keys) as flow:
        for key, status in ((KEY, 200), ("another-key-that-is-none", 403), ("", 403)):
            with_key = good | {"auth_key": key}
            for answer in (
                await flow.http.post("/v2/translate", data=with_key),
                await flow.http.post("/v2/translate", json=with_key),
                await flow.http.get("/v2/translate", params=with_key),
                await flow.http.post("/v2/translate", json=good, params={"auth_key": key}),
                await flow.http.post("/v2/usage", data={"auth_key": key}),
                await flow.http.post("/v2/languages", data={"auth_key": key, "type": "source"}),
                await flow.http.get("/v2/glossaries", params={"auth_key": key}),
                await flow.http.get("/v3/glossaries", params={"auth_key": key}),
                await flow.http.post("/v2/document", data=with_key, files={"file": ("a.txt", b"Hallo.")}),
            ):
                assert answer.status_code == status, (answer.request.url, answer.text)
                if status == 403:
                    assert "DeepL-Auth-Key" in answer.json()["message"]
        sent = await flow.http.post("/v2/document", data=good | {"auth_key": KEY}, files={"file": ("a.txt", b"Hallo.")})
        handle = {"document_key": sent.json()["document_key"], "auth_key": KEY}
        path = f"/v2/document/{sent.json()['document_id']}"
        assert (await flow.http.post(path, data=handle)).status_code == 200
        assert (await flow.http.post(path, data=handle | {"auth_key": "wrong"})).status_code == 403
        await refused(flow, 403, "GET", "/v3/nothing")
        assert (await flow.http.get("/v1/documents", params={"auth_key": KEY})).status_code == 401


async def test_glossaries_of_another_key_are_not_there(settings: StoreSettings, collections: Collections) -> None:
    store = KeyStore(collections)
    owner, other = await holder(store), await holder(store)
    async with run_flow(settings, ("translator", "api"), api={"require_keys": "yes"}) as flow:
        mine, theirs = client(flow, owner.key), client(flow, other.key)
        terms = Entries("DE", "EN", {"Haus": "residence"})
        made = await call(mine.create_multilingual_glossary, "Häuser", [terms])
        assert await call(theirs.list_multilingual_glossaries) == []
        pair = {"source_lang": "DE", "target_lang": "EN"}
        for ask, more in (
            (theirs.get_multilingual_glossary, {}), (theirs.delete_multilingual_glossary, {}),
            (theirs.get_multilingual_glossary_entries, pair), (theirs.delete_multilingual_glossary_dictionary, pair),
            (theirs.update_multilingual_glossary_name, {"name": "x"}),
            (theirs.update_multilingual_glossary_dictionary, {"glossary_dict": terms}),
            (theirs.replace_multilingual_glossary_dictionary, {"glossary_dict": terms}),
        ):  # fmt: skip
            with pytest.raises(deepl.GlossaryNotFoundException):
                await call(ask, made.glossary_id, **more)
        assert (await call(mine.get_multilingual_glossary, made.glossary_id)).name == "Häuser"
