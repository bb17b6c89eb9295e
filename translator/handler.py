"""Sentences in, translations out."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline import languages, tracing
from pipeline.cancellations import Cancellations
from pipeline.dead_letters import dead_letter
from pipeline.errors import InputError, ModelError, PairError, SentenceError
from pipeline.events import Sentence, Translation, encode
from pipeline.metrics import FAILURES, QUEUE_SECONDS, REPAIRS, SENTENCES, SUSPECTS
from pipeline.publisher import Outgoing
from pipeline.records import Received
from pipeline.roster import now_ms
from pipeline.topics import Topics
from translator.drafts import Draft, Drafter
from translator.engines import Engine
from translator.scheduler import Scheduler


class Handler:
    """Translates the sentences of one round, of whatever documents, grouped by model."""

    def __init__(
        self,
        engines: Sequence[Engine],
        scheduler: Scheduler,
        cancelled: Cancellations,
        topics: Topics,
        *,
        urgent: bool,
    ) -> None:
        self._engines: Mapping[str, Engine] = {engine.model.id: engine for engine in engines}
        self._drafters = {engine.model.id: Drafter(engine, scheduler, urgent=urgent) for engine in engines}
        self._cancelled = cancelled
        self._topics = topics
        self._lane = "interactive" if urgent else "bulk"

    async def __call__(self, received: Sequence[Received[Sentence]]) -> list[Outgoing]:
        """Return one translation for each sentence that is still wanted.

        A sentence of a detected language that no model translates is left as it is, and marked as suspect. Any other
        sentence that cannot be translated, because no engine takes it or the engine fails on it, keeps its source as its
        translation, marked `failed`, so that its document can be completed; it goes to the dead letters as well.

        Raises `EngineError`.
        """
        groups: dict[str, list[Received[Sentence]]] = defaultdict(list)
        out: list[Outgoing] = []
        for one in received:
            if one.event.document in self._cancelled:
                continue
            try:
                groups[self._choose(one.event)].append(one)
            except (PairError, ModelError) as error:
                if one.event.detected:
                    out.append(self._leave(one.event))
                else:
                    out += self._give_up(one, one.event.model or "none", error)
        for model, group in groups.items():
            out += await self._translate(model, group)
        return out

    def _leave(self, sentence: Sentence) -> Outgoing:
        """Return a sentence as it is: nobody said that it is in a language that can be translated."""
        made = _translation(sentence, sentence.text, sentence.model or "none", suspect=["language"])
        return Outgoing(self._topics.translations, encode(made), made.document.encode())

    def _give_up(self, received: Received[Sentence], model: str, error: InputError) -> Iterator[Outgoing]:
        """Yield the source in place of a translation, and a dead letter with the reason."""
        sentence, record = received
        FAILURES.labels(type(error).__name__).inc()
        made = _translation(sentence, sentence.text, model, failed=True)
        yield Outgoing(self._topics.translations, encode(made), made.document.encode())
        yield dead_letter(self._topics.dead_letters, record, service="translator", stage="translate", error=error)

    async def _translate(self, model: str, received: Sequence[Received[Sentence]]) -> list[Outgoing]:
        begin = now_ms()
        started = time.perf_counter()
        drafts = await self._drafters[model].translate(
            [sentence.text for sentence, _ in received],
            [sentence.terms for sentence, _ in received],
            lambda place: received[place].event.document in self._cancelled,
            [sentence.alternatives for sentence, _ in received],
        )
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
            made = _translation(
                sentence,
                draft.text,
                model,
                flags=draft.flags,
                suspect=draft.suspect,
                alternatives=draft.alternatives,
                queued_ms=max(0, begin - record.timestamp),
                engine_ms=milliseconds,
            )
            headers = tracing.headers_in(spans, record.headers)
            out.append(Outgoing(self._topics.translations, encode(made), made.document.encode(), headers=headers))
        return out

    def _count(self, wanted: Sequence[tuple[Received[Sentence], Draft]], begin: int) -> None:
        queue = QUEUE_SECONDS.labels(self._lane)
        for (sentence, record), draft in wanted:
            SENTENCES.labels("translated", sentence.source, sentence.target).inc()
            queue.observe(max(0, begin - record.timestamp) / 1000)
            for reason in draft.suspect:
                SUSPECTS.labels(reason).inc()
            for repair in draft.repairs:
                REPAIRS.labels(repair).inc()

    def _choose(self, sentence: Sentence) -> str:
        """Return the model for a sentence: the one that was asked for, else the first for its languages."""
        fitting = [
            name
            for name, engine in self._engines.items()
            if engine.verbatim
            or (
                languages.same(engine.model.source, sentence.source)
                and languages.same(engine.model.target, sentence.target)
            )
        ]
        if not fitting:
            offered = sorted({(engine.model.source, engine.model.target) for engine in self._engines.values()})
            raise PairError(sentence.source, sentence.target, offered)
        for name in fitting:
            if self._engines[name].verbatim or sentence.model in (None, name, name.partition("@")[0]):
                return name
        raise ModelError(sentence.model or "", fitting)


def _translation(sentence: Sentence, text: str, model: str, **more: Any) -> Translation:
    return Translation(
        document=sentence.document,
        part=sentence.part,
        index=sentence.index,
        revision=sentence.revision,
        text=text,
        source=sentence.source,
        target=sentence.target,
        model=model,
        **more,
    )
