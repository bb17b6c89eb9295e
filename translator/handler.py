"""Sentences in, translations out."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence

from pipeline import tracing
from pipeline.alignment import pack
from pipeline.cancellations import Cancellations
from pipeline.dead_letters import dead_letter
from pipeline.errors import EngineError, InputError, SentenceError
from pipeline.events import Sentence, encode
from pipeline.metrics import FAILURES, PAIRS, QUEUE_SECONDS, REPAIRS, SENTENCES, SUSPECTS
from pipeline.publisher import Outgoing
from pipeline.records import Received
from pipeline.roster import now_ms
from pipeline.topics import Topics
from translator.drafts import Draft, Drafter
from translator.engines import Engine, ReadingEngine
from translator.handing_over import HandOver, Passed, Substitute
from translator.in_use import InUse
from translator.pivoting import PivotDrafter, PivotEngine
from translator.repeats import LastDrafts, OnceDrafter, sees_one_text
from translator.scheduler import Scheduler
from translator.surroundings import Place

logger = logging.getLogger(__name__)

_PAUSE = 1.0
# As many sentences as somebody reads until the rest of a page is translated.
_FIRST = 4


class Handler:
    """Translates the sentences of one round, of whatever documents, grouped by model."""

    def __init__(
        self,
        in_use: InUse,
        scheduler: Scheduler,
        cancelled: Cancellations,
        topics: Topics,
        hand_over: HandOver,
        *,
        urgent: bool,
        last: LastDrafts | None = None,
    ) -> None:
        """`last`: where drafts are kept for sentences that come again; None: each is translated for itself."""
        self._in_use = in_use
        self._scheduler = scheduler
        self._drafters: dict[Engine, Drafter | PivotDrafter | OnceDrafter] = {}
        self._last = last
        self._cancelled = cancelled
        self._topics = topics
        self._hand_over = hand_over
        self._urgent = urgent
        self._lane = "interactive" if urgent else "bulk"

    async def __call__(self, received: Sequence[Received[Sentence]]) -> list[Outgoing]:
        """Return one translation for each sentence that is still wanted, or the sentence itself for another translator.

        A sentence of a detected language that no model translates is left as it is, and marked as suspect. Any other
        sentence that cannot be translated, because nobody offers its pair or the engine fails on it, keeps its source as its
        translation, marked `failed`, so that its document can be completed; it goes to the dead letters as well.

        Raises `EngineError`.
        """
        groups: dict[Engine, list[Received[Sentence]]] = defaultdict(list)
        substituted: dict[Engine, list[Received[Sentence]]] = defaultdict(list)
        passed: list[Passed] = []
        out: list[Outgoing] = []
        for one in received:
            if one.event.document in self._cancelled:
                continue
            if (engine := self._in_use.choose(one.event)) is not None:
                groups[engine].append(one)
                continue
            match self._hand_over.decide(one):
                case Passed() as other:
                    passed.append(other)
                case Substitute(engine):
                    substituted[engine].append(one)
                case None:
                    out += self._refuse(one)
        for engine, group in groups.items():
            out += await self._translate(engine, group)
        for engine, group in substituted.items():
            out += await self._translate(engine, group, flags=["model"])
        if passed and not out and all(one.waits for one in passed):
            # Nothing else is to be done: without a pause, what waits would go round and round.
            await asyncio.sleep(_PAUSE)
        return out + [one.record for one in passed]

    async def in_chunks(self, received: Sequence[Received[Sentence]]) -> AsyncIterator[list[Outgoing]]:
        """Yield what a call returns; of urgent rounds for the first sentences of documents before all others.

        Somebody waits to read them. The others are translated while these are published. An engine that reads what is
        around a sentence gets the whole round.
        """
        first = [one for one in received if _is_first(one.event)]
        others = [one for one in received if not _is_first(one.event)]
        reads = any(isinstance(engine, ReadingEngine) for engine in self._in_use.engines)
        if not self._urgent or reads or not first or not others:
            yield await self(received)
            return
        made = await self(first)
        later = asyncio.create_task(self(others))
        try:
            yield made
            yield await later
        finally:
            later.cancel()
            # If nobody asks for what came of it, nobody asks for its error.
            later.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _refuse(self, received: Received[Sentence]) -> Iterator[Outgoing]:
        """Yield what becomes of a sentence whose pair nobody offers."""
        sentence = received.event
        if sentence.detected:
            yield self._leave(sentence)
        else:
            yield from self._give_up(received, sentence.model or "none", self._hand_over.refusal(sentence))

    def _leave(self, sentence: Sentence) -> Outgoing:
        """Return a sentence as it is: nobody said that it is in a language that can be translated."""
        made = sentence.translated(sentence.text, sentence.model or "none", suspect=["language"])
        return Outgoing(self._topics.translations, encode(made), made.document.encode())

    def _give_up(self, received: Received[Sentence], model: str, error: InputError) -> Iterator[Outgoing]:
        """Yield the source in place of a translation, and a dead letter with the reason."""
        sentence, record = received
        FAILURES.labels(type(error).__name__).inc()
        made = sentence.translated(sentence.text, model, failed=True)
        yield Outgoing(self._topics.translations, encode(made), made.document.encode())
        yield dead_letter(self._topics.dead_letters, record, service="translator", stage="translate", error=error)

    async def _translate(
        self, engine: Engine, received: Sequence[Received[Sentence]], flags: Sequence[str] = ()
    ) -> list[Outgoing]:
        model = engine.model.id
        begin = now_ms()
        started = time.perf_counter()
        # As they are read, for engines that see more than one sentence.
        received = sorted(received, key=lambda one: _place(one.event))
        try:
            drafts = await self._drafter(engine).translate(
                [sentence.text for sentence, _ in received],
                [sentence.terms for sentence, _ in received],
                lambda place: received[place].event.document in self._cancelled,
                [sentence.alternatives for sentence, _ in received],
                [sentence.align for sentence, _ in received],
                [_place(sentence) for sentence, _ in received],
            )
        except EngineError as error:
            other = self._in_use.give_up(engine, str(error))
            if other is None:
                raise
            logger.error("%s; %s goes on in its place", error, other.model.id)  # noqa: TRY400 (it says all)
            return await self._translate(other, received, flags=sorted({*flags, "model"}))
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        wanted = [
            (one, draft)
            for one, draft in zip(received, drafts, strict=True)
            if one.event.document not in self._cancelled
        ]
        self._count(wanted, begin)
        spans = tracing.spans_of("translate", (record.headers for _, record in received), begin / 1000, model=model)
        out: list[Outgoing] = []
        for one, draft in wanted:
            sentence, record = one
            if draft.failure:
                out += self._give_up(one, model, SentenceError(draft.failure))
                continue
            made = sentence.translated(
                draft.text,
                model,
                flags=[*flags, *draft.flags],
                suspect=draft.suspect,
                confidence=draft.confidence,
                alternatives=draft.alternatives,
                alignment=pack(draft.links),
                queued_ms=max(0, begin - record.timestamp),
                engine_ms=milliseconds,
            )
            headers = tracing.headers_in(spans, record.headers)
            out.append(Outgoing(self._topics.translations, encode(made), made.document.encode(), headers=headers))
        return out

    def _count(self, wanted: Sequence[tuple[Received[Sentence], Draft]], begin: int) -> None:
        queue = QUEUE_SECONDS.labels(self._lane)
        for (sentence, record), draft in wanted:
            SENTENCES.labels("translated", *PAIRS.labels(sentence.source, sentence.target)).inc()
            queue.observe(max(0, begin - record.timestamp) / 1000)
            for reason in draft.suspect:
                SUSPECTS.labels(reason).inc()
            for repair in draft.repairs:
                REPAIRS.labels(repair).inc()

    def _drafter(self, engine: Engine) -> Drafter | PivotDrafter | OnceDrafter:
        if engine not in self._drafters:
            there = self._in_use.engines
            self._drafters = {one: drafter for one, drafter in self._drafters.items() if one in there}
            made = self._made(engine)
            if self._last is not None and sees_one_text(engine):
                self._drafters[engine] = OnceDrafter(made, self._last)
            else:
                self._drafters[engine] = made
        return self._drafters[engine]

    def _made(self, engine: Engine) -> Drafter | PivotDrafter:
        if isinstance(engine, PivotEngine):
            return PivotDrafter(self._made(engine.first), self._made(engine.second))
        return Drafter(engine, self._scheduler, urgent=self._urgent)


def _is_first(sentence: Sentence) -> bool:
    return sentence.part == 0 and sentence.index < _FIRST


def _place(sentence: Sentence) -> Place:
    return Place(f"{sentence.document}/{sentence.part}/{sentence.revision}", sentence.index)
