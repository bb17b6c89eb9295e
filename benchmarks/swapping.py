"""A model is changed in the middle of 50,000 sentences: the longest pause, and what was mixed, lost or stamped wrongly.

With the engine that marks sentences, so that a translation shows which sentence it is of; or with another, which then has
two copies of the bundled model under different revisions.
"""

import asyncio
import json
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from benchmarks.pipelines import ROOT, pipeline
from pipeline.consumers import started
from pipeline.events import Translation, decode
from pipeline.kafka import KafkaClients
from pipeline.settings import KafkaSettings
from satzstrom import Client
from translator.models import routes

_SENTENCE = "Der Hund Nummer {} schläft heute vor dem Haus. "
_DOCUMENTS = 50
# Documents under way at the same time: so many that translators never wait for one.
_AHEAD = 6


def run(sentences: int = 50_000, engine: str = "marking") -> None:
    """Print what came of a change when two fifths were done."""
    with tempfile.TemporaryDirectory(prefix="satzstrom-bench-models-") as made:
        models = Path(made)
        first, second = _models(models, engine)
        settings = {"SATZSTROM_MODELS": str(models), "SATZSTROM_IDENTITY_BATCH_SECONDS": "0.01"}
        with pipeline(engine, translators=2, settings=settings) as (client, state):
            _await_use(state["api"], first)
            began = time.time()
            changed, used = _send(client, state["api"], models, second, sentences)
            for number in range(_DOCUMENTS):
                client.wait(f"d{number}")
            seconds = time.time() - began
            records = asyncio.run(_records(state["kafka"]))
    print(
        f"{len(records)} translations in {seconds:.0f} s; {second} in use {used - changed:.1f} s after the table was changed"
    )
    _report(records, sentences // _DOCUMENTS, first, second, (changed, used))


def _models(folder: Path, engine: str) -> tuple[str, str]:
    name = "marking" if engine == "marking" else "de-en"
    if engine != "marking":
        for revision in ("1", "2"):
            inner = folder / f"{name}@{revision}"
            inner.mkdir()
            (inner / "ctranslate2").symlink_to(ROOT / "models" / "de-en" / "ctranslate2")
            text = {"name": name, "revision": revision, "source": "de", "target": "en", "max_tokens": 120}
            (inner / "model.json").write_text(json.dumps(text | {"ctranslate2": "ctranslate2"}))
    routes.use(folder, "de", "en", f"{name}@1")
    return f"{name}@1", f"{name}@2"


def _send(client: Client, api: str, models: Path, second: str, sentences: int) -> tuple[float, float]:
    """Send all documents, and return when the table was changed, and when all translators used the other model."""
    changed = used = 0.0
    for number in range(_DOCUMENTS):
        if number >= _AHEAD:
            client.wait(f"d{number - _AHEAD}")
        if number == _DOCUMENTS * 2 // 5:
            changed = time.time()
            routes.use(models, "de", "en", second)
        if changed and not used and second in _in_use(api) and len(set(_in_use(api))) == 1:
            used = time.time()
        texts = (_SENTENCE.format(place) for place in range(sentences // _DOCUMENTS))
        client.submit("".join(texts), document=f"d{number}")
    return changed, used or _await_use(api, second)


def _in_use(api: str) -> list[str]:
    found: list[dict[str, Any]] = httpx.get(f"{api}/v1/models").json()["translators"]
    return [model["id"] for one in found for model in one["models"] for pair in model["pairs"] if pair["preferred"]]


def _await_use(api: str, model: str) -> float:
    while _in_use(api) != [model] * 2:
        time.sleep(0.1)
    return time.time()


async def _records(kafka: str) -> list[tuple[float, Translation]]:
    """Return all translations, and when Kafka took each."""
    from aiokafka import TopicPartition

    clients = KafkaClients.of(KafkaSettings(kafka=kafka))
    found: list[tuple[float, Translation]] = []
    consumer = clients.consumer()
    async with started(consumer):
        places = [TopicPartition("translations", number) for number in range(8)]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [(record.timestamp / 1000, decode(Translation, record.value)) for record in records]
    return sorted(found, key=lambda one: one[0])


def _report(
    records: Iterable[tuple[float, Translation]], each: int, first: str, second: str, change: tuple[float, float]
) -> None:
    times = [at for at, _ in records]
    gaps = [(after - before, before) for before, after in pairwise(times)]
    near = [gap for gap, at in gaps if change[0] - 1 <= at <= change[1] + 5]
    print(f"longest pause: {max(near):.2f} s around the change, {max(gap for gap, _ in gaps):.2f} s in all")
    models: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[str, set[tuple[int, int]]] = defaultdict(set)
    flagged = wrong = 0
    for _, one in records:
        models[one.document][one.model] += 1
        places[one.document].add((one.part, one.index))
        flagged += bool(one.flags or one.failed)
        wrong += first.startswith("marking") and not (one.text.startswith("⟦Der Hund") and one.text.endswith("⟧"))
    by = Counter("+".join(sorted(found)) for found in models.values())
    lost = sum(each - len(found) for found in places.values()) + each * (_DOCUMENTS - len(places))
    twice = sum(sum(found.values()) for found in models.values()) - sum(map(len, places.values()))
    print(
        f"documents: {by[first]} with {first} alone, {by[second]} with {second} alone, {by[f'{first}+{second}']} with both"
    )
    print(f"sentences: {lost} lost, {twice} twice, {flagged} flagged or failed, {wrong} that are not what was sent")
