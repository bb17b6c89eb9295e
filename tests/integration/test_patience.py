"""Answers that take longer than DeepL's client waits in silence."""

import asyncio
import json
from typing import Any

import deepl
import httpx
import pytest
from deepl import http_client

from api.deepl import patience
from pipeline.settings import StoreSettings
from tests.integration.flow import Flow, run_flow
from tests.waiting import eventually

WITHOUT_TRANSLATOR = ("segmenter", "sink", "api")
TEXT = "Der Hund schläft vor dem Haus. "
ORDER: dict[str, Any] = {"text": [TEXT, "Ein Satz."], "source_lang": "DE", "target_lang": "EN"}


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show soon that an answer is being worked on."""
    monkeypatch.setattr(patience, "_SILENCE", 0.1)


async def documents(flow: Flow) -> list[Any]:
    """Return what the history has."""
    found: list[Any] = (await flow.http.get("/v1/documents")).json()["items"]
    return found


async def test_an_answer_begins_before_its_translation_is_there(settings: StoreSettings) -> None:
    async with (
        run_flow(settings, WITHOUT_TRANSLATOR) as flow,
        flow.http.stream("POST", "/v2/translate", json=ORDER) as answer,
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        chunks = answer.aiter_bytes()
        assert await anext(chunks) == b" "
        async with run_flow(settings, ("translator",)):
            found = json.loads(b"".join([chunk async for chunk in chunks]))
    assert found["translations"] == [
        {"detected_source_language": "DE", "text": text, "billed_characters": len(text)} for text in ORDER["text"]
    ]


async def test_a_client_waits_longer_than_its_time_out(
    settings: StoreSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATZSTROM_IDENTITY_BATCH_SECONDS", "0.5")
    monkeypatch.setattr(http_client, "min_connection_timeout", 2.0)
    monkeypatch.setattr(http_client, "max_network_retries", 0)
    async with run_flow(settings) as flow:
        client = deepl.DeepLClient("a-key", server_url=str(flow.http.base_url))
        # Batches have 16 sentences: 4 s.
        text = TEXT * 128
        found = await asyncio.to_thread(client.translate_text, text, source_lang="DE", target_lang="EN-GB")
        assert str(found) == text


async def test_an_answer_that_fails_breaks_off(settings: StoreSettings, caplog: pytest.LogCaptureFixture) -> None:
    async with run_flow(settings, WITHOUT_TRANSLATOR, api={"answer_within": 1.0}) as flow:
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
            await flow.http.post("/v2/translate", json=ORDER)
        (left,) = await documents(flow)
        assert f"the translation takes longer than 1 s; it goes on as document {left['id']}" in caplog.text
        assert "Traceback" not in caplog.text


async def test_a_client_that_goes_away_from_its_answer_ends_the_work(settings: StoreSettings) -> None:
    async with run_flow(settings, WITHOUT_TRANSLATOR) as flow:
        async with flow.http.stream("POST", "/v2/translate", json=ORDER) as answer:
            # Dropped, it would close the connection.
            chunks = answer.aiter_bytes()
            await anext(chunks)
            await eventually(lambda: documents(flow), what="the document")

        async def gone() -> bool:
            return not await documents(flow)

        await eventually(gone, what="the end of the document")
