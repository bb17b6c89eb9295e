"""What a translation memory of a million sentences takes to answer, on a MongoDB of its own."""

import asyncio
import itertools
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.recorder import Recorder, most, quantiles
from embedded.mongodb import MongoDB
from pipeline.settings import StoreSettings
from store.collections import Collections, connect
from store.driver import Entry
from store.memory.finding import MemoryFinder, Wanted
from store.memory.keeping import MemoryKeeper
from store.memory.matching import MemoryMatcher
from store.memory.units import Unit, entry_of
from store.ownership import Ownership
from store.schema import Schema

_PAIR = ("de", "en")
_OWNER = Ownership("benchmark", everything=False)
_PART = 400
"""Sentences of a part of 64 KiB."""
_SYLLABLES = (
    "ab an auf be ber chen da der die ein en er fer ge gen haus hei ig in keit ken la lich lung ma mer mit nach nis ord "
    "pflicht rung sam schaft sel sten stell te ter tra trag tung um un ver vor wer wir zei zu"
)


class Text:
    """Sentences of German-like words: as often as Zipf says, the frequent ones short, in the lengths of real sentences."""

    def __init__(self, seed: int, vocabulary: int = 200_000) -> None:
        self._random = random.Random(seed)  # noqa: S311 (made to be the same again)
        syllables = _SYLLABLES.split()
        seen: dict[str, None] = {}
        while len(seen) < vocabulary:
            # The hundred most frequent have one syllable, then come two; the rare ones are compounds.
            most = 1 if len(seen) < 40 else 2 if len(seen) < 1000 else 6
            length = most if most < 3 else self._random.randint(3, most)
            seen["".join(self._random.choices(syllables, k=length))] = None
        self._words = list(seen)
        self._weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(self._words))))

    def words(self, number: int) -> list[str]:
        """Return words as they come in a text."""
        return self._random.choices(self._words, cum_weights=self._weights, k=number)

    def sentence(self) -> str:
        """Return a sentence of 3 to 60 words, 14 as a rule; one in eight has a figure."""
        found = self.words(max(3, min(60, round(self._random.lognormvariate(2.5, 0.55)))))
        if self._random.random() < 0.125:
            found[self._random.randrange(len(found))] = str(self._random.randint(2, 2500))
        return " ".join(found).capitalize() + "."

    def changed(self, sentence: str) -> str:
        """Return a sentence with a word in seven exchanged."""
        words = sentence[:-1].split()
        for _ in range(max(1, len(words) // 7)):
            words[self._random.randrange(len(words))] = self.words(1)[0]
        return " ".join(words) + "."


def run(recorder: Recorder, entries: int = 1_000_000) -> None:
    """Measure how long it takes to fill a memory, and to look sentences up in it."""
    asyncio.run(_run(recorder, entries))


async def _run(recorder: Recorder, entries: int) -> None:
    text = Text(1)
    sample: list[str] = []
    async with _store() as collections:
        await _saving(recorder, collections, text)
        await collections.memory.delete_many({})
        # Far faster than saving, whose indexes are there: a million would take a quarter of an hour.
        await collections.memory.drop_indexes()
        begin = time.perf_counter()
        there: set[str] = set()
        while len(there) < entries:
            # Short ones come again and again; a memory has each once.
            sentences = list({text.sentence() for _ in range(5000)} - there)
            there.update(sentences)
            sample += sentences[::50]
            await collections.memory.insert_many([_entry(one) for one in sentences], ordered=False)
        await Schema(collections).create_indexes()
        took = time.perf_counter() - begin
        sizes = await collections.database.command("collstats", "memory")
        recorder.add("filled", took, "s", note=f"{entries:,} units, indexes made afterwards")
        recorder.add("on disk, a unit", sizes["storageSize"] / entries, "bytes")
        recorder.add("indexes, a unit", sizes["totalIndexSize"] / entries, "bytes")
        await _look_up(recorder, collections, text, sample)


async def _saving(recorder: Recorder, collections: Collections, text: Text) -> None:
    units = [_unit(text.sentence()) for _ in range(5000)]
    keeper = MemoryKeeper(collections)
    begin = time.perf_counter()
    for start in range(0, len(units), 1000):
        await keeper.save(_OWNER, units[start : start + 1000])
    recorder.add("saved, a thousand at a time", len(units) / (time.perf_counter() - begin), "units/s")


async def _look_up(recorder: Recorder, collections: Collections, text: Text, sample: Sequence[str]) -> None:
    finder, matcher = MemoryFinder(collections), MemoryMatcher(collections)
    chance = random.Random(2)  # noqa: S311 (as above)
    parts: list[float] = []
    found = 0
    for _ in range(50):
        # A second edition: one sentence in twenty is another.
        sentences = [text.sentence() if chance.random() < 0.05 else chance.choice(sample) for _ in range(_PART)]
        begin = time.perf_counter()
        hits = await finder.find(_OWNER, _PAIR, [Wanted(one) for one in sentences], model="m@1")
        parts.append((time.perf_counter() - begin) / _PART)
        found += sum(hit is not None for hit in hits)
    _show(recorder, "exact, a sentence of a part", parts, 5, f"{found / 50 / _PART:.0%} found")
    for name, make, aim in _SINGLE:
        times, liked = [], 0
        for _ in range(400):
            wanted = make(text, chance.choice(sample))
            begin = time.perf_counter()
            liked += bool(await matcher.like(_OWNER, _PAIR, wanted))
            times.append(time.perf_counter() - begin)
        _show(recorder, name, times, aim, f"{liked / 400:.0%} found")


_SINGLE: list[tuple[str, Callable[[Text, str], str], float]] = [
    ("fuzzy, one word in seven changed", Text.changed, 50),
    ("fuzzy, of sentences that are new", lambda text, _: text.sentence(), 50),
]


def _show(recorder: Recorder, name: str, times: list[float], aim: float, found: str) -> None:
    shares = quantiles(times)
    recorder.add(f"{name}, p50", 1000 * shares[50], "ms", note=found)
    recorder.add(f"{name}, p95", 1000 * shares[95], "ms", aim=most(aim))


def _entry(text: str) -> Entry:
    return entry_of(_OWNER, _unit(text), datetime.now(UTC))


def _unit(text: str) -> Unit:
    return Unit(source="de", target="en", text=text, translation=text.upper())


@asynccontextmanager
async def _store() -> AsyncIterator[Collections]:
    with tempfile.TemporaryDirectory() as folder:
        mongodb = MongoDB(Path(folder) / "data", Path(folder) / "logs", set())
        child = mongodb.prepare()
        running = asyncio.create_task(child.run(lambda: None))
        try:
            await mongodb.initiate()
            async with await connect(StoreSettings(mongodb=mongodb.uri, database="memory")) as collections:
                yield collections
        finally:
            await child.stop(10)
            await running
