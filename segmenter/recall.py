"""Sentences of a part whose translation the memory has."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from pipeline import logs
from pipeline.backoff import describe
from pipeline.errors import UnavailableError
from pipeline.events import MEMORY, NO_MEMORY, SegmentedPart, Sentence, Translation
from pipeline.lanes import sentences_of
from pipeline.metrics import RECALLS, REMEMBERED
from store.memory.finding import Hit, Wanted
from store.ownership import Ownership

logger = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds that a part waits for the memory; then it goes on without."""
_PAUSE = 10.0
"""Seconds for which nothing is asked after that, so that a long document is not held up part by part."""
_EMPTY_FOR = 1.0
"""Seconds for which an empty memory counts as that for later parts of documents."""
_FILLED_FOR = 60.0
"""Seconds for which it is not asked again whether a memory is empty in which there was something."""
_OWNERS = 10_000


class Finder(Protocol):
    """What `store.memory.finding.MemoryFinder` does."""

    async def is_empty(self, ownership: Ownership) -> bool:
        """Whether the owner's memory has nothing at all."""
        ...

    async def find(
        self,
        ownership: Ownership,
        languages: tuple[str, str],
        sentences: Sequence[Wanted],
        *,
        model: str | None = None,
    ) -> list[Hit | None]:
        """Return for each sentence what the owner's memory has."""
        ...


class KnownMemories:
    """Knows of whose memories it was asked whether they are empty, when, and what came of it.

    What was there before a document was sent is never missed, but by as much as the clocks of broker and segmenter differ:
    for its first part the answer that it is empty counts only if the question is not older than the part.
    """

    def __init__(self) -> None:
        self._empty: dict[str | None, float] = {}
        self._filled: dict[str | None, float] = {}

    def note(self, owner: str | None, asked: float, *, empty: bool) -> None:
        """Take an answer; `asked`: Unix time at which the question was put."""
        mine, other = (self._empty, self._filled) if empty else (self._filled, self._empty)
        if len(mine) >= _OWNERS:
            mine.clear()
        mine[owner] = asked
        other.pop(owner, None)

    def nothing_for(self, owner: str | None, part: SegmentedPart) -> bool:
        """Whether nothing has to be asked for the sentences of a part, because the memory is empty."""
        asked = self._empty.get(owner)
        if asked is None:
            return False
        return part.created <= asked * 1000 or (part.part > 0 and time.time() < asked + _EMPTY_FOR)

    def is_filled(self, owner: str | None) -> bool:
        """Whether it need not be asked if the memory is empty: there was something a while ago."""
        return time.time() < self._filled.get(owner, 0.0) + _FILLED_FOR


class _Question(NamedTuple):
    """What all sentences have in common that the memory is asked for together."""

    owner: str | None
    source: str
    target: str
    model: str | None


class MemoryRecall:
    """Asks a memory for all sentences of all parts of a round at once.

    Nothing depends on its answer: while MongoDB is away, or slow, what it may have is translated by a model. So a document
    is held up by two seconds at most, and by no more within ten.
    """

    def __init__(self, finder: Finder, *, machine: bool) -> None:
        """`machine`: whether what models made is used as well."""
        for outcome in ("answered", "away"):
            # There from the beginning, so that a rate of none is 0 and not unknown.
            RECALLS.labels(outcome)
        self._finder = finder
        self._machine = machine
        self._resting = 0.0
        self._known = KnownMemories()

    async def __call__(self, parts: Sequence[tuple[SegmentedPart, str | None]]) -> list[Sequence[Translation]]:
        """Return for each part the translations that the memory has which is named with it."""
        found: list[Sequence[Translation]] = [()] * len(parts)
        if time.monotonic() < self._resting:
            return found
        questions: dict[_Question, list[int]] = defaultdict(list)
        for place, (part, owner) in enumerate(parts):
            # Most keys correct nothing: what follows costs a fifth of the segmenter's time.
            if owner != NO_MEMORY and part.spans and not self._known.nothing_for(owner, part):
                model = part.exact_model if self._machine else None
                questions[_Question(owner, part.detected or part.source, part.target, model)].append(place)
        for question, places in questions.items():
            asked = [parts[place][0] for place in places]
            try:
                async with asyncio.timeout(PATIENCE):
                    made = await self._ask(question, asked)
            except (TimeoutError, UnavailableError) as error:
                self._resting = time.monotonic() + _PAUSE
                RECALLS.labels("away").inc()
                logger.warning(
                    "the memory does not answer; nothing is looked up in it for %.0f s (%s)",
                    _PAUSE,
                    describe(error),
                    extra=logs.about(asked[0].document),
                )
                break
            RECALLS.labels("answered").inc()
            for place, mine in zip(places, made, strict=True):
                found[place] = mine
                for one in mine:
                    REMEMBERED.labels(one.memory).inc()
        return found

    async def _ask(self, question: _Question, parts: Sequence[SegmentedPart]) -> list[Sequence[Translation]]:
        owner = Ownership(question.owner, everything=False)
        if not self._known.is_filled(question.owner):
            asked = time.time()
            empty = await self._finder.is_empty(owner)
            self._known.note(question.owner, asked, empty=empty)
            if empty:
                return [()] * len(parts)
        sentences = [list(sentences_of(part)) for part in parts]
        hits = iter(
            await self._finder.find(
                owner,
                (question.source, question.target),
                [one for part, mine in zip(parts, sentences, strict=True) for one in _wanted(part, mine)],
                model=question.model,
            )
        )
        return [
            [made for one in mine if (hit := next(hits)) and (made := _translation(one, hit)) is not None]
            for mine in sentences
        ]


def _wanted(part: SegmentedPart, sentences: Sequence[Sentence]) -> Sequence[Wanted]:
    first = "" if part.part == 0 else None
    last = "" if part.last else None
    texts = [first, *(one.text for one in sentences), last]
    return [Wanted(one.text, texts[place], texts[place + 2], one.terms) for place, one in enumerate(sentences)]


def _translation(sentence: Sentence, hit: Hit) -> Translation | None:
    """Return what is made of a hit; None if it lacks something that the sentence's sender wants."""
    unit = hit.unit
    flags, model = list(unit.flags), unit.model or MEMORY
    text = hit.translation
    if hit.kind == "repeat":
        # Its translation has the line breaks of its source.
        made_of = (unit.source, unit.target, unit.text)
        same = made_of == (sentence.source, sentence.target, sentence.text)
        if not same or (sentence.align and not unit.alignment) or (sentence.alternatives and not unit.alternatives):
            return None
    else:
        model = MEMORY
        if sentence.align:
            flags.append("unaligned")
        if "\n" not in sentence.text and "\n" in text:
            text = " ".join(text.split())
    return sentence.translated(
        text,
        model,
        flags=flags,
        suspect=unit.suspect,
        confidence=unit.confidence,
        alternatives=unit.alternatives[: sentence.alternatives],
        alignment=unit.alignment if sentence.align and hit.kind == "repeat" else [],
        memory=hit.kind,
    )
