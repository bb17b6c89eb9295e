"""Ways over English, for pairs of languages that no model translates directly."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline import languages
from pipeline.events import OfferedModel
from pipeline.roster import JOINED, PIVOT, takes
from translator import alignment
from translator.drafts import Draft, Drafter
from translator.engines import Engine

Pair = tuple[str, str]
_WORD = re.compile(r"\w")


def ways(engines: Sequence[Engine], wanted: Collection[Pair] | None = None) -> Iterator[tuple[Engine, Engine]]:
    """Yield which two engines follow each other, for pairs of languages that none of them translates; the first is best.

    `wanted`: the pairs that may be translated so; None: all. Where models differ in their revisions, so do the ways.
    """
    into = [one for one in engines if not one.verbatim and languages.same(one.model.target, PIVOT)]
    out_of = [one for one in engines if not one.verbatim and languages.same(one.model.source, PIVOT)]
    for first in into:
        for second in out_of:
            pair = first.model.source, second.model.target
            if languages.alike(*pair) or (wanted is not None and pair not in wanted):
                continue
            if not any(takes(one.model, *pair) for one in engines):
                yield first, second


def joined(first: OfferedModel, second: OfferedModel) -> OfferedModel:
    """Return what two models are together."""
    return OfferedModel(id=f"{first.id}{JOINED}{second.id}", source=first.source, target=second.target)


class PivotDrafter:
    """Translates texts with one drafter, and what that made with another; as a `Drafter` does, and with its guards twice."""

    def __init__(self, first: Drafter, second: Drafter) -> None:
        self._first = first
        self._second = second

    async def translate(
        self,
        texts: Sequence[str],
        terms: Sequence[Mapping[str, str]] = (),
        cancelled: Callable[[int], bool] = lambda _: False,
        alternatives: Sequence[int] = (),
        align: Sequence[bool] = (),
    ) -> list[Draft]:
        """Return one draft for each text, in order; arguments as of `Drafter.translate`.

        Reasons for doubt are those of both. A term's translation stands in the text between already, and is kept as it is by
        the second. Alternatives are other translations of the best text between.
        """
        between = await self._first.translate(texts, terms, cancelled, (), align)
        places = [place for place, one in enumerate(between) if one.failure is None]

        def of(values: Sequence[bool] | Sequence[int]) -> list[int]:
            return [values[place] for place in places] if values else []

        finals = await self._second.translate(
            [between[place].text for place in places],
            [_held(terms[place]) for place in places] if terms else (),
            lambda number: cancelled(places[number]),
            of(alternatives),
            [bool(one) for one in of(align)],
        )
        made = list(between)
        for place, final in zip(places, finals, strict=True):
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
    return replace(
        final,
        flags=list(dict.fromkeys(("pivot", *between.flags, *final.flags))),
        suspect=sorted({*between.suspect, *final.suspect}),
        repairs=sorted({*between.repairs, *final.repairs}),
        links=alignment.chained(between.links, final.links, between.text),
    )
