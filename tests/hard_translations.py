"""Inputs that make a small German-English model fail, and what shows that it did.

The labels were written by hand from the German alone. They know nothing of the guards, so that they can judge them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.conftest import ROOT
from translator import batches
from translator.drafts import Draft, Drafter
from translator.engines import USUAL, Engine
from translator.scheduler import Scheduler
from translator.writing import layout

PATH = ROOT / "tests" / "data" / "hard_translations_de.jsonl"
HELD_OUT = PATH.with_name("hard_translations_held_out_de.jsonl")
"""Written after the thresholds were set, and not used to set any."""
# The bundled model has no more positions; the engine fails on a longer sentence that is not split.
_POSITIONS = 512
_WORD = re.compile(r"\w+")


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One input with its labels; a label that is not given asks for nothing.

    In `words`, `count` and `clauses` a string may name alternatives: "cat|kitten". Case does not matter there.
    """

    kind: str
    text: str
    verbatim: bool = False
    """There is nothing to translate: the output is the input, byte for byte."""
    same: bool = False
    """Not German: the output is the input, or a reader is warned."""
    clean: bool = False
    """A name or a title that may stay as it is: no warning."""
    keep: list[str] = []
    """Strings that come through to the letter, as often as they stand there."""
    words: list[str] = []
    """Words that every right translation has."""
    names: list[str] = []
    """Names that every right translation has."""
    count: dict[str, int] = {}
    """How often a word has to be there."""
    clauses: list[list[str]] = []
    """What stands in each clause from start to end; a clause with none of it in the output was left out."""
    min_words: int = 0
    max_words: int = 10_000


def entries(path: Path = PATH) -> Iterator[Entry]:
    """Yield a whole set."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield msgspec.json.decode(line, type=Entry)


def faults(entry: Entry, output: str) -> list[str]:
    """Return what the labels show to be wrong with a translation; nothing if it may be right."""
    if entry.verbatim or entry.same:
        return [] if output == entry.text else ["changed"]
    if not output.strip():
        return ["empty"]
    words = len(_WORD.findall(output))
    tests = {
        "kept": all(output.count(kept) >= entry.text.count(kept) for kept in entry.keep),
        "words": all(_has(output, word) for word in entry.words + entry.names),
        "count": all(_count(output, word) == often for word, often in entry.count.items()),
        "truncated": all(any(_has(output, anchor) for anchor in clause) for clause in entry.clauses)
        and words >= entry.min_words,
        "loop": words <= entry.max_words,
    }
    return [fault for fault, passed in tests.items() if not passed]


def _has(output: str, alternatives: str) -> bool:
    """Whether one of the words is there; a number has to stand alone, a word may be part of another one."""
    return any(
        re.search(rf"(?<![\d.,]){re.escape(word)}(?![\d]|[.,]\d)", output)
        if word[-1].isdigit()
        else word.casefold() in output.casefold()
        for word in alternatives.split("|")
    )


def _count(output: str, alternatives: str) -> int:
    wanted = {word.casefold() for word in alternatives.split("|")}
    return sum(word in wanted for word in _WORD.findall(output.casefold()))


@dataclass(frozen=True)
class Judged:
    """One input after both ways: what is wrong without the pipeline's care, what is wrong with it, and its draft."""

    entry: Entry
    faults_before: list[str]
    faults: list[str]
    draft: Draft

    @property
    def flagged(self) -> bool:
        """Whether a reader is warned."""
        return bool(self.draft.suspect or self.draft.failure)


def plain(engine: Engine, texts: Sequence[str]) -> list[str]:
    """Return the engine's first hypothesis for each text on one line: no names, pieces, checks or second tries.

    A text that is too long for the model has none.
    """
    tokens = [engine.encode(layout.flatten(text)[0]) for text in texts]
    found = [""] * len(texts)
    for batch in batches.cut(tokens, engine.batch_tokens):
        # The longest translation is twice as long, and has to fit too.
        fitting = [place for place in batch if 2 * len(tokens[place]) + 16 < _POSITIONS]
        if fitting:
            hypotheses = engine.generate([tokens[place] for place in fitting], USUAL)
            for place, hypothesis in zip(fitting, hypotheses, strict=True):
                found[place] = hypothesis.text
    return found


async def translate(engine: Engine, texts: Sequence[str]) -> list[Draft]:
    """Translate texts as the translator does."""
    scheduler = Scheduler(engine.workers)
    scheduler.start()
    try:
        return await Drafter(engine, scheduler, urgent=False).translate(texts)
    finally:
        await scheduler.stop()


async def judge(engine: Engine, path: Path = PATH) -> list[Judged]:
    """Translate a whole set both ways."""
    found = list(entries(path))
    texts = [entry.text for entry in found]
    before = plain(engine, texts)
    drafts = await translate(engine, texts)
    return [
        Judged(entry, faults(entry, first), faults(entry, draft.text), draft)
        for entry, first, draft in zip(found, before, drafts, strict=True)
    ]
