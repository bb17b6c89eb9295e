"""Sentences of a part whose translation the memory has."""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Protocol

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


class EmptyMemories:
    """Knows whose memories were empty, and when that was asked. For the event loop to write and for any thread to read.

    What was there before a document was sent is never missed, but by as much as the clocks of broker and segmenter differ:
    for its first part an answer counts only if the question is not older than the part.
    """

    def __init__(self) -> None:
        self._asked: dict[str | None, float] = {}

    def note(self, owner: str | None, asked: float, *, empty: bool) -> None:
        """Take an answer; `asked`: Unix time at which the question was put."""
        if len(self._asked) >= _OWNERS:
            self._asked.clear()
        if empty:
            self._asked[owner] = asked
        else:
            self._asked.pop(owner, None)

    def includes(self, owner: str | None, part: SegmentedPart) -> bool:
        """Whether nothing has to be asked for the sentences of a part."""
        asked = self._asked.get(owner)
        if asked is None:
            return False
        return part.created <= asked * 1000 or (part.part > 0 and time.time() < asked + _EMPTY_FOR)


class MemoryRecall:
    """Asks the memory for all sentences of a part at once.

    Nothing depends on its answer: while MongoDB is away, or slow, what it may have is translated by a model. So a document
    is held up by two seconds at most, and by no more within ten.
    """

    def __init__(self, finder: Finder, *, machine: bool) -> None:
        """`machine`: whether what models made is used as well. To be made in the event loop that the finder works in."""
        for outcome in ("answered", "away"):
            # There from the beginning, so that a rate of none is 0 and not unknown.
            RECALLS.labels(outcome)
        self._finder = finder
        self._machine = machine
        self._loop = asyncio.get_running_loop()
        self._resting = 0.0
        self._empty = EmptyMemories()

    def __call__(self, part: SegmentedPart, memory: str | None) -> Sequence[Translation]:
        """Return the translations that `memory` has; to be called in another thread than that of the event loop."""
        if memory == NO_MEMORY or not part.spans or time.monotonic() < self._resting:
            return ()
        # Most keys correct nothing: what follows costs a fifth of the segmenter's time.
        if self._empty.includes(memory, part):
            return ()
        return asyncio.run_coroutine_threadsafe(self._ask(part, memory), self._loop).result()

    async def _ask(self, part: SegmentedPart, memory: str | None) -> Sequence[Translation]:
        owner = Ownership(memory, everything=False)
        sentences: list[Sentence] = []
        hits: list[Hit | None] = []
        try:
            async with asyncio.timeout(PATIENCE):
                asked = time.time()
                empty = await self._finder.is_empty(owner)
                self._empty.note(memory, asked, empty=empty)
                if not empty:
                    sentences = list(sentences_of(part))
                    hits = await self._finder.find(
                        owner,
                        (sentences[0].source, part.target),
                        _wanted(part, sentences),
                        model=part.exact_model if self._machine else None,
                    )
        except (TimeoutError, UnavailableError) as error:
            self._resting = time.monotonic() + _PAUSE
            RECALLS.labels("away").inc()
            logger.warning(
                "the memory does not answer; nothing is looked up in it for %.0f s (%s)",
                _PAUSE,
                describe(error),
                extra=logs.about(part.document),
            )
            return ()
        RECALLS.labels("answered").inc()
        pairs = zip(sentences, hits, strict=True)
        found = [made for sentence, hit in pairs if hit and (made := _translation(sentence, hit)) is not None]
        for made in found:
            REMEMBERED.labels(made.memory).inc()
        return found


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
