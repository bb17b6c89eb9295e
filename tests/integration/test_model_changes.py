"""Models change while documents go through a running translator: nothing stops, nothing is mixed, nothing is lost."""

import asyncio
import json
import shutil
import struct
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import translator.__main__ as translator_main
from pipeline.events import DocumentPart, Translation, decode, encode
from pipeline.settings import StoreSettings
from tests.conftest import MODELS
from tests.integration.flow import Flow, run_flow
from tests.waiting import eventually
from translator.models import routes

SENTENCE = "Der Hund schläft vor dem Haus. "


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    """A pipeline without translators."""
    async with run_flow(settings, ("segmenter", "sink", "api")) as running:
        yield running


@asynccontextmanager
async def translating(settings: StoreSettings, models: Path, **more: Any) -> AsyncIterator[None]:
    stop = asyncio.Event()
    own = translator_main.TranslatorSettings(**settings.model_dump(), models=models, threads=1, **more)
    running = asyncio.create_task(translator_main.run(own, stop))
    try:
        yield
    finally:
        stop.set()
        await running


def put_model(folder: Path, revision: str) -> Path:
    """Put a copy of the bundled model under another revision, whole at once."""
    made = folder / f".de-en@{revision}"
    shutil.copytree(MODELS / "de-en" / "ctranslate2", made / "ctranslate2")
    text = {"name": "de-en", "revision": revision, "source": "de", "target": "en", "max_tokens": 120}
    (made / "model.json").write_text(json.dumps(text | {"ctranslate2": "ctranslate2"}))
    return made


def offer(made: Path) -> None:
    made.rename(made.with_name(made.name.removeprefix(".")))


async def told(flow: Flow) -> dict[str, Any]:
    """Return what the only translator says of its models: those in use, those offered, what was refused."""
    found = (await flow.http.get("/v1/models")).json()["translators"]
    if len(found) != 1:
        return {"used": None, "offered": [], "refused": {}}
    models = found[0]["models"]
    return {
        "used": next((one["id"] for one in models for pair in one["pairs"] if pair["preferred"]), None),
        "offered": sorted(one["id"] for one in models),
        "refused": {one["id"]: one["reason"] for one in found[0]["refused"]},
    }


async def using(flow: Flow, model: str) -> None:
    async def check() -> bool:
        return bool((await told(flow))["used"] == model)

    await eventually(check, within=60, what=f"{model} in use")


async def refusing(flow: Flow, model: str) -> str:
    async def check() -> str | None:
        reason: str | None = (await told(flow))["refused"].get(model)
        return reason

    return await eventually(check, within=60, what=f"{model} refused")


async def submit(flow: Flow, name: str, sentences: int, **more: Any) -> str:
    body = {"id": name, "text": SENTENCE * sentences, **more}
    answer = await flow.http.post("/v1/documents", json=body)
    assert answer.status_code == 202, answer.text
    return name


async def put_part(flow: Flow, name: str, number: int, *, last: bool) -> None:
    path = f"/v1/documents/{name}/parts/{number}"
    answer = await flow.http.put(
        path, params={"last": last}, content=SENTENCE * 100, headers={"Content-Type": "text/plain"}
    )
    assert answer.is_success, answer.text


async def translations(flow: Flow) -> dict[str, list[Translation]]:
    topic = flow.topics.translations
    found: dict[str, list[Translation]] = defaultdict(list)
    for record in await flow.records(topic, await flow.count(topic)):
        made = decode(Translation, record.value)
        found[made.document].append(made)
    return found


async def test_a_change_in_the_middle_of_thousands_of_sentences(
    flow: Flow, settings: StoreSettings, tmp_path: Path
) -> None:
    routes.use(tmp_path, "de", "en", "marking@1")
    async with translating(settings, tmp_path, engine="marking", identity_batch_seconds=0.01):
        await using(flow, "marking@1")
        before = [await submit(flow, f"before-{number}", 600) for number in range(4)]
        before.append(await submit(flow, "told-by-the-text", 600, source="auto"))
        parts = [DocumentPart(id="raw", text=SENTENCE * 100, part=number, last=number == 3) for number in range(4)]
        for part in parts[:2]:
            await flow.put(encode(part), key=b"raw")
        await put_part(flow, "upload", 0, last=False)
        # Begun is what the segmenter has read.
        await flow.consumed(flow.topics.documents, "segmenter")
        routes.use(tmp_path, "de", "en", "marking@2")
        answer = await flow.http.post("/v1/models/reload")
        assert answer.status_code == 202
        assert len(answer.json()["translators"]) == 1
        await using(flow, "marking@2")
        for part in parts[2:]:
            await flow.put(encode(part), key=b"raw")
        await put_part(flow, "upload", 1, last=True)
        after = [await submit(flow, f"after-{number}", 100) for number in range(2)]
        free = await submit(flow, "free", 100, model="current")
        asked = await submit(flow, "asked", 100, model="marking@1")
        for name in (*before, "raw", "upload", *after, free, asked):
            await flow.done(name, within=120)
        made = await translations(flow)
        for name in (*before, "raw", "upload", asked):
            assert {one.model for one in made[name]} == {"marking@1"}, name
        for name in (*after, free):
            assert {one.model for one in made[name]} == {"marking@2"}, name
        counts = {name: len({(one.part, one.index) for one in found}) for name, found in made.items()}
        expected = dict.fromkeys(before, 600) | dict.fromkeys((*after, free, asked), 100)
        assert counts == expected | {"raw": 400, "upload": 200}
        assert not any(one.flags or one.failed for found in made.values() for one in found)
    assert await flow.count(flow.topics.dead_letters) == 0


async def test_a_broken_model_changes_nothing_and_a_good_one_does(
    flow: Flow, settings: StoreSettings, tmp_path: Path
) -> None:
    offer(put_model(tmp_path, "1"))
    async with translating(settings, tmp_path):
        await using(flow, "de-en@1")

        cut = put_model(tmp_path, "2")
        weights = cut / "ctranslate2" / "model.bin"
        weights.write_bytes(weights.read_bytes()[:100_000])
        offer(cut)
        routes.use(tmp_path, "de", "en", "de-en@2")
        assert "de-en@2" in await refusing(flow, "de-en@2")

        noise = put_model(tmp_path, "3")
        scramble(noise / "ctranslate2")
        offer(noise)
        routes.use(tmp_path, "de", "en", "de-en@3")
        assert await refusing(flow, "de-en@3")
        assert (await told(flow))["used"] == "de-en@1"
        name = await submit(flow, "through", 20)
        await flow.done(name)
        assert {one.model for one in (await translations(flow))[name]} == {"de-en@1"}

        offer(put_model(tmp_path, "4"))
        routes.use(tmp_path, "de", "en", "de-en@4")
        await using(flow, "de-en@4")
        name = await submit(flow, "new", 20)
        await flow.done(name)
        assert {one.model for one in (await translations(flow))[name]} == {"de-en@4"}
    # What is broken stays out of use when a translator starts with it, too.
    routes.use(tmp_path, "de", "en", "de-en@3")
    async with translating(settings, tmp_path):
        await using(flow, "de-en@1")
        assert "de-en@3" in (await told(flow))["refused"]


def scramble(folder: Path) -> None:
    """Give a model other weights: as one that was never trained, in a file that loads. Names, shapes and scales stay."""
    path = folder / "model.bin"
    content = bytearray(path.read_bytes())
    random = np.random.default_rng(1)
    place = 4

    def take(form: str) -> int:
        nonlocal place
        (value,) = struct.unpack_from(f"<{form}", content, place)
        place += struct.calcsize(form)
        return int(value)

    def skip(size: int) -> None:
        nonlocal place
        place += size

    # The version stands in front, then name and revision of the kind of model; a text is its length and its characters.
    skip(take("H"))
    take("I")
    for _ in range(take("I")):
        skip(take("H"))
        dimensions = [take("I") for _ in range(take("B"))]
        kind, size = take("B"), take("I")
        if len(dimensions) > 1 and kind == 1:
            content[place : place + size] = random.integers(-127, 128, size, dtype=np.int8).tobytes()
        skip(size)
    path.write_bytes(bytes(content))
