"""What a document and a sentence take of every process, and whether the model of docs/capacity.md says so of other runs.

A book, many notes, and documents of some pages, with the identity engine, say together what each document and each sentence
take of all but the translators; these are measured with the bundled model. Then the documents of some pages are held against
what was found, those with the bundled model too, which had no part in it. All texts differ: nothing comes from the memory.
"""

import re
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec
import psutil
import pymongo

from benchmarks.pipelines import ROOT, pipeline
from benchmarks.planning import Cost, fit
from benchmarks.recorder import RESULTS, Recorder, Results
from satzstrom import Client

_STORY = (ROOT / "examples" / "immensee.txt").read_text(encoding="utf-8")
_LONG_WORD = re.compile(r"\b[a-zäöüß]{7,}\b")
_AT_ONCE = 8
_IDLE_SECONDS = 8.0
_SETTINGS = {"SATZSTROM_MEMORY": "all"}
ENGINE = "engine"
WITH_MODEL = "pages, bundled model"
_RUNS = ("book", "notes", "pages", WITH_MODEL)
_TOLD = ("pages", WITH_MODEL)
_OF_THE_MODEL = ("translator", ENGINE)


@dataclass(frozen=True, slots=True)
class Run:
    """What documents took: CPU seconds by process, bytes by server."""

    documents: int
    sentences: int
    characters: int
    cpu: dict[str, float]
    stored: dict[str, float]

    def predicted(self, costs: Mapping[str, Cost]) -> dict[str, float]:
        """Return what the model says that they take."""
        return {name: cost.of(self.documents, self.sentences) for name, cost in costs.items()}


class Observed:
    """A pipeline whose processes are looked at from outside."""

    def __init__(self, client: Client, state: Mapping[str, Any], texts: Iterator[str]) -> None:
        self._client = client
        self._texts = texts
        self._folder = Path(state["data"])
        self._mongodb: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(state["mongodb"])
        self._processes = {entry["name"]: psutil.Process(entry["pid"]) for entry in state["processes"]}
        self._at_rest: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._mongodb.close()

    def warm_up(self) -> None:
        """Send what is not measured, and see what processes take that have nothing to do."""
        self._send(next(self._texts) for _ in range(3))
        self._settle()
        before, began = self._cpu(), time.perf_counter()
        time.sleep(_IDLE_SECONDS)
        seconds = time.perf_counter() - began
        self._at_rest = {name: used / seconds for name, used in _more(before, self._cpu()).items()}

    def run(self, texts: Iterable[str]) -> Run:
        """Send documents, read each of them once, and return what all that took, whatever is done after its end included."""
        sent = list(texts)
        cpu, sizes, began = self._cpu(), self._sizes(), time.perf_counter()
        sentences = self._send(sent)
        self._settle()
        seconds = time.perf_counter() - began
        used = {
            name: max(0.0, found - self._at_rest[name] * seconds) for name, found in _more(cpu, self._cpu()).items()
        }
        return Run(len(sent), sentences, sum(map(len, sent)), used, _more(sizes, self._sizes()))

    def _send(self, texts: Iterable[str]) -> int:
        def through(text: str) -> int:
            name = self._client.submit(iter([text.encode()]))
            status = self._client.wait(name)
            assert status.state == "done", status
            for _ in self._client.text(name):
                pass
            return status.sentences.total

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return sum(pool.map(through, texts))

    def _settle(self) -> None:
        """Return when all documents can be searched and are in the memory."""
        documents = self._mongodb["satzstrom"]["documents"]
        open_ = {"$or": [{"unsearched.part": {"$gte": 0}}, {"unremembered.part": {"$gte": 0}}]}
        deadline = time.monotonic() + 120
        while documents.count_documents(open_, limit=1):
            assert time.monotonic() < deadline, "documents are not searchable after two minutes"
            time.sleep(0.5)

    def _cpu(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for name, process in self._processes.items():
            role = name.partition("-")[0]
            found[role] = found.get(role, 0) + sum(process.cpu_times()[:2])
            if role == "translator":
                engines = process.children(recursive=True)
                found[ENGINE] = found.get(ENGINE, 0) + sum(sum(one.cpu_times()[:2]) for one in engines)
        return found

    def _sizes(self) -> dict[str, float]:
        """Return what Kafka's logs hold, and what MongoDB's collections, indexes and oplog do."""
        subprocess.run(["sync"], check=True)  # noqa: S607 (the one on the path)
        logs = (self._folder / "kafka" / "data").glob("[!_]*/*.log")
        self._mongodb.admin.command("fsync")
        stats = self._mongodb["satzstrom"].command("dbStats")
        oplog = self._mongodb["local"].command("collStats", "oplog.rs")
        return {
            "kafka, bytes": sum(path.stat().st_size for path in logs),
            "mongodb, bytes of data": stats["dataSize"],
            "mongodb, bytes of indexes": stats["indexSize"],
            "mongodb, bytes on the disk": stats["storageSize"] + stats["indexSize"],
            "mongodb, bytes of oplog": oplog["size"],
        }


def different_texts() -> Iterator[str]:
    """Yield the same story again and again with other long words, so that no two of its sentences are alike."""
    for number in range(26**2):
        ending = "".join(chr(ord("a") + digit) for digit in divmod(number, 26))
        yield _LONG_WORD.sub(lambda found, ending=ending: f"{found.group()}{ending}", _STORY)  # type: ignore[misc]  # mypy does not know the default


def documents_of(text: str, characters: int, number: int) -> list[str]:
    """Cut a text at ends of paragraphs into so many documents of about so many characters."""
    found, part = [], ""
    for paragraph in text.split("\n\n"):
        part += f"{paragraph}\n\n"
        if len(part) >= characters:
            found.append(part)
            part = ""
    return found[:number]


def run(recorder: Recorder) -> None:
    """CPU seconds and bytes of a document and of a sentence, by process, and how far the model of them is off."""
    record(recorder, measure())


def record(recorder: Recorder, runs: Sequence[tuple[str, Run]]) -> None:
    """Keep what runs say, and how far the model is off for each of them."""
    costs = costs_of(dict(runs))
    for name, cost in sorted(costs.items()):
        unit, factor = ("bytes", 1.0) if "bytes" in name else ("ms", 1000.0)
        kind = name if "bytes" in name else f"{name}, CPU"
        recorder.add(f"{kind}, a document", factor * cost.document, unit)
        recorder.add(f"{kind}, a sentence", factor * cost.sentence, unit)
    for label, one in runs:
        said = one.predicted(costs)
        recorder.details[label] = {
            "documents": one.documents,
            "sentences": one.sentences,
            "measured": {**one.cpu, **one.stored},
            "reckoned": said,
        }
        for name, took in {**one.cpu, **one.stored}.items():
            # Of the translators one run alone was taken, which the model fits by itself.
            if label in _TOLD and took and name not in _OF_THE_MODEL:
                recorder.add(f"{label}: {name}, reckoned", 100 * (said[name] / took - 1), "% off")
    recorder.details["costs"] = {name: [cost.document, cost.sentence] for name, cost in costs.items()}


def costs_measured() -> dict[str, Cost]:
    """Return the costs as they were measured last. Raises `FileNotFoundError` if they never were."""
    found = msgspec.json.decode((RESULTS / "services.json").read_bytes(), type=Results)
    return {name: Cost(*cost) for name, cost in found.details["costs"].items()}


def measure(*, copies: int = 8, notes: int = 200, middling: int = 30) -> list[tuple[str, Run]]:
    """Return all runs by name."""
    texts = different_texts()
    with pipeline("identity", settings=_SETTINGS) as (client, state), Observed(client, state, texts) as observed:
        observed.warm_up()
        book = observed.run(["".join(next(texts) for _ in range(copies))])
        short = observed.run(_many(texts, 150, notes))
        pages = observed.run(_many(texts, 6_000, middling))
    with pipeline("ctranslate2", settings=_SETTINGS) as (client, state), Observed(client, state, texts) as observed:
        observed.warm_up()
        modelled = observed.run(_many(texts, 6_000, max(5, middling // 3)))
    return list(zip(_RUNS, (book, short, pages, modelled), strict=True))


def costs_of(runs: Mapping[str, Run]) -> dict[str, Cost]:
    """Return what the runs with the identity engine say, and of the translators what the one with a model does."""
    with_model = runs[WITH_MODEL]
    costs = _costs([run for name, run in runs.items() if name != WITH_MODEL], lambda one: {**one.cpu, **one.stored})
    # What a translator does around its engine depends on what a model makes.
    return costs | _costs([with_model], lambda one: {name: one.cpu[name] for name in _OF_THE_MODEL})


def _costs(runs: Sequence[Run], took: Callable[[Run], dict[str, float]]) -> dict[str, Cost]:
    return {name: fit([(run.documents, run.sentences, took(run)[name]) for run in runs]) for name in took(runs[0])}


def _many(texts: Iterator[str], characters: int, number: int) -> list[str]:
    found: list[str] = []
    while len(found) < number:
        found += documents_of(next(texts), characters, number - len(found))
    return found


def _more(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: after[name] - found for name, found in before.items()}
