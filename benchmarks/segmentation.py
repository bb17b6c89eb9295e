"""How well sentences are found, and what it costs.

The hard cases are in the repository; GOLD names further sets, DocBin files with sentence starts, colons between them.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.pipelines import ROOT
from benchmarks.recorder import Recorder, least
from benchmarks.texts import BOOK, STORY
from segmenter import marks
from segmenter.splitter import Splitter
from segmenter.training.texts import gold_texts

Span = tuple[int, int]

_HARD = ("hard_sentences_de.jsonl", "boundaries_de.jsonl")
_BOOKS = {"Die Verwandlung": BOOK, "Immensee": STORY}
_ROUNDS = 5


def run(recorder: Recorder) -> None:
    """Measure all figures."""
    splitter = Splitter(ROOT / "models")
    for name in _HARD:
        cases = [json.loads(line) for line in (ROOT / "tests/data" / name).read_text(encoding="utf-8").splitlines()]
        right = sum(_is_right(_sentences(splitter, case["text"]), case["sentences"]) for case in cases)
        recorder.add(f"texts of `{name}` split right", 100 * right / len(cases), "%", note=f"{right} of {len(cases)}")
    for path in filter(None, os.environ.get("GOLD", "").split(":")):
        score(recorder, splitter, Path(path))
    for name, text in _BOOKS.items():
        cost(recorder, splitter, text, name)


def score(recorder: Recorder, splitter: Splitter, path: Path) -> None:
    """Measure precision, recall and F1 of the boundaries inside of texts, and of whole sentences."""
    language = os.environ.get("LANGUAGE", "de")
    boundaries, sentences = [0, 0, 0], [0, 0, 0]
    for text, starts in gold_texts(path):
        wanted = list(_wanted(text, sorted(starts)))
        found = splitter.spans(text, language)
        _count(sentences, set(wanted), set(found))
        _count(boundaries, {start for start, _ in wanted[1:]}, {start for start, _ in found[1:]})
    for name, (both, only_wanted, only_found) in (("boundaries", boundaries), ("sentences", sentences)):
        precision, recall = both / (both + only_found), both / (both + only_wanted)
        note = f"precision {precision:.4f}, recall {recall:.4f}"
        recorder.add(f"{path.stem}: F1 of {name}", 2 * both / (2 * both + only_wanted + only_found), note=note)


def cost(recorder: Recorder, splitter: Splitter, text: str, name: str) -> None:
    """Measure what splitting a text takes."""
    splitter.spans(text, "de")
    seconds = []
    for _ in range(_ROUNDS):
        begin = time.process_time()
        number = len(splitter.spans(text, "de"))
        seconds.append(time.process_time() - begin)
    size = len(text.encode()) / 1e6
    recorder.add(f"splitting *{name}*", [size / one for one in seconds], "MB/s a core", aim=least(2))
    recorder.add(f"1,000 sentences of *{name}*", [1000 * one / number for one in seconds], "CPU s")


def _sentences(splitter: Splitter, text: str) -> list[str]:
    return [text[start:end] for start, end in splitter.spans(text, "de")]


def _is_right(found: list[str], sentences: list[str]) -> bool:
    """Whether all sentences were found; markers before them and signs behind them stay outside."""
    wanted = [text for one in sentences if marks.has_letter(text := one[slice(*marks.trim(one, 0, len(one)))])]
    return len(found) == len(wanted) and all(map(str.endswith, wanted, found))


def _wanted(text: str, starts: list[int]) -> Iterator[Span]:
    """Yield the spans of gold sentences as the splitter means them: without layout, with a word or an amount."""
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line = text.rfind("\n", 0, start) + 1
        behind = start if text[line:start].strip() else start + marks.marker(text[start:end])
        span = marks.trim(text, behind, end)
        if marks.has_text(text[slice(*span)]):
            yield span


def _count(counts: list[int], wanted: set[object], found: set[object]) -> None:
    counts[0] += len(wanted & found)
    counts[1] += len(wanted - found)
    counts[2] += len(found - wanted)
