"""One translator with several models: more than its memory holds, ways over English, and several pairs in one model."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import translator.__main__ as translator_main
from pipeline.events import Translation, decode
from pipeline.metrics import MODEL_LOADS, MODEL_UNLOADS, MODELS_LOADED
from pipeline.roster import name_of
from pipeline.settings import StoreSettings
from tests import models as small
from tests.conftest import MODELS
from tests.integration.flow import Flow, run_flow
from tests.waiting import eventually
from translator.models.pulling import Wish, pull

TEXT = "Der Hund schläft vor dem Haus. Die Katze sitzt auf dem Dach.\n\nSiehe https://a.de/hund?x=1 und {name}. " * 4
SENTENCES = 12

Pairs = Sequence[tuple[str, str]]
Start = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    """A pipeline without translators."""
    async with run_flow(settings, ("segmenter", "sink", "api")) as running:
        yield running


def write(folder: Path, name: str, pairs: Pairs) -> None:
    """Put a copy of the bundled model into a folder of models, for other pairs of languages."""
    inner = folder / name
    inner.mkdir(parents=True)
    (inner / "ctranslate2").symlink_to(MODELS / "de-en" / "ctranslate2")
    description = {"name": name, "revision": "1", "pairs": pairs, "max_tokens": 120, "ctranslate2": "ctranslate2"}
    (inner / "model.json").write_text(json.dumps(description))


@asynccontextmanager
async def translating(flow: Flow, settings: StoreSettings, folder: Path, **more: Any) -> AsyncIterator[None]:
    """Run a translator with the models in a folder."""
    stop = asyncio.Event()
    own = translator_main.TranslatorSettings(**settings.model_dump(), models=folder, threads=1, **more)
    running = asyncio.create_task(translator_main.run(own, stop))

    async def ready() -> bool:
        if running.done():
            await running
        return bool((await flow.http.get("/v1/pipeline")).json()["translators"])

    try:
        await eventually(ready, within=60, what="a translator")
        yield
    finally:
        stop.set()
        await running


async def submit(flow: Flow, name: str, source: str, target: str, **more: str) -> None:
    body = {"id": name, "text": TEXT, "source": source, "target": target, **more}
    answer = await flow.http.post("/v1/documents", json=body)
    assert answer.status_code == 202, answer.text


async def made(flow: Flow) -> dict[str, list[Translation]]:
    """Return all translations by document."""
    topic = flow.topics.translations
    found: dict[str, list[Translation]] = {}
    for record in await flow.records(topic, await flow.count(topic)):
        one = decode(Translation, record.value)
        found.setdefault(one.document, []).append(one)
    return found


async def test_more_models_than_memory_and_a_pair_over_english(
    flow: Flow, settings: StoreSettings, tmp_path: Path
) -> None:
    write(tmp_path, "de-en", [("de", "en")])
    write(tmp_path, "en-fr", [("en", "fr")])
    write(tmp_path, "not-served", [("it", "en")])
    expected = {
        ("de", "en"): ("de-en@1", None),
        ("en", "fr"): ("en-fr@1", None),
        ("de", "fr"): ("de-en@1+en-fr@1", "en"),
    }
    # Less than any process has: each is loaded alone.
    async with translating(flow, settings, tmp_path, model_memory=1, served="de-en,en-fr@1"):
        listed = (await flow.http.get("/v1/pairs")).json()["pairs"]
        assert {(one["source"], one["target"]): (one["models"][0], one["pivot"]) for one in listed} == expected
        assert all(len(one["models"]) == 1 for one in listed)
        languages = {one["code"]: one["targets"] for one in (await flow.http.get("/languages")).json()}
        assert languages["de"] == ["de", "en", "fr"]
        before = [metric.labels("de-en@1")._value.get() for metric in (MODEL_LOADS, MODEL_UNLOADS)]

        for number in range(3):
            for source, target in expected:
                await submit(flow, f"{source}-{target}-{number}", source, target)
        # Of the document in a query, a plus comes as a space.
        query = "/v1/documents?id=asked&target=fr&model=de-en+en-fr"
        answer = await flow.http.post(query, content=TEXT.encode(), headers={"Content-Type": "text/plain"})
        assert answer.status_code == 202, answer.text
        # What the other programs' clients see: French on offer, and tags around their words.
        page = {
            "text": ["<p>Der <b>Hund</b> schläft.</p>"],
            "source_lang": "DE",
            "target_lang": "FR",
            "tag_handling": "html",
        }
        answer = await flow.http.post("/v2/translate", json=page)
        assert answer.status_code == 200, answer.text
        assert re.fullmatch(r"<p>.*<b>\w+</b>.*</p>", answer.json()["translations"][0]["text"])
        names = [
            (f"{source}-{target}-{number}", (source, target)) for source, target in expected for number in range(3)
        ]
        for name, pair in [*names, ("asked", ("de", "fr"))]:
            status = await flow.done(name, within=120)
            assert (status["model"], status["pivot"]) == expected[pair]
            assert status["sentences"]["translated"] == SENTENCES
            assert status["sentences"]["failed"] == 0
        after = [metric.labels("de-en@1")._value.get() for metric in (MODEL_LOADS, MODEL_UNLOADS)]
        assert all(later > earlier for earlier, later in zip(before, after, strict=True))
        assert MODELS_LOADED._value.get() == 1

    sentences = await made(flow)
    for name, pair in names:
        model, pivot = expected[pair]
        assert len(sentences[name]) == SENTENCES
        for one in sentences[name]:
            assert one.model == model
            assert ("pivot" in one.flags) is (pivot is not None)
            assert "model" not in one.flags
    # What is kept went through both.
    text = (await flow.text("de-fr-0")).decode()
    assert text.count("https://a.de/hund?x=1") == text.count("{name}") == 4
    assert await flow.count(flow.topics.dead_letters) == 0


async def test_a_model_of_several_pairs_serves_each_of_them(
    flow: Flow, settings: StoreSettings, tmp_path: Path
) -> None:
    pairs = [("de", "en"), ("fr", "en"), ("de", "es"), ("de", "pt-BR"), ("de", "zh")]
    write(tmp_path, "several", pairs)
    async with translating(flow, settings, tmp_path, pivot="none"):
        for source, target in pairs:
            await submit(flow, f"{source}-{target}", source, target)
        refused = await flow.http.post("/v1/documents", json={"text": "Ja.", "source": "fr", "target": "es"})
        assert refused.status_code == 422
        # The same language elsewhere will do, another script will not.
        for target, status_code in (("PT-PT", 200), ("pt", 200), ("ZH-HANS", 200), ("ZH-HANT", 400), ("zh-TW", 400)):
            page = {"text": ["Der Hund schläft."], "source_lang": "DE", "target_lang": target}
            answer = await flow.http.post("/v2/translate", json=page)
            assert answer.status_code == status_code, (target, answer.text)
        for source, target in pairs:
            status = await flow.done(f"{source}-{target}", within=60)
            assert (status["model"], status["pivot"]) == ("several@1", None)
    found = await made(flow)
    for source, target in pairs:
        sentences = found[f"{source}-{target}"]
        assert {(one.source, one.target, one.model, one.failed) for one in sentences} == {
            (source, target, "several@1", False)
        }
        assert len(sentences) == SENTENCES
    assert await flow.count(flow.topics.dead_letters) == 0


async def test_models_as_they_are_pulled_serve_five_pairs_and_one_over_english(
    flow: Flow, settings: StoreSettings, tmp_path: Path
) -> None:
    """Two of one pair each and one of many languages, with random weights: what they say is nothing, whose it is counts."""

    def bring() -> None:
        pull(str(small.marian(tmp_path / "a", seed=1)), tmp_path / "models", Wish("first", (("de", "en"),)))
        pull(str(small.marian(tmp_path / "b", seed=2)), tmp_path / "models", Wish("second", (("en", "fr"),)))
        many = (("de", "es"), ("es", "fr"), ("fr", "es"))
        pull(str(small.nllb(tmp_path / "c")), tmp_path / "models", Wish("many", many))

    await asyncio.to_thread(bring)
    names = {
        "de-en": "first",
        "en-fr": "second",
        "de-es": "many",
        "es-fr": "many",
        "fr-es": "many",
        "de-fr": "first+second",
    }
    async with translating(flow, settings, tmp_path / "models", model_memory=1):
        listed = (await flow.http.get("/v1/pairs")).json()["pairs"]
        # Spanish is left to the model that translates it directly; nothing goes into English from it.
        assert {f"{one['source']}-{one['target']}": name_of(one["models"][0]) for one in listed} == names
        for pair in names:
            await submit(flow, pair, *pair.split("-"))
        for pair, name in names.items():
            status = await flow.done(pair, within=120)
            assert name_of(status["model"]) == name
            assert status["pivot"] == ("en" if "+" in name else None)
            assert (status["sentences"]["translated"], status["sentences"]["failed"]) == (SENTENCES, 0)
    texts = {pair: await flow.text(pair) for pair in names}
    # The same text, told by its token alone that it is to become another language, becomes something else.
    assert len(set(texts.values())) == len(names)
    for pair, sentences in (await made(flow)).items():
        assert {(f"{one.source}-{one.target}", name_of(one.model), "pivot" in one.flags) for one in sentences} == {
            (pair, names[pair], "+" in names[pair])
        }
    assert await flow.count(flow.topics.dead_letters) == 0


async def test_a_pair_over_english_without_topics_of_its_own_reaches_the_translator_that_has_it(
    flow: Flow, settings: StoreSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translator_main, "_FEW", 0)
    write(tmp_path, "de-en", [("de", "en")])
    write(tmp_path, "en-fr", [("en", "fr")])
    async with translating(flow, settings, tmp_path, served="de-en"), translating(flow, settings, tmp_path):

        async def both() -> bool:
            overview = (await flow.http.get("/v1/pipeline")).json()
            return sorted(len(one["models"]) for one in overview["translators"]) == [1, 3]

        await eventually(both, within=60, what="both translators")
        for number in range(6):
            await submit(flow, f"over-{number}", "de", "fr")
            await submit(flow, f"direct-{number}", "de", "en")
        for number in range(6):
            assert (await flow.done(f"over-{number}", within=60))["pivot"] == "en"
            assert (await flow.done(f"direct-{number}", within=60))["pivot"] is None
    for sentences in (await made(flow)).values():
        assert len({one.index for one in sentences}) == SENTENCES
        assert not any(one.failed or "model" in one.flags for one in sentences)
    assert await flow.count(flow.topics.dead_letters) == 0
