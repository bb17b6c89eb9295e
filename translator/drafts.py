"""Texts through one engine: prepared, batched, checked, tried again where it went wrong, and put together again."""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from pipeline.backoff import describe
from pipeline.errors import EngineError
from pipeline.metrics import BATCH_TOKENS, ENGINE_SECONDS, TOKENS
from translator import batches, guards, masks, numerals, pieces
from translator.engines import SECOND_TRY, USUAL, Decoding, Engine, Hypothesis, Tokens
from translator.preparation import Prepared, assemble, prepare
from translator.scheduler import Scheduler

logger = logging.getLogger(__name__)

# A sentence alone on the engine that fails twice is to blame; once may be a moment without memory.
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """A translated text: `flags` say what was done to it, `suspect` why a reader should check it."""

    text: str
    flags: list[str] = field(default_factory=list)
    suspect: list[str] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    """What helped where the first try looked wrong: `second_try`, `split`."""
    failure: str | None = None
    """Why there is none; the text is the source then."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A hypothesis for one piece, why it still looks wrong, and whether more than the first try was needed."""

    hypothesis: Hypothesis
    reasons: list[str]
    repaired: str | None = None
    """What helped: `second_try` or `split`."""


class Drafter:
    """Translates texts with one engine. `urgent` texts go before the others on the same scheduler."""

    def __init__(self, engine: Engine, scheduler: Scheduler, *, urgent: bool) -> None:
        self._engine = engine
        self._scheduler = scheduler
        self._urgent = urgent
        self._swaps = numerals.swaps(engine.model.source, engine.model.target)

    async def translate(self, texts: Sequence[str]) -> list[Draft]:
        """Return one draft for each text, in order."""
        if self._engine.verbatim:
            found = await self._generate([self._engine.encode(text) for text in texts], USUAL)
            return [
                Draft(source if one.failure else one.text, failure=one.failure)
                for source, one in zip(texts, found, strict=True)
            ]
        # In a thread: the tokens of a large round take longer to count than a heartbeat should wait.
        prepared = await asyncio.to_thread(lambda: [prepare(text, self._engine) for text in texts])
        sources = [piece.text for text in prepared for piece in text.pieces]
        tokens = [piece for text in prepared for piece in text.tokens]
        checked = await self._generate_checked(sources, tokens)
        drafts = []
        for source, text in zip(texts, prepared, strict=True):
            mine, checked = checked[: len(text.pieces)], checked[len(text.pieces) :]
            drafts.append(_assemble(source, text, mine))
        return drafts

    async def _generate_checked(self, sources: Sequence[str], tokens: Sequence[Tokens]) -> list[_Checked]:
        """Return the best hypothesis for each piece of a text: of the first try, of a second one, of its own pieces."""
        found = await self._generate(tokens, USUAL)
        results = [self._check(*one) for one in zip(sources, found, strict=True)]
        wrong = [place for place, one in enumerate(results) if one.reasons]
        if not wrong:
            return results
        again = await self._generate([tokens[place] for place in wrong], SECOND_TRY)
        for place, other in zip(wrong, again, strict=True):
            results[place] = _better(results[place], self._check(sources[place], other), "second_try")
        wrong = [place for place in wrong if guards.SPLITTING.intersection(results[place].reasons)]
        split = await self._generate_split([sources[place] for place in wrong])
        for place, joined in zip(wrong, split, strict=True):
            if joined is not None:
                results[place] = _better(results[place], joined, "split")
        return results

    async def _generate_split(self, sources: Sequence[str]) -> list[_Checked | None]:
        """Translate each text in smaller pieces; None for one that cannot be cut, or where a piece fails."""
        plans = [pieces.split_again(source, lambda part: len(self._engine.encode(part))) for source in sources]
        asked = [piece.text for plan in plans if len(plan) > 1 for piece in plan if not masks.is_name(piece.text)]
        found = iter(await self._generate([self._engine.encode(text) for text in asked], USUAL) if asked else [])
        joined: list[_Checked | None] = []
        for source, plan in zip(sources, plans, strict=True):
            if len(plan) == 1:
                joined.append(None)
                continue
            mine = [Hypothesis(piece.text) if masks.is_name(piece.text) else next(found) for piece in plan]
            if any(one.failure for one in mine):
                joined.append(None)
                continue
            text = pieces.join(plan, [one.text for one in mine])
            whole = self._check(source, Hypothesis(text, capped=any(one.capped for one in mine)))
            parts = [self._check(piece.text, one).reasons for piece, one in zip(plan, mine, strict=True)]
            joined.append(replace(whole, reasons=sorted({*whole.reasons, *chain.from_iterable(parts)})))
        return joined

    def _check(self, source: str, hypothesis: Hypothesis) -> _Checked:
        if hypothesis.failure:
            return _Checked(hypothesis, [])
        if self._swaps:
            text = numerals.written_anew(source, hypothesis.text)
            hypothesis = replace(hypothesis, text=text)
        return _Checked(hypothesis, guards.reasons(source, hypothesis))

    async def _generate(self, tokens: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Run all batches, and return the hypotheses in the order of `tokens`."""
        plan = batches.cut(tokens, self._engine.batch_tokens)
        jobs = [self._run_or_isolate([tokens[place] for place in batch], decoding) for batch in plan]
        found: dict[int, Hypothesis] = {}
        for batch, hypotheses in zip(plan, await asyncio.gather(*jobs), strict=True):
            found.update(zip(batch, hypotheses, strict=True))
        return [found[place] for place in range(len(tokens))]

    async def _run_or_isolate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Run one batch; if the engine fails or dies on it, find the sentence that makes it."""
        try:
            return await self._scheduler.run(partial(self._run, batch, decoding), urgent=self._urgent)
        except Exception as error:  # noqa: BLE001 (whatever an engine raises on a sentence must not take others with it)
            logger.warning("a batch of %d sentences failed (%s); looking for the one", len(batch), describe(error))
            return await self._isolate(batch, decoding)

    async def _isolate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
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
            "no translation: the engine fails on a sentence of %d tokens (%s)", len(batch[0]), describe(failure)
        )
        return [Hypothesis("", failure=describe(failure))]

    def _run(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Run one batch, and measure it."""
        model = self._engine.model.id
        started = time.perf_counter()
        found = self._engine.generate(batch, decoding)
        ENGINE_SECONDS.labels(model).observe(time.perf_counter() - started)
        lengths = [len(sentence) for sentence in batch]
        BATCH_TOKENS.labels(model).observe(len(batch) * max(lengths))
        TOKENS.labels(model).inc(sum(lengths))
        return found


def _better(first: _Checked, other: _Checked, by: str) -> _Checked:
    """Return the one with fewer reasons for doubt, the first if they are alike."""
    if other.hypothesis.failure or len(other.reasons) >= len(first.reasons):
        return first
    return replace(other, repaired=by)


def _assemble(source: str, text: Prepared, results: Sequence[_Checked]) -> Draft:
    if not text.pieces:
        return Draft(source)
    for one in results:
        if one.hypothesis.failure:
            return Draft(source, failure=one.hypothesis.failure)
    repairs = {one.repaired for one in results if one.repaired}
    flags = ["split"] if len(text.pieces) > 1 or "split" in repairs else []
    suspect = {reason for one in results for reason in one.reasons}
    if text.unusual:
        suspect.add("unusual")
    return Draft(assemble(text, [one.hypothesis.text for one in results]), flags, sorted(suspect), sorted(repairs))
