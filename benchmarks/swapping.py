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
from benchmarks.recorder import Recorder, most
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


def run(recorder: Recorder, sentences: int = 50_000, engine: str = "marking") -> None:
    """Measure what came of a change when two fifths were done."""
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
    recorder.add(
        "until the other model is in use", used - changed, "s", note=f"{len(records):,} translations in {seconds:.0f} s"
    )
    _report(recorder, records, sentences // _DOCUMENTS, first, second, (changed, used))


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
    recorder: Recorder,
    records: Iterable[tuple[float, Translation]],
    each: int,
    first: str,
    second: str,
    change: tuple[float, float],
) -> None:
    times = [at for at, _ in records]
    gaps = [(after - before, before) for before, after in pairwise(times)]
    near = [gap for gap, at in gaps if change[0] - 1 <= at <= change[1] + 5]
    recorder.add("longest pause around the change", max(near), "s")
    recorder.add("longest pause in all", max(gap for gap, _ in gaps), "s")
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
    note = f"{by[first]} with the first alone, {by[second]} with the second alone"
    recorder.add("documents with both models", by[f"{first}+{second}"], aim=most(0), note=note)
    for name, count in (("lost", lost), ("twice", twice), ("flagged or failed", flagged), ("changed", wrong)):
        recorder.add(f"sentences {name}", count, aim=most(0))
