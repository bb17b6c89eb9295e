"""Texts through one engine: prepared, batched, checked, tried again where it went wrong, and put together again."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from pipeline.metrics import BATCH_TOKENS, ENGINE_SECONDS, TOKENS
from translator import batches, guards, layout, pieces
from translator.engines import SECOND_TRY, USUAL, Decoding, Engine, Hypothesis, Tokens
from translator.scheduler import Scheduler


@dataclass(frozen=True, slots=True)
class Draft:
    """A translated text: `flags` say what was done to it, `suspect` why a reader should check it."""

    text: str
    flags: list[str] = field(default_factory=list)
    suspect: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A text on one line, in pieces that the model can take."""

    breaks: list[layout.Break]
    pieces: list[pieces.Piece]
    tokens: list[Tokens]


class Drafter:
    """Translates texts with one engine. `urgent` texts go before the others on the same scheduler."""

    def __init__(self, engine: Engine, scheduler: Scheduler, *, urgent: bool) -> None:
        self._engine = engine
        self._scheduler = scheduler
        self._urgent = urgent

    async def translate(self, texts: Sequence[str]) -> list[Draft]:
        """Return one draft for each text, in order."""
        if self._engine.verbatim:
            found = await self._generate([self._engine.encode(text) for text in texts], USUAL)
            return [Draft(hypothesis.text) for hypothesis in found]
        # In a thread: the tokens of a large round take longer to count than a heartbeat should wait.
        prepared = await asyncio.to_thread(lambda: [self._prepare(text) for text in texts])
        sources = [piece.text for text in prepared for piece in text.pieces]
        tokens = [piece for text in prepared for piece in text.tokens]
        checked = await self._generate_checked(sources, tokens)
        drafts = []
        for text in prepared:
            mine, checked = checked[: len(text.pieces)], checked[len(text.pieces) :]
            drafts.append(_assemble(text, mine))
        return drafts

    def _prepare(self, text: str) -> _Prepared:
        flat, breaks = layout.flatten(text)
        parts = pieces.split(flat, self._engine.limit, lambda piece: len(self._engine.encode(piece)))
        return _Prepared(breaks, parts, [self._engine.encode(part.text) for part in parts])

    async def _generate_checked(
        self, sources: Sequence[str], tokens: Sequence[Tokens]
    ) -> list[tuple[Hypothesis, list[str]]]:
        """Return the hypothesis for each piece, and what is still wrong with it after a second try."""
        found = await self._generate(tokens, USUAL)
        results = [(one, guards.reasons(source, one)) for source, one in zip(sources, found, strict=True)]
        wrong = [place for place, (_, reasons) in enumerate(results) if reasons]
        if wrong:
            again = await self._generate([tokens[place] for place in wrong], SECOND_TRY)
            for place, other in zip(wrong, again, strict=True):
                reasons = guards.reasons(sources[place], other)
                if len(reasons) < len(results[place][1]):
                    results[place] = (other, reasons)
        return results

    async def _generate(self, tokens: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Run all batches, and return the hypotheses in the order of `tokens`."""
        plan = batches.cut(tokens, self._engine.batch_tokens)
        jobs = [
            self._scheduler.run(partial(self._run, [tokens[place] for place in batch], decoding), urgent=self._urgent)
            for batch in plan
        ]
        found: dict[int, Hypothesis] = {}
        for batch, hypotheses in zip(plan, await asyncio.gather(*jobs), strict=True):
            found.update(zip(batch, hypotheses, strict=True))
        return [found[place] for place in range(len(tokens))]

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


def _assemble(text: _Prepared, results: Sequence[tuple[Hypothesis, list[str]]]) -> Draft:
    joined = "".join(
        hypothesis.text + piece.joiner for piece, (hypothesis, _) in zip(text.pieces, results, strict=True)
    )
    suspect = sorted({reason for _, reasons in results for reason in reasons})
    return Draft(layout.restore(joined, text.breaks), ["split"] if len(text.pieces) > 1 else [], suspect)
