"""Sentences through an engine in batches, whatever it does to some of them."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from pipeline.backoff import describe
from pipeline.errors import EngineError, UnavailableError
from pipeline.metrics import BATCH_TOKENS, ENGINE_SECONDS, TOKENS
from pipeline.monitoring import LIVENESS
from translator import batches
from translator.engines import USUAL, Decoding, Engine, Hypothesis, ReadingEngine, Surroundings, Tokens
from translator.scheduler import Scheduler

logger = logging.getLogger(__name__)

# A sentence alone on the engine that fails twice is to blame; once may be a moment without memory.
_TRIES = 2


BULK_SECONDS = 1.0
"""Time that a batch of bulk work should take at most, by how fast the engine was before."""


class Job(NamedTuple):
    """Tokens to be translated, unless nobody wants that any more when their turn comes."""

    tokens: Tokens
    cancelled: Callable[[], bool]
    attention: bool = False
    """Whether it is wanted what the words were made from."""
    around: Surroundings | None = None
    """Where it stands, for an engine that reads what is around it; `tokens` know it as well."""


class Runner:
    """Runs jobs on one engine. `urgent` ones go before the others on the same scheduler."""

    def __init__(self, engine: Engine, scheduler: Scheduler, *, urgent: bool) -> None:
        self._engine = engine
        self._scheduler = scheduler
        self._urgent = urgent
        self._speed = 0.0
        self._reads = isinstance(engine, ReadingEngine)
        # Of its batches one waits beside those that it works on.
        self._at_once = engine.workers - 1 if engine.device == "cpu" else 1

    async def run(self, jobs: Sequence[Job], decoding: Decoding) -> list[Hypothesis]:
        """Return a hypothesis for each job, in order: with a failure where the engine fails, empty where cancelled.

        Raises `EngineError`; `UnavailableError` where the engine's server is away, when no batch is under way any more.
        """
        plan: list[list[int]] = []
        running = []
        for attention, batch in self._plan(jobs):
            plan.append(batch)
            asked = replace(decoding, attention=attention)
            running.append(self._run_or_isolate([jobs[place] for place in batch], asked))
        found: dict[int, Hypothesis] = {}
        for batch, hypotheses in zip(plan, await asyncio.gather(*running), strict=True):
            if isinstance(hypotheses, UnavailableError):
                raise hypotheses
            found.update(zip(batch, hypotheses, strict=True))
        return [found[place] for place in range(len(jobs))]

    def _plan(self, jobs: Sequence[Job]) -> Iterator[tuple[bool, list[int]]]:
        """Yield batches of places, and whether attention is wanted of them."""
        if self._reads:
            # A request has a cost of its own, so it is not made smaller for bulk work.
            texts = [job.around.text if job.around else place for place, job in enumerate(jobs)]
            for batch in batches.cut_in_order([job.tokens for job in jobs], texts, self._engine.batch_tokens):
                yield False, batch
            return
        for attention in (False, True):
            mine = [place for place, job in enumerate(jobs) if job.attention == attention]
            plan = batches.cut([jobs[place].tokens for place in mine], self._batch_tokens())
            if len(plan) == 1 and (free := self._at_once - self._scheduler.busy) > 1:
                # On a CPU a sentence costs about as much in a small batch as in a large one, and cores have nothing to do.
                plan = batches.dealt(plan[0], free)
            for batch in plan:
                yield attention, [mine[place] for place in batch]

    def _batch_tokens(self) -> int:
        """Return how large a batch may be: what the engine likes best, but of bulk work no more than a second of it.

        A batch is not interrupted, and somebody may come who waits for an answer.
        """
        if self._urgent or not self._speed:
            return self._engine.batch_tokens
        return max(1, min(self._engine.batch_tokens, round(self._speed * BULK_SECONDS)))

    async def _run_or_isolate(self, batch: Sequence[Job], decoding: Decoding) -> list[Hypothesis] | UnavailableError:
        """Run one batch; if the engine fails or dies on it, find the sentence that makes it.

        That its server is away is returned, not raised, so that the other batches are not left behind at work.
        """
        try:
            return await self._scheduler.run(partial(self._run, batch, decoding), urgent=self._urgent)
        except UnavailableError as error:
            return error
        except Exception as error:  # noqa: BLE001 (whatever an engine raises on a sentence must not take others with it)
            logger.warning("a batch of %d sentences failed (%s); looking for the one", len(batch), describe(error))
            return await self._isolate(batch, decoding)

    async def _isolate(self, batch: Sequence[Job], decoding: Decoding) -> list[Hypothesis]:
        """Halve a batch that fails, each half alone on the engine, until what fails is one sentence.

        That one is tried `_TRIES` times. Raises `EngineError` if the engine then fails on any sentence: it is broken, and
        the sentence is not to blame.
        """
        failure: Exception | None = None
        for _ in range(_TRIES if len(batch) == 1 else 1):
            try:
                return await self._scheduler.run_alone(partial(self._run, batch, decoding))
            except Exception as error:  # noqa: BLE001 (as above)
                failure = error
        if len(batch) > 1:
            middle = len(batch) // 2
            return await self._isolate(batch[:middle], decoding) + await self._isolate(batch[middle:], decoding)
        assert failure is not None
        try:
            await self._scheduler.run_alone(partial(self._engine.generate, [self._engine.encode("1")], USUAL))
        except Exception as error:
            raise EngineError(self._engine.model.id, describe(error)) from error
        logger.error(
            "no translation: the engine fails on a sentence of %d tokens (%s)", len(batch[0].tokens), describe(failure)
        )
        return [Hypothesis("", failure=describe(failure))]

    def _run(self, batch: Sequence[Job], decoding: Decoding) -> list[Hypothesis]:
        """Run what is still wanted of a batch, and measure it."""
        wanted = [not job.cancelled() for job in batch]
        tokens = [job.tokens for job, still in zip(batch, wanted, strict=True) if still]
        if not tokens:
            return [Hypothesis("")] * len(batch)
        model = self._engine.model.id
        started = time.perf_counter()
        found = iter(self._engine.generate(tokens, decoding))
        LIVENESS.moved()
        seconds = time.perf_counter() - started
        ENGINE_SECONDS.labels(model).observe(seconds)
        lengths = [len(sentence) for sentence in tokens]
        # Tokens a second, counting padding, as batches are measured; the last few count most.
        speed = len(tokens) * max(lengths) / max(seconds, 1e-6)
        self._speed = speed if not self._speed else 0.7 * self._speed + 0.3 * speed
        BATCH_TOKENS.labels(model).observe(len(tokens) * max(lengths))
        TOKENS.labels(model).inc(sum(lengths))
        return [next(found) if still else Hypothesis("") for still in wanted]
