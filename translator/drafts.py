"""Texts through one engine: prepared, batched, checked, tried again where it went wrong, and put together again."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from pipeline.backoff import describe
from pipeline.errors import EngineError
from pipeline.metrics import BATCH_TOKENS, ENGINE_SECONDS, TOKENS
from translator import batches, guards, layout, masks, pieces
from translator import terms as terms_of_glossaries
from translator.engines import SECOND_TRY, USUAL, Decoding, Engine, Hypothesis, Tokens
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
    failure: str | None = None
    """Why there is none; the text is the source then."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A text on one line, in pieces that the model can take; without pieces there is nothing to translate."""

    kept: dict[str, str]
    breaks: list[layout.Break]
    pieces: list[pieces.Piece]
    tokens: list[Tokens]
    whole: str = ""
    """Without pieces: the text as it is to be, terms of a glossary put in."""


class Drafter:
    """Translates texts with one engine. `urgent` texts go before the others on the same scheduler."""

    def __init__(self, engine: Engine, scheduler: Scheduler, *, urgent: bool) -> None:
        self._engine = engine
        self._scheduler = scheduler
        self._urgent = urgent

    async def translate(self, texts: Sequence[str], terms: Sequence[Mapping[str, str]] = ()) -> list[Draft]:
        """Return one draft for each text, in order; `terms`: for each text the terms whose translation is given."""
        if self._engine.verbatim:
            found = await self._generate([self._engine.encode(text) for text in texts], USUAL)
            return [
                Draft(source if one.failure else one.text, failure=one.failure)
                for source, one in zip(texts, found, strict=True)
            ]
        # In a thread: the tokens of a large round take longer to count than a heartbeat should wait.
        prepared = await asyncio.to_thread(
            lambda: [self._prepare(text, given) for text, given in zip(texts, terms or [{}] * len(texts), strict=True)]
        )
        sources = [piece.text for text in prepared for piece in text.pieces]
        tokens = [piece for text in prepared for piece in text.tokens]
        checked = await self._generate_checked(sources, tokens)
        drafts = []
        for source, text in zip(texts, prepared, strict=True):
            mine, checked = checked[: len(text.pieces)], checked[len(text.pieces) :]
            drafts.append(_assemble(source, text, mine))
        return drafts

    def _prepare(self, text: str, given: Mapping[str, str]) -> _Prepared:
        flat, breaks = layout.flatten(text)
        masked = terms_of_glossaries.mask(masks.mask(flat), given)
        if masked.nothing_left:
            whole = masks.unmask(layout.restore(masked.text, breaks), masked.kept) if given else text
            return _Prepared({}, [], [], [], whole)
        parts = pieces.split(masked.text, self._engine.limit, lambda piece: len(self._engine.encode(piece)))
        return _Prepared(masked.kept, breaks, parts, [self._engine.encode(part.text) for part in parts])

    async def _generate_checked(
        self, sources: Sequence[str], tokens: Sequence[Tokens]
    ) -> list[tuple[Hypothesis, list[str]]]:
        """Return the hypothesis for each piece, and what is still wrong with it after a second try."""
        found = await self._generate(tokens, USUAL)
        results = [
            (one, [] if one.failure else guards.reasons(source, one))
            for source, one in zip(sources, found, strict=True)
        ]
        wrong = [place for place, (_, reasons) in enumerate(results) if reasons]
        if wrong:
            again = await self._generate([tokens[place] for place in wrong], SECOND_TRY)
            for place, other in zip(wrong, again, strict=True):
                reasons = guards.reasons(sources[place], other)
                if not other.failure and len(reasons) < len(results[place][1]):
                    results[place] = (other, reasons)
        return results

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


def _assemble(source: str, text: _Prepared, results: Sequence[tuple[Hypothesis, list[str]]]) -> Draft:
    if not text.pieces:
        return Draft(text.whole)
    for hypothesis, _ in results:
        if hypothesis.failure:
            return Draft(source, failure=hypothesis.failure)
    joined = "".join(
        hypothesis.text + piece.joiner for piece, (hypothesis, _) in zip(text.pieces, results, strict=True)
    )
    suspect = sorted({reason for _, reasons in results for reason in reasons})
    whole = masks.unmask(layout.restore(joined, text.breaks), text.kept)
    return Draft(whole, ["split"] if len(text.pieces) > 1 else [], suspect)
