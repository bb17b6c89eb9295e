"""Sentences that were translated a moment ago: a heading, a line of a song, a row of a table is translated once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import count
from typing import Protocol

from pipeline.metrics import REMEMBERED
from translator.drafts import Draft
from translator.engines import Engine, ReadingEngine
from translator.pivoting import PivotEngine
from translator.surroundings import Place

_ENTRIES = 10_000
# What is longer seldom comes twice.
_LONGEST = 500

_numbers = count()


class LastDrafts:
    """The last drafts, of short sentences: at most 10,000, which are some megabytes."""

    def __init__(self, entries: int = _ENTRIES) -> None:
        self._entries = entries
        self._drafts: OrderedDict[Hashable, Draft] = OrderedDict()

    def get(self, key: Hashable) -> Draft | None:
        """Return a draft that is still there, and keep it longer."""
        found = self._drafts.get(key)
        if found is not None:
            self._drafts.move_to_end(key)
        return found

    def put(self, key: Hashable, draft: Draft) -> None:
        """Keep a draft, in place of the one that was not asked for the longest time."""
        self._drafts[key] = draft
        while len(self._drafts) > self._entries:
            self._drafts.popitem(last=False)


class TextDrafter(Protocol):
    """What `translator.drafts.Drafter` and `translator.pivoting.PivotDrafter` do."""

    async def translate(
        self,
        texts: Sequence[str],
        terms: Sequence[Mapping[str, str]] = (),
        cancelled: Callable[[int], bool] = ...,
        alternatives: Sequence[int] = (),
        align: Sequence[bool] = (),
        places: Sequence[Place] = (),
    ) -> list[Draft]:
        """Return one draft for each text, in order."""
        ...


def sees_one_text(engine: Engine) -> bool:
    """Whether what an engine makes of a text follows from the text alone; one for tests that changes nothing is left out."""
    if isinstance(engine, PivotEngine):
        return sees_one_text(engine.first) and sees_one_text(engine.second)
    return not engine.verbatim and not isinstance(engine, ReadingEngine)


class OnceDrafter:
    """Gives equal texts with equal wishes to a drafter once, and none that it has translated a moment ago.

    A text that looked wrong looks as wrong again; one that failed, or was cancelled, is translated anew.
    """

    def __init__(self, drafter: TextDrafter, last: LastDrafts) -> None:
        self._drafter = drafter
        self._last = last
        # Not the model's id: the same model may be loaded again, with another calibration.
        self._number = next(_numbers)

    async def translate(
        self,
        texts: Sequence[str],
        terms: Sequence[Mapping[str, str]],
        cancelled: Callable[[int], bool],
        alternatives: Sequence[int],
        align: Sequence[bool],
        places: Sequence[Place],
    ) -> list[Draft]:
        """As `Drafter.translate`."""
        groups: dict[Hashable, list[int]] = {}
        found: dict[int, Draft] = {}
        for place, text in enumerate(texts):
            wishes = frozenset(terms[place].items()), alternatives[place], align[place]
            key: Hashable = (self._number, text, wishes)
            if (known := self._last.get(key)) is not None:
                found[place] = known
            else:
                groups.setdefault(key, []).append(place)

        def unwanted(mine: Sequence[int]) -> bool:
            return all(map(cancelled, mine))

        asked = list(groups.values())
        firsts = [mine[0] for mine in asked]
        drafts = await self._drafter.translate(
            [texts[place] for place in firsts],
            [terms[place] for place in firsts],
            lambda number: unwanted(asked[number]),
            [alternatives[place] for place in firsts],
            [align[place] for place in firsts],
            [places[place] for place in firsts],
        )
        for (key, mine), draft in zip(groups.items(), drafts, strict=True):
            found.update(dict.fromkeys(mine, draft))
            # Links between words take more room than the words.
            short = len(texts[mine[0]]) <= _LONGEST and not draft.links
            if short and draft.failure is None and not unwanted(mine):
                self._last.put(key, draft)
        REMEMBERED.labels("again").inc(len(texts) - len(asked))
        return [found[place] for place in range(len(texts))]
