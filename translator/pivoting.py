"""Ways over English, for pairs of languages that no model translates directly."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline import confidence, languages
from pipeline.events import OfferedModel
from pipeline.roster import JOINED, PIVOT, takes
from translator import alignment
from translator.drafts import Draft, Drafter
from translator.engines import Decoding, Engine, Hypothesis, Tokens
from translator.surroundings import Place

Pair = tuple[str, str]
_WORD = re.compile(r"\w")


class PivotEngine:
    """Two engines, of which one translates what the other has made: as an `Engine` without anything between them.

    A `PivotDrafter` does better: it checks and mends what the first has made.
    """

    verbatim = False

    def __init__(self, first: Engine, second: Engine) -> None:
        """`first` translates into English, `second` out of it."""
        self.first = first
        self.second = second
        self.model = OfferedModel(
            id=f"{first.model.id}{JOINED}{second.model.id}", source=first.model.source, target=second.model.target
        )
        self.device = first.device
        self.limit = first.limit
        self.batch_tokens = first.batch_tokens
        self.workers = min(first.workers, second.workers)
        self.spare = min(first.spare, second.spare)
        self.round_size = first.round_size
        self.encode = first.encode

    def stop(self) -> None:
        """Nothing to give back: others may use the two."""

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        """Translate a batch with the first engine, and what comes of it with the second; attention is not told."""
        between = self.first.generate(batch, replace(decoding, hypotheses=1, attention=False))
        finals = self.second.generate(
            [self.second.encode(one.text) for one in between], replace(decoding, attention=False)
        )
        return [
            replace(final, capped=one.capped or final.capped, failure=one.failure or final.failure)
            for one, final in zip(between, finals, strict=True)
        ]


class WithPivots:
    """The engines of a translator as they are at the moment, with those over English behind them.

    A way that was offered stays while both of its engines do, also when a model comes that translates directly: documents
    end with what they began with. Others get the direct one.
    """

    def __init__(self, engines: Callable[[], Sequence[Engine]], wanted: Collection[Pair] | None = None) -> None:
        """`wanted`: the pairs that may be translated over English; None: all."""
        self._engines = engines
        self._wanted = wanted
        self._direct: Sequence[Engine] | None = None
        self._all: Sequence[Engine] = ()

    def __call__(self) -> Sequence[Engine]:
        """Return all engines: the same sequence, and the same engines in it, as long as nothing has changed."""
        direct = self._engines()
        if direct is not self._direct:
            known = {(one.first, one.second): one for one in self._all if isinstance(one, PivotEngine)}
            there = frozenset(direct)
            over = {pair: known.get(pair) or PivotEngine(*pair) for pair in ways(direct, self._wanted)}
            over |= {pair: one for pair, one in known.items() if pair not in over and there.issuperset(pair)}
            self._direct, self._all = direct, (*direct, *over.values())
        return self._all


def ways(engines: Sequence[Engine], wanted: Collection[Pair] | None = None) -> Iterator[tuple[Engine, Engine]]:
    """Yield which two engines follow each other, for pairs of languages that none of them translates; the first is best.

    `wanted`: the pairs that may be translated so; None: all. Where models differ in their revisions, so do the ways.
    """
    direct: dict[Pair, list[OfferedModel]] = defaultdict(list)
    for engine in engines:
        one = engine.model
        direct[languages.primary(one.source), languages.primary(one.target)].append(one)
    into = [one for one in engines if not one.verbatim and languages.same(one.model.target, PIVOT)]
    out_of = [one for one in engines if not one.verbatim and languages.same(one.model.source, PIVOT)]
    for first in into:
        for second in out_of:
            pair = first.model.source, second.model.target
            if languages.alike(*pair) or (wanted is not None and pair not in wanted):
                continue
            alike = direct.get((languages.primary(pair[0]), languages.primary(pair[1])), ())
            if not any(takes(one, *pair) for one in alike):
                yield first, second


class PivotDrafter:
    """Translates texts with one drafter, and what that made with another; as a `Drafter` does, and with its guards twice."""

    def __init__(self, first: "Drafter | PivotDrafter", second: "Drafter | PivotDrafter") -> None:
        self._first = first
        self._second = second

    async def translate(
        self,
        texts: Sequence[str],
        terms: Sequence[Mapping[str, str]] = (),
        cancelled: Callable[[int], bool] = lambda _: False,
        alternatives: Sequence[int] = (),
        align: Sequence[bool] = (),
        places: Sequence[Place] = (),
    ) -> list[Draft]:
        """Return one draft for each text, in order; arguments as of `Drafter.translate`.

        Reasons for doubt are those of both. A term's translation stands in the text between already, and is kept as it is by
        the second. Alternatives are other translations of the best text between.
        """
        between = await self._first.translate(texts, terms, cancelled, (), align, places)
        left = [place for place, one in enumerate(between) if one.failure is None]

        def of(values: Sequence[bool] | Sequence[int]) -> list[int]:
            return [values[place] for place in left] if values else []

        finals = await self._second.translate(
            [between[place].text for place in left],
            [_held(terms[place]) for place in left] if terms else (),
            lambda number: cancelled(left[number]),
            of(alternatives),
            [bool(one) for one in of(align)],
            [places[place] for place in left] if places else (),
        )
        made = list(between)
        for place, final in zip(left, finals, strict=True):
            made[place] = _through(texts[place], between[place], final)
        return made


def _held(terms: Mapping[str, str]) -> dict[str, str]:
    """Return the terms that keep translations of terms as they are, also at the beginning of a sentence.

    Signs without a letter are nothing that can be found; no model changes them.
    """
    written = {form for target in terms.values() for form in (target, target[:1].upper() + target[1:])}
    return {form: form for form in written if _WORD.search(form)}


def _through(source: str, between: Draft, final: Draft) -> Draft:
    """Return the draft of a text from that of the text between and that of its translation."""
    if final.failure is not None:
        return Draft(source, failure=final.failure)
    suspect = sorted({*between.suspect, *final.suspect})
    # What the first left as it is cannot be unsure; else a text is no surer than its worse half.
    known = [one.confidence for one in ((final,) if between.text == source else (between, final))]
    sure = [one for one in known if one is not None]
    return replace(
        final,
        flags=list(dict.fromkeys(("pivot", *between.flags, *final.flags))),
        suspect=suspect,
        confidence=confidence.rounded(min(sure), suspect) if len(sure) == len(known) else None,
        repairs=sorted({*between.repairs, *final.repairs}),
        links=alignment.chained(between.links, final.links, between.text),
    )
