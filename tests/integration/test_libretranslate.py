"""The clients of LibreTranslate on a running pipeline."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError

import pytest
from libretranslatepy import LibreTranslateAPI

from pipeline.settings import StoreSettings
from store.accounts.keys import KeyStore
from store.collections import Collections
from tests.integration.flow import Flow, run_flow
from tests.integration.holders import holder
from tests.integration.test_api import TEXT
from tests.texts import CORNER_CASES
from tests.unit.test_markup import PAGE
from tests.waiting import eventually

T = TypeVar("T")


def client(flow: Flow, key: str | None = None) -> LibreTranslateAPI:
    return LibreTranslateAPI(str(flow.http.base_url), api_key=key)


async def call(function: Callable[..., T], *arguments: Any) -> T:
    """Run what waits for the API in a thread, because the API runs in this one."""
    return await asyncio.to_thread(function, *arguments)


async def refused(flow: Flow, status: int, method: str, path: str, **options: Any) -> str:
    """Make a request that has to fail, and return what the answer says is wrong."""
    answer = await flow.http.request(method, path, **options)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json"), answer.text
    body: dict[str, str] = answer.json()
    assert list(body) == ["error"]
    assert body["error"]
    return body["error"]


async def test_the_official_client(german: Flow) -> None:
    api = client(german)
    assert "house" in await call(api.translate, "Das ist ein Haus.", "de", "en")
    assert "dog" in await call(api.translate, "Der Hund schläft.", "auto", "en")
    assert await call(api.languages) == [
        {"code": "de", "name": "German", "targets": ["de", "en"]},
        {"code": "en", "name": "English", "targets": ["en"]},
    ]
    first, *_ = await call(api.detect, "Der Hund schläft vor dem Haus.")
    assert first["language"] == "de"
    assert 20 < first["confidence"] <= 100
    with pytest.raises(HTTPError) as raised:
        await call(api.translate, "Salut.", "fr", "en")
    assert raised.value.code == 400
    assert b"no model translates" in raised.value.read()
    raised.value.close()
    # Nothing of it is left among the documents.
    assert (await german.http.get("/v1/documents")).json()["items"] == []


async def test_lists_come_back_in_order_byte_for_byte(flow: Flow) -> None:
    texts = [*(text for text in CORNER_CASES.values() if len(text) < 300_000), "", " \n", "Ende."]
    body = {"q": texts, "source": "de", "target": "en", "alternatives": 2}
    found = (await flow.http.post("/translate", json=body)).json()
    assert found == {"translatedText": texts, "alternatives": [[] for _ in texts]}


async def test_alternatives_are_whole_texts(german: Flow) -> None:
    order = {"source": "de", "target": "en", "alternatives": 2}
    text = "Der Hund schläft vor dem Haus.\n\nWir kommen morgen wieder."
    found = (await german.http.post("/translate", json=order | {"q": text})).json()
    versions = [found["translatedText"], *found["alternatives"]]
    assert len(set(versions)) == 3
    assert all("dog" in version and version.count("\n\n") == 1 for version in versions)
    texts = [text, "42", "<p>Der <b>Hund</b> schläft.</p>"]
    found = (await german.http.post("/translate", json=order | {"q": texts, "format": "html"})).json()
    assert [len(versions) for versions in found["alternatives"]] == [2, 0, 2]
    for version in (found["translatedText"][2], *found["alternatives"][2]):
        assert version.startswith("<p>")
        assert version.count("<b>") == version.count("</b>") == 1


async def test_forms_and_one_text(flow: Flow) -> None:
    fields = {"q": "Grüße\r\n & mehr", "source": "de", "target": "en"}
    expected = {"translatedText": fields["q"]}
    assert (await flow.http.post("/translate", data=fields)).json() == expected
    parts = {name: (None, value) for name, value in fields.items()}
    assert (await flow.http.post("/translate", files=parts)).json() == expected
    assert (await flow.http.post("/translate", params=fields)).json() == expected
    alternatives = await flow.http.post("/translate", json=fields | {"alternatives": 1})
    assert alternatives.json() == expected | {"alternatives": []}


async def test_each_text_has_its_own_language(german: Flow) -> None:
    texts = ["Der Hund schläft vor dem Haus.", "Le chien dort devant la maison.", "The cat sleeps in the house."]
    answer = await german.http.post("/translate", json={"q": texts, "source": "auto", "target": "en"})
    found = answer.json()
    assert [one["language"] for one in found["detectedLanguage"]] == ["de", "fr", "en"]
    assert "dog" in found["translatedText"][0]
    assert found["translatedText"][1:] == texts[1:], "what no model translates is kept"


async def test_html_keeps_its_tags(flow: Flow, settings: StoreSettings) -> None:
    body = {"q": [PAGE, "<b>Kurz</b> &amp; gut"], "source": "de", "target": "en", "format": "html"}
    assert (await flow.http.post("/translate", json=body)).json()["translatedText"] == body["q"]


async def test_html_with_the_model(german: Flow) -> None:
    page = (
        '<h1>Das Haus</h1>\n<p>Der <b>kleine</b> Hund schläft.<br>Besuche <a href="/g?a=1&amp;b=2">Berlin</a>.</p>\n'
        '<script>let a = "Das Haus";</script><p translate="no">Das Haus</p>'
    )
    body = {"q": page, "source": "de", "target": "en", "format": "html"}
    found = (await german.http.post("/translate", json=body)).json()["translatedText"]
    assert found.startswith("<h1>")
    assert '<a href="/g?a=1&amp;b=2">Berlin</a>' in found
    assert found.endswith('</p>\n<script>let a = "Das Haus";</script><p translate="no">Das Haus</p>')
    assert found.count("<b>") == found.count("</b>") == found.count("<br>") == 1
    assert "little" in found or "small" in found


async def test_of_subtitles_what_is_said_is_translated(flow: Flow) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nGuten Morgen.\n\n2\n00:00:03,000 --> 00:00:04,500\n- Wer da?\n- Ich.\n"
    sent = await flow.http.post(
        "/translate_file", data={"source": "de", "target": "en"}, files={"file": ("film.srt", text.encode())}
    )
    address = sent.json()["translatedFileUrl"]
    assert address.endswith("_en.srt")
    assert (await flow.http.get(address)).text == text
    document = (await flow.http.get("/v1/documents")).json()["items"][0]["id"]
    sentences = (await flow.http.get(f"/v1/documents/{document}/sentences")).json()["items"]
    assert [one["source"] for one in sentences] == ["Guten Morgen.", "Wer da?", "Ich."]


async def test_files(flow: Flow) -> None:
    text = "Ein Satz steht hier.\r\n\r\nUnd noch einer. " * 3000
    fields = {"source": "de", "target": "en"}
    answer = await flow.http.post("/translate_file", data=fields, files={"file": ("Büch lein.txt", text.encode())})
    assert answer.status_code == 200, answer.text
    url = answer.json()["translatedFileUrl"]
    assert url.startswith(f"{flow.http.base_url}/download_file/".replace("//download", "/download"))
    downloaded = await flow.http.get(url)
    assert downloaded.content == text.encode()
    assert downloaded.headers["content-disposition"].endswith("B%C3%BCch%20lein_en.txt")
    # In any order, as browsers may send them.
    part = "--x\r\nContent-Disposition: form-data; name="
    file = f'{part}"file"; filename="a.md"\r\n\r\nKurz.\r\n'
    body = f'{file}{part}"target"\r\n\r\nen\r\n{part}"source"\r\n\r\nde\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await flow.http.post("/translate_file", content=body.encode(), headers=headers)
    assert (await flow.http.get(answer.json()["translatedFileUrl"])).text == "Kurz."
    assert len((await flow.http.get("/v1/documents")).json()["items"]) == 2, "files are kept as other documents are"


async def test_health_and_settings(flow: Flow) -> None:
    assert (await flow.http.get("/health")).json() == {"status": "ok"}
    found = (await flow.http.get("/frontend/settings")).json()
    assert (found["charLimit"], found["keyRequired"], found["supportedFilesFormat"][0]) == (-1, False, ".txt")


async def test_requests_as_clients_write_them(german: Flow) -> None:
    good = {"q": "Guten Tag.", "source": "de", "target": "en"}
    for more in (
        {"format": None, "api_key": None, "alternatives": None}, {"format": "", "api_key": ""}, {"secret": "x", "t": [{}]},
        {"source": "DE", "target": "EN-us"}, {"source": "de_DE", "target": "en"}, {"source": "AUTO"},
    ):  # fmt: skip
        answer = await german.http.post("/translate", json=good | more)
        assert answer.status_code == 200, (more, answer.text)
        assert "day" in answer.json()["translatedText"]
    form = good | {"format": "", "api_key": "", "alternatives": ""}
    for path in ("/translate", "//translate", "/translate/"):
        answer = await german.http.post(f"{str(german.http.base_url).rstrip('/')}{path}", data=form)
        assert answer.status_code == 200, (path, answer.text)
    for source, target in (("en", "en"), ("de", "de"), ("en-GB", "en")):
        body = {"q": ["Good day.\n", "<b>x</b>"], "source": source, "target": target}
        assert (await german.http.post("/translate", json=body)).json() == {"translatedText": body["q"]}
    for path in ("/", "/health", "/languages", "/frontend/settings", "/docs"):
        assert (await german.http.head(path)).status_code == 200, path
    assert (
        await refused(german, 400, "POST", "/translate", json={"q": "x"}) == "Invalid request: missing source parameter"
    )
    assert "disabled" in await refused(german, 403, "POST", "/suggest", json=good)
    await refused(german, 404, "GET", "/translate/nothing")


async def test_bad_input_has_the_errors_of_the_dialect(flow: Flow) -> None:
    good = {"q": "Hallo.", "source": "de", "target": "en"}
    for name in good:
        assert name in await refused(flow, 400, "POST", "/translate", json=good | {name: None})
        assert name in await refused(flow, 400, "POST", "/translate", data=good | {name: ""})
    assert "format" in await refused(flow, 400, "POST", "/translate", json=good | {"format": "pdf"})
    assert "1000" in await refused(flow, 400, "POST", "/translate", json=good | {"q": ["x"] * 1001})
    await refused(flow, 400, "POST", "/translate", json=good | {"source": "Deutsch"})
    await refused(flow, 400, "POST", "/translate", json=["x"])
    await refused(flow, 400, "POST", "/translate", content=b"{", headers={"Content-Type": "application/json"})
    await refused(flow, 400, "POST", "/translate", content=b"x", headers=TEXT)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    await refused(flow, 400, "POST", "/translate", content=b"q=%ff&source=de&target=en", headers=form)
    await refused(flow, 413, "POST", "/translate", json=good | {"q": "x" * 9_000_000})
    await refused(flow, 400, "POST", "/detect", json={})
    await refused(flow, 404, "GET", "/download_file/nothing.txt")
    await refused(flow, 405, "GET", "/translate")
    await refused(flow, 400, "POST", "/translate_file", json=good)
    fields = {"source": "de", "target": "en"}
    await refused(flow, 400, "POST", "/translate_file", data=fields, files={"other": (None, "x")})
    await refused(flow, 400, "POST", "/translate_file", data=fields, files={"file": ("a.pdf", b"x")})
    await refused(flow, 400, "POST", "/translate_file", data=fields, files={"file": ("a.txt", b"\xff")})
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    await refused(flow, 400, "POST", "/translate_file", content=b"nothing", headers=broken)
    part = b'--x\r\nContent-Disposition: form-data; name="q"\r\n\r\nHal'
    await refused(flow, 400, "POST", "/translate", content=part, headers=broken)


async def test_keys(settings: StoreSettings, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("an-example-of-a-key-1\n")
    async with run_flow(settings, keys=keys) as flow:
        assert await call(client(flow, "an-example-of-a-key-1").translate, "Hallo.", "de", "en") == "Hallo."
        assert await call(client(flow).languages)
        for wrong in (client(flow), client(flow, "another")):
            with pytest.raises(HTTPError) as raised:
                await call(wrong.translate, "Hallo.", "de", "en")
            assert raised.value.code == 403
            raised.value.close()
        body = {"q": "Hallo.", "source": "de", "target": "en"}
        bearer = {"Authorization": "Bearer an-example-of-a-key-1"}
        assert (await flow.http.post("/translate", json=body, headers=bearer)).status_code == 200
        assert "api_key" in await refused(flow, 403, "POST", "/detect", json=body)
        await refused(flow, 403, "POST", "/translate_file", data=body, files={"file": ("a.txt", b"x")})
        # Who brings no key is told that before anything else.
        await refused(flow, 403, "POST", "/translate", content=b"x", headers=TEXT)
        assert (await flow.http.get("/frontend/settings")).json()["keyRequired"]


async def test_what_is_sent_belongs_to_the_key(settings: StoreSettings, collections: Collections) -> None:
    store = KeyStore(collections)
    owner, other, limited = await holder(store), await holder(store), await holder(store, characters=5, requests=3)
    async with run_flow(settings, api={"require_keys": "yes"}) as flow:
        fields = {"source": "de", "target": "en", "api_key": owner.key}
        answer = await flow.http.post("/translate_file", data=fields, files={"file": ("a.txt", b"Mein Satz.")})
        assert answer.status_code == 200, answer.text
        for by, there in ((owner, 1), (other, 0)):
            found = (await flow.http.get("/v1/documents", headers=by.headers)).json()["items"]
            assert len(found) == there, "a file is its sender's"
            used = (await flow.http.get("/v1/usage", headers=by.headers)).json()["characters"]["used"]
            assert used == 10 * there
        # Who has the address may read it; nothing else can be had that way.
        assert (await flow.http.get(answer.json()["translatedFileUrl"])).text == "Mein Satz."
        await flow.http.post("/v1/documents", json={"id": "mine", "text": "Geheim."}, headers=owner.headers)
        await refused(flow, 404, "GET", "/download_file/mine")
        body = {"q": "Hallo.", "source": "de", "target": "en", "api_key": limited.key}
        assert "5 characters a month" in await refused(flow, 429, "POST", "/translate", json=body)
        assert (await flow.http.post("/translate", json=body | {"q": "Hallo"})).json()["translatedText"] == "Hallo"
        answer = await flow.http.post("/detect", json=body)
        assert (answer.status_code, answer.headers["ratelimit"].split(";")[1]) == (200, "r=0")
        assert "3 requests a minute" in await refused(flow, 429, "POST", "/detect", json=body)


async def test_what_takes_too_long_is_said_with_its_document(
    settings: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATZSTROM_ANSWER_WITHIN", "0.3")
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        body = {"q": "Hallo.", "source": "de", "target": "en"}
        answer = await flow.http.post("/translate", json=body)
        assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
        (left,) = (await flow.http.get("/v1/documents")).json()["items"]
        assert f"document {left['id']}" in answer.json()["error"]
        assert left["metadata"] == {"dialect": "libretranslate"}


async def test_what_a_sender_calls_its_metadata_opens_nothing(flow: Flow) -> None:
    metadata = {"dialect": "libretranslate", "filename": "a.txt", "synchronous": True, "document_key": "x"}
    sent = await flow.http.post("/v1/documents", json={"id": "mine", "text": "Geheim.", "metadata": metadata})
    assert sent.status_code == 202, sent.text
    assert (await flow.http.get("/download_file/mine.a.txt")).status_code == 404
    found = (await flow.http.get("/v1/documents/mine")).json()
    assert found["metadata"] == metadata, "it is the sender's, and given back"
    assert "internal" not in found


async def test_a_client_that_goes_away_ends_the_work(settings: StoreSettings) -> None:
    async with run_flow(settings, ("segmenter", "sink", "api")) as flow:
        body = {"q": "Hallo.", "source": "de", "target": "en"}
        waiting = asyncio.create_task(flow.http.post("/translate", json=body))

        async def documents() -> list[Any]:
            found: list[Any] = (await flow.http.get("/v1/documents")).json()["items"]
            return found

        await eventually(documents)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

        async def gone() -> bool:
            return not await documents()

        await eventually(gone, what="the end of the document")

        async def said() -> bool:
            return await flow.count(flow.topics.control) == 1

        await eventually(said, what="the end of the work on it")
