"""Translators with different models side by side, and their upgrades, with copies of the bundled model under other names."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

import translator.__main__ as translator_main
from pipeline.events import DocumentPart, Translation, decode, encode
from pipeline.settings import StoreSettings
from tests.conftest import MODELS
from tests.integration.flow import Flow, run_flow
from tests.waiting import eventually

TEXT = "Der Hund schläft vor dem Haus. Die Katze sitzt auf dem Dach. " * 20
SENTENCES = 40

Start = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
def settings(settings: StoreSettings) -> StoreSettings:
    """So short that a test sees what becomes of sentences whose model does not come back: four announcements."""
    return settings.model_copy(update={"model_kept": 8.0})


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    """A pipeline without translators."""
    async with run_flow(settings, ("segmenter", "sink", "api")) as running:
        yield running


@pytest.fixture
def start(settings: StoreSettings, tmp_path: Path) -> Start:
    """Return what runs a translator with models, each `source-target@revision`, until its block ends."""
    made = iter(range(100))

    @asynccontextmanager
    async def run(*models: str) -> AsyncIterator[None]:
        folder = tmp_path / f"models-{next(made)}"
        for model in models:
            name, _, revision = model.partition("@")
            source, target = name.split("-")
            inner = folder / name
            inner.mkdir(parents=True)
            (inner / "ctranslate2").symlink_to(MODELS / "de-en" / "ctranslate2")
            description = {"name": name, "revision": revision, "source": source, "target": target, "max_tokens": 120}
            (inner / "model.json").write_text(json.dumps(description | {"ctranslate2": "ctranslate2"}))
        stop = asyncio.Event()
        own = translator_main.TranslatorSettings(**settings.model_dump(), models=folder, threads=1)
        running = asyncio.create_task(translator_main.run(own, stop))
        try:
            yield
        finally:
            stop.set()
            await running

    return run


async def offered(flow: Flow, *models: str) -> None:
    """Wait until so many translators run, with these models."""

    async def check() -> bool:
        overview = (await flow.http.get("/v1/pipeline")).json()
        return sorted(model for one in overview["translators"] for model in one["models"]) == sorted(models)

    await eventually(check, within=30, what=f"translators with {models}")


async def submit(flow: Flow, number: int, source: str, model: str | None = None) -> str:
    """Submit a document, every other one over HTTP, the others straight onto Kafka; return its id."""
    name = f"{source}-{number}"
    part = DocumentPart(id=name, text=TEXT, source=source, model=model, memory="-")
    if number % 2:
        await flow.put(encode(part), key=name.encode())
    else:
        # The same text each time: it is to be translated each time.
        body = {"id": name, "text": TEXT, "source": source, "model": model, "memory": "off"}
        answer = await flow.http.post("/v1/documents", json={key: value for key, value in body.items() if value})
        assert answer.status_code == 202, answer.text
    return name


async def models_of(flow: Flow, document: str) -> set[tuple[str, bool, bool]]:
    """Wait until a document is done, and return by which models its sentences were made, whether failed, whether flagged."""
    status = await flow.done(document, within=60)
    assert status["sentences"]["total"] == status["sentences"]["translated"] == SENTENCES
    topic = flow.topics.translations
    made = [decode(Translation, record.value) for record in await flow.records(topic, await flow.count(topic))]
    return {(one.model, one.failed, "model" in one.flags) for one in made if one.document == document}


async def test_a_pair_whose_only_translator_restarts_waits_while_others_work(flow: Flow, start: Start) -> None:
    async with start("de-en@1"):
        async with start("fr-en@1"):
            await offered(flow, "de-en@1", "fr-en@1")
            first = [await submit(flow, number, source) for number in range(4) for source in ("de", "fr")]
            for name in first:
                assert await models_of(flow, name) == {(f"{name[:2]}-en@1", False, False)}
        # The French one is gone, and more than `ALIVE_FOR` passes until the next one has come.
        await offered(flow, "de-en@1")
        during = [await submit(flow, number, source) for number in range(4, 8) for source in ("de", "fr")]
        for name in (name for name in during if name.startswith("de")):
            await models_of(flow, name)
        assert (await flow.http.get("/v1/documents/fr-4")).json()["state"] != "done"
        async with start("fr-en@1"):
            for name in during:
                assert await models_of(flow, name) == {(f"{name[:2]}-en@1", False, False)}
    assert await flow.count(flow.topics.dead_letters) == 0


async def test_a_rolling_upgrade_under_load(flow: Flow, start: Start) -> None:
    numbers = iter(range(1000))
    send = partial(submit, flow, source="de")

    async def some(*models: str | None) -> dict[str, str | None]:
        return {await send(next(numbers), model=model): model for model in models for _ in range(2)}

    async with start("de-en@2"):
        async with start("de-en@1"):
            await offered(flow, "de-en@1", "de-en@2")
            both = await some(None, "de-en", "de-en@1", "de-en@2")
            for name, model in both.items():
                made = await models_of(flow, name)
                assert made <= {("de-en@1", False, False), ("de-en@2", False, False)}
                if model in ("de-en@1", "de-en@2"):
                    assert made == {(model, False, False)}
            late = await some(None, "de-en@1")
        # Half-way or not begun: the old revision ends, and does not come back.
        for name in late:
            made = await models_of(flow, name)
            assert made <= {("de-en@1", False, False), ("de-en@2", False, False), ("de-en@2", False, True)}
    assert await flow.count(flow.topics.dead_letters) == 0


async def test_what_waits_before_any_translator_runs_gets_to_the_right_one(flow: Flow, start: Start) -> None:
    names = [await submit(flow, number, source) for number in range(2) for source in ("de", "fr")]
    await flow.consumed(flow.topics.documents, "segmenter")
    async with start("de-en@1"), start("fr-en@1"):
        for name in names:
            assert await models_of(flow, name) == {(f"{name[:2]}-en@1", False, False)}
    assert await flow.count(flow.topics.dead_letters) == 0
