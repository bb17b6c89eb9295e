"""What the translation memory spares, and what it costs.

A second edition: a text of which every twentieth sentence is another one, over the same text when nothing of it was known.
And the speed of everything but a model: with the identity engine, of which nothing is ever remembered, so that each part
asks in vain; and with the marking engine, of which all is: while one document goes through, the last one is remembered.
"""

import statistics
import time
from collections.abc import Iterator
from typing import Any

from pymongo import MongoClient

from benchmarks.pipelines import ROOT, finish, pipeline
from benchmarks.recorder import Recorder, least, most
from benchmarks.texts import BOOK, STORY
from pipeline.parts import cut
from satzstrom import Client
from segmenter.splitter import Splitter

_CHANGED = 20
_POLL = 0.05
_OTHER = str.maketrans("aeiou", "eaoui")


def run(recorder: Recorder, rounds: int = 3) -> None:
    """Measure all ratios."""
    second_edition(recorder, rounds)
    for engine, copies in (("identity", 20), ("marking", 20)):
        cost(recorder, engine, copies, rounds)


def second_edition(recorder: Recorder, rounds: int) -> None:
    """Time of a second edition over that of the first, with the bundled model."""
    ratios, firsts, seconds, waits = [], [], [], []
    for number in range(rounds):
        with pipeline("ctranslate2", settings={"SATZSTROM_MEMORY": "all"}) as (client, state):
            finish(client, client.submit(_edition("Guten Morgen, liebe Leute. Heute ist ein schöner Tag.", 1)))
            first, _ = _timed(client, BOOK)
            begin = time.perf_counter()
            with MongoClient[dict[str, Any]](state["mongodb"]) as store:
                while store["satzstrom"]["documents"].find_one({"unremembered": {"$exists": True}}):
                    time.sleep(_POLL)
            waits.append(time.perf_counter() - begin)
            second, status = _timed(client, _edition(BOOK, number))
            ratios.append(second / first)
            firsts.append(first)
            seconds.append(second)
    counts = status.sentences
    note = f"{counts.remembered} of {counts.total} sentences from memory"
    recorder.add("second edition ÷ first", ratios, aim=most(0.12), note=note)
    recorder.add("first edition", firsts, "s")
    recorder.add("second edition", seconds, "s")
    recorder.add("remembered after the first was done", waits, "s")


def cost(recorder: Recorder, engine: str, copies: int, rounds: int) -> None:
    """Speed with the memory over that without, in turn."""
    speeds: dict[str, list[float]] = {"all": [], "off": []}
    for _ in range(rounds):
        for memory, found in speeds.items():
            with pipeline(engine, settings={"SATZSTROM_MEMORY": memory}) as (client, _):
                finish(client, client.submit(iter([STORY.encode()])))
                times = []
                for number in range(3):
                    # Each time other sentences.
                    text = "".join(_numbered(STORY, 1000 * number + copy) for copy in range(copies))
                    begin = time.perf_counter()
                    status = finish(client, client.submit(iter([text.encode()])))
                    times.append(status.sentences.total / (time.perf_counter() - begin))
                found.append(statistics.median(times))
    ratios = [on / off for on, off in zip(speeds["all"], speeds["off"], strict=True)]
    what = "with a memory that knows nothing" if engine == "identity" else "while the last document is remembered"
    recorder.add(f"{what} ÷ without one", ratios, aim=least(0.95), note=f"{engine} engine")


def _timed(client: Client, text: str) -> tuple[float, Any]:
    begin = time.perf_counter()
    status = finish(client, client.submit(iter([text.encode()])), _POLL)
    return time.perf_counter() - begin, status


def _edition(text: str, number: int) -> str:
    """Return a text of which every twentieth sentence has another word."""
    splitter = Splitter(ROOT / "models")
    return "".join("".join(_changed(part, splitter, number)) for part in cut(text))


def _changed(part: str, splitter: Splitter, number: int) -> Iterator[str]:
    place = 0
    for index, (start, end) in enumerate(splitter.spans(part, "de")):
        yield part[place:start]
        sentence = part[start:end]
        if (index + number) % _CHANGED == 0:
            # As long as it was: text that is wrapped by hand is wrapped as before.
            word = max(sentence.split(), key=len)
            sentence = sentence.replace(word, word.translate(_OTHER), 1)
        yield sentence
        place = end
    yield part[place:]


def _numbered(text: str, number: int) -> str:
    return text.replace(". ", f" {number}mal. ")
