"""DeepL's own client, as a library and on the command line, on a running pipeline."""

import asyncio
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import deepl
import pytest
from deepl import http_client
from deepl.api_data import ModelType

from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore
from store.collections import Collections
from tests.conftest import ROOT
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import Holder, holder
from tests.integration.test_api import TEXT
from tests.texts import CORNER_CASES
from tests.unit.test_markup import PAGE

T = TypeVar("T")
KEY = "an-example-of-a-key-1"


@pytest.fixture
async def store(collections: Collections) -> KeyStore:
    return KeyStore(collections)


def client(flow: Flow, key: str = KEY) -> deepl.DeepLClient:
    return deepl.DeepLClient(key, server_url=str(flow.http.base_url), send_platform_info=False)


async def call(function: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """Run what waits for the API in a thread, because the API runs in this one."""
    return await asyncio.to_thread(function, *arguments, **options)


async def translate(api: deepl.Translator, texts: list[str], **options: Any) -> list[deepl.TextResult]:
    """Translate several texts."""
    found = await call(api.translate_text, texts, **options)
    assert isinstance(found, list)
    return found


async def translate_one(api: deepl.Translator, text: str, **options: Any) -> deepl.TextResult:
    """Translate one text."""
    found = await call(api.translate_text, text, **options)
    assert isinstance(found, deepl.TextResult)
    return found


async def command(flow: Flow, *arguments: str) -> str:
    """Run `python -m deepl`, and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deepl", "--auth-key", KEY, "--server-url", str(flow.http.base_url), *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return out.decode()


async def refused(flow: Flow, status: int, method: str, path: str, **options: Any) -> str:
    """Make a request that has to fail, and return what the answer says is wrong."""
    answer = await flow.http.request(method, path, **options)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json"), answer.text
    body: dict[str, str] = answer.json()
    assert list(body) == ["message"]
    assert body["message"]
    return body["message"]


async def test_texts_come_back_in_order_byte_for_byte(flow: Flow) -> None:
    texts = [*(text for text in CORNER_CASES.values() if len(text) < 300_000), "", " \n", "Ende."]
    found = await translate(client(flow), texts, source_lang="DE", target_lang="EN-GB")
    assert [one.text for one in found] == texts
    assert [one.billed_characters for one in found] == [len(text) for text in texts]
    assert {one.detected_source_lang for one in found} == {"DE"}
    assert (await flow.http.get("/v1/documents")).json()["items"] == [], "nothing of it is left among the documents"


async def test_a_text_of_130_kilobytes(flow: Flow) -> None:
    text = "Der Hund schläft vor dem Haus.\nEr träumt von einem Knochen. " * 2200
    assert len(text) > 130_000
    found = await translate_one(client(flow), text, target_lang="EN-US")
    assert (found.text, found.detected_source_lang) == (text, "DE")


async def test_130_kilobytes_of_books_and_the_model(german: Flow) -> None:
    books = [(ROOT / "examples" / name).read_text(encoding="utf-8") for name in ("die-verwandlung.txt", "immensee.txt")]
    text = "".join(books)[:130_000]
    found = (await translate_one(client(german), text, source_lang="DE", target_lang="EN-US")).text
    assert found.count("\n\n") == text.count("\n\n"), "paragraphs stay"
    assert len(found) > 0.7 * len(text)
    # Words that no English text has.
    assert len(re.findall(r"\b(und|nicht|sich)\b", found)) < 0.02 * len(re.findall(r"\b(und|nicht|sich)\b", text))


async def test_options_are_taken(german: Flow) -> None:
    found = await translate(
        client(german),
        ["Der Hund schläft vor dem Haus.", "Le chien dort devant la maison."],
        target_lang="EN-GB",
        context="Eine Geschichte.",
        split_sentences=deepl.SplitSentences.NO_NEWLINES,
        preserve_formatting=True,
        formality=deepl.Formality.PREFER_LESS,
        model_type=ModelType.QUALITY_OPTIMIZED,
    )
    assert "dog" in found[0].text
    assert [one.detected_source_lang for one in found] == ["DE", "FR"]
    assert found[0].model_type_used == "latency_optimized"
    assert found[1].text == "Le chien dort devant la maison.", "what no model translates is kept"


async def test_tags(flow: Flow) -> None:
    page = await translate_one(client(flow), PAGE, source_lang="DE", target_lang="EN-GB", tag_handling="html")
    assert page.text == PAGE
    xml = "<doc a='1'><t>Ein <em>Satz</em> &amp; mehr.</t><x>nicht</x></doc>"
    found = await translate(
        client(flow),
        [xml],
        target_lang="EN-GB",
        source_lang="DE",
        tag_handling="xml",
        ignore_tags="x,y",
        splitting_tags=["t"],
        non_splitting_tags="em",
        outline_detection=False,
    )
    assert found[0].text == xml


async def test_documents(flow: Flow, tmp_path: Path) -> None:
    source, translated = tmp_path / "Büchlein.txt", tmp_path / "out.txt"
    source.write_bytes(CORNER_CASES["crlf"].encode())
    status = await call(
        client(flow).translate_document_from_filepath, source, translated, source_lang="DE", target_lang="EN-GB"
    )
    assert status.done
    assert status.billed_characters == len(source.read_bytes().decode())
    assert translated.read_bytes() == source.read_bytes()
    # It stays: another download, and the same document under its own address.
    handle = await call(
        client(flow).translate_document_upload, "Ein Satz. " * 9000, filename="a.txt", target_lang="EN-US"
    )
    await flow.done(handle.document_id)
    for _ in range(2):
        out = io.BytesIO()
        await call(client(flow).translate_document_download, handle, out, chunk_size=4096)
        assert out.getvalue() == b"Ein Satz. " * 9000
    assert (await flow.http.get(f"/v1/documents/{handle.document_id}")).json()["metadata"]["dialect"] == "deepl"
    stranger = deepl.DocumentHandle(handle.document_id, "another")
    with pytest.raises(deepl.DeepLException, match="Not found"):
        await call(client(flow).translate_document_get_status, stranger)


async def test_documents_that_are_not_ready_or_cannot_become_ready(
    settings: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is not ready is asked for again; here it never becomes ready.
    monkeypatch.setattr(http_client, "max_network_retries", 0)
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        handle = await call(client(flow).translate_document_upload, "Ein Satz.", filename="a.txt", target_lang="EN-US")
        assert (await call(client(flow).translate_document_get_status, handle)).status.value == "queued"
        with pytest.raises(deepl.DocumentNotReadyException):
            await call(client(flow).translate_document_download, handle)
        await flow.http.post(f"/v1/documents/{handle.document_id}/cancel")
        assert not (await call(client(flow).translate_document_get_status, handle)).ok


async def test_glossaries(german: Flow) -> None:
    api = client(german)
    made = await call(
        api.create_glossary, "Häuser", "DE", "EN", {"Haus": "residence", "Hund": "Rex", "Berg am See": "x"}
    )
    assert (made.ready, made.entry_count, made.source_lang, made.target_lang) == (True, 3, "DE", "EN")
    assert (await call(api.get_glossary, made.glossary_id)).name == "Häuser"
    assert [one.glossary_id for one in await call(api.list_glossaries)] == [made.glossary_id]
    assert await call(api.get_glossary_entries, made) == {"Haus": "residence", "Hund": "Rex", "Berg am See": "x"}
    texts = ["Das ist ein Haus.", "Der Hund schläft.", "Haus"]
    plain = await translate(api, texts, source_lang="DE", target_lang="EN-GB")
    found = await translate(api, texts, source_lang="DE", target_lang="EN-GB", glossary=made)
    assert not any("residence" in one.text for one in plain)
    assert "residence" in found[0].text
    assert "Rex" in found[1].text
    assert found[2].text == "residence"
    csv = await call(api.create_glossary_from_csv, "csv", "DE", "EN", 'Haus,"a, b",DE,EN\n')
    assert await call(api.get_glossary_entries, csv) == {"Haus": "a, b"}
    await call(api.delete_glossary, made)
    for missing in (api.get_glossary, api.get_glossary_entries, api.delete_glossary):
        with pytest.raises(deepl.GlossaryNotFoundException):
            await call(missing, made.glossary_id)
    with pytest.raises(deepl.DeepLException, match="no glossary"):
        await call(api.translate_text, "Haus", source_lang="DE", target_lang="EN-GB", glossary=made.glossary_id)


async def test_languages_and_usage(german: Flow) -> None:
    api = client(german)
    assert [(one.code, one.name) for one in await call(api.get_source_languages)] == [("DE", "German")]
    targets = await call(api.get_target_languages)
    assert [(one.code, one.name) for one in targets] == [
        ("EN-GB", "English (British)"),
        ("EN-US", "English (American)"),
    ]
    assert [(p.source_lang, p.target_lang) for p in await call(api.get_glossary_languages)] == [("de", "en")]
    usage = await call(api.get_usage)
    assert (usage.character.count, usage.any_limit_reached) == (0, False), "without keys nothing is counted"


async def test_a_used_up_quota(settings: StoreSettings, store: KeyStore) -> None:
    limited, other = await holder(store, characters=20), await holder(store)
    async with run_flow(settings, api={"require_keys": "yes"}) as flow:
        api = client(flow, limited.key)
        await call(api.translate_text, "Zehn. Elf.", target_lang="EN-GB")
        for texts in (["Zwölf ist zu viel."], ["Zehn.", "Und elf."]):
            with pytest.raises(deepl.QuotaExceededException) as raised:
                await call(api.translate_text, texts, target_lang="EN-GB")
            assert raised.value.http_status_code == 456
        with pytest.raises(deepl.QuotaExceededException):
            await call(api.translate_document_upload, "Zwölf ist zu viel.", filename="a.txt", target_lang="EN-GB")
        assert (await call(api.get_usage)).character.count == 10, "what does not fit as a whole is not begun"
        assert (await flow.http.get("/v1/documents", headers=limited.headers)).json()["items"] == []
        await call(api.translate_text, "Zehn. Elf.", target_lang="EN-GB")
        usage = await call(api.get_usage)
        assert (usage.character.count, usage.character.limit, usage.any_limit_reached) == (20, 20, True)
        assert (await call(client(flow, other.key).get_usage)).character.count == 0


async def test_documents_and_glossaries_of_another_key_are_not_there(settings: StoreSettings, store: KeyStore) -> None:
    owner, other = await holder(store), await holder(store)
    async with run_flow(settings, api={"require_keys": "yes"}) as flow:
        mine, theirs = client(flow, owner.key), client(flow, other.key)
        made = await call(mine.create_glossary, "Häuser", "DE", "EN", {"Haus": "residence"})
        assert [one.glossary_id for one in await call(mine.list_glossaries)] == [made.glossary_id]
        assert await call(theirs.list_glossaries) == []
        for missing in (theirs.get_glossary, theirs.get_glossary_entries, theirs.delete_glossary):
            with pytest.raises(deepl.GlossaryNotFoundException):
                await call(missing, made.glossary_id)
        with pytest.raises(deepl.DeepLException, match="no glossary"):
            await call(theirs.translate_text, "Haus", source_lang="DE", target_lang="EN-GB", glossary=made.glossary_id)
        await call(mine.get_glossary, made.glossary_id)
        handle = await call(mine.translate_document_upload, "Ein Satz.", filename="a.txt", target_lang="EN-US")
        assert await _documents(flow, owner) == [handle.document_id]
        assert await _documents(flow, other) == []
        # Not even with the document's own key.
        for ask in (theirs.translate_document_get_status, theirs.translate_document_download):
            with pytest.raises(deepl.DeepLException, match="Not found"):
                await call(ask, handle)
        assert (await call(mine.translate_document_get_status, handle)).ok
        # A text passes through as a document of its sender, and is deleted.
        await call(theirs.translate_text, "Zehn. Elf.", target_lang="EN-GB")
        assert [(await call(one.get_usage)).character.count for one in (mine, theirs)] == [9, 10]
        assert await _documents(flow, other) == []


async def _documents(flow: Flow, by: Holder) -> list[str]:
    return [one["id"] for one in (await flow.http.get("/v1/documents", headers=by.headers)).json()["items"]]


async def test_keys(settings: StoreSettings, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text(f"{KEY}\n")
    async with run_flow(settings, keys=keys) as flow:
        assert (await translate_one(client(flow), "Hallo.", target_lang="EN-GB")).text == "Hallo."
        with pytest.raises(deepl.AuthorizationException):
            await call(client(flow, "wrong").translate_text, "Hallo.", target_lang="EN-GB")
        await refused(flow, 403, "GET", "/v2/usage")


async def test_the_command_line(german: Flow, tmp_path: Path) -> None:
    assert "house" in await command(german, "text", "--to", "EN-GB", "Das ist ein Haus.")
    assert "German" in await command(german, "languages")
    assert "0 of" in await command(german, "usage") or "of 1000000000000" in await command(german, "usage")
    (tmp_path / "a.txt").write_text("Das ist ein Haus.\n")
    await command(german, "document", "--to", "EN-GB", "--from", "DE", str(tmp_path / "a.txt"), str(tmp_path / "out"))
    assert "house" in (tmp_path / "out" / "a.txt").read_text()
    made = await command(german, "glossary", "create", "--name", "g", "--from", "DE", "--to", "EN", "Haus=residence")
    assert "Created" in made
    (glossary,) = (await german.http.get("/v2/glossaries", headers={"Authorization": f"DeepL-Auth-Key {KEY}"})).json()[
        "glossaries"
    ]
    used = ("--glossary-id", glossary["glossary_id"])
    assert "residence" in await command(german, "text", "--from", "DE", "--to", "EN-GB", *used, "Das ist ein Haus.")
    await command(german, "glossary", "delete", glossary["glossary_id"])


async def test_bad_input_has_the_errors_of_the_dialect(german: Flow) -> None:
    good = {"text": ["Hallo."], "target_lang": "EN-GB"}
    for name in good:
        assert name in await refused(german, 400, "POST", "/v2/translate", json=good | {name: None})
    await refused(german, 400, "POST", "/v2/translate", json=good | {"text": []})
    await refused(german, 400, "POST", "/v2/translate", json=good | {"text": ["x"] * 1001})
    assert "de→en" in await refused(german, 400, "POST", "/v2/translate", json=good | {"target_lang": "FR"})
    await refused(german, 400, "POST", "/v2/translate", json=good | {"source_lang": "xx"})
    await refused(german, 400, "POST", "/v2/translate", json=good | {"tag_handling": "tex"})
    await refused(german, 404, "POST", "/v2/translate", json=good | {"source_lang": "DE", "glossary_id": "none"})
    await refused(german, 400, "POST", "/v2/translate", json=good | {"glossary_id": "none"})
    await refused(german, 413, "POST", "/v2/translate", json=good | {"text": "x" * 9_000_000})
    tags = {"text": "<b>" * 400_000, "tag_handling": "html"}
    await refused(german, 413, "POST", "/v2/translate", json=good | tags)
    await refused(german, 415, "POST", "/v2/translate", content=b"x", headers=TEXT)
    await refused(german, 404, "POST", "/v2/nothing", json={})
    await refused(german, 405, "DELETE", "/v2/usage")
    file = {"file": ("a.txt", b"Hallo.")}
    await refused(german, 400, "POST", "/v2/document", files=file)
    await refused(german, 400, "POST", "/v2/document", data=good, files={"file": ("a.docx", b"PK")})
    await refused(german, 400, "POST", "/v2/document", data=good, files={"file": ("a.txt", b"\xff")})
    await refused(german, 400, "POST", "/v2/document", data=good | {"output_format": "pdf"}, files=file)
    await refused(german, 415, "POST", "/v2/document", json=good)
    await refused(german, 404, "POST", "/v2/document/none", json={"document_key": "x"})
    await refused(german, 400, "POST", "/v2/document/none/result", json={})
    glossary = {"name": "g", "source_lang": "DE", "target_lang": "EN", "entries_format": "tsv", "entries": "a\tb"}
    for change in ({"entries": "a b"}, {"entries": "a\tb\na\tc"}, {"entries": "…\tb"}, {"entries": " \n"}, {"name": ""},
                   {"target_lang": "FR"}, {"entries_format": "tbx"}):  # fmt: skip
        await refused(german, 400, "POST", "/v2/glossaries", json=glossary | change)
    await refused(german, 400, "GET", "/v2/languages?type=none")
    # The form that the dialect had before JSON.
    form = {"text": ["Das ist ein Haus.", "Der Hund."], "target_lang": "EN-GB", "split_sentences": "0"}
    found = (await german.http.post("/v2/translate", data=form)).json()["translations"]
    assert ["house" in found[0]["text"], "dog" in found[1]["text"]] == [True, True]
