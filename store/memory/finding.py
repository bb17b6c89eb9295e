"""Sentences whose translation a memory has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.memory import digests
from store.collections import Collections
from store.driver import Entry
from store.failures import translated
from store.memory.units import StoredUnit, unit_of
from store.ownership import Ownership

HitKind = Literal["context", "exact", "numbers", "repeat"]
"""A person's unit of the same sentence between the same neighbours; of the same sentence; of one that differs in its
figures, which are exchanged; and a machine's of the same sentence."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sentence that is to be translated."""

    text: str
    before: str | None = None
    """The sentence before it; None: not known, "": it is the first."""
    after: str | None = None
    terms: Mapping[str, str] = field(default_factory=dict)
    """Those that stand in it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A unit that is used in place of a model."""

    kind: HitKind
    translation: str
    """Of the sentence that was asked for; the unit's own, but for its figures where these are another's."""
    unit: StoredUnit


class MemoryFinder:
    """Finds sentences in memories."""

    def __init__(self, collections: Collections) -> None:
        self._memory = collections.memory

    async def find(
        self,
        ownership: Ownership,
        languages: tuple[str, str],
        sentences: Sequence[Wanted],
        *,
        model: str | None = None,
    ) -> list[Hit | None]:
        """Return for each sentence what the owner's memory has, in one query.

        `languages`: source and target. `model`: the model and revision that would translate them; without it a machine's
        units are left out. What a person made goes before what a model made, the same context before the same sentence, and
        that before another one's figures; of the same kind the newest.

        A person's unit counts only if the target of each of the sentence's terms stands in it, a machine's only if it was
        made with the same terms. Raises `UnavailableError`.
        """
        keys = digests.Keyring(ownership.owner, *languages)
        exact = [keys.exact(one.text) for one in sentences]
        origin = {"origin": "person"} if model is None else {"$or": [{"origin": "person"}, {"model": model}]}
        wanted: Entry = {"keys": {"$in": list(set(exact))}, "owner": ownership.owner, **origin}
        found: dict[bytes, list[Entry]] = defaultdict(list)
        with translated():
            async for entry in self._memory.find(wanted):
                for key in entry["keys"]:
                    found[bytes(key)].append(entry)
        return [_best(one, found.get(key, ())) for one, key in zip(sentences, exact, strict=True)]


def _best(sentence: Wanted, entries: Iterable[Entry]) -> Hit | None:
    context = (digests.neighbour(sentence.before), digests.neighbour(sentence.after))
    order: tuple[HitKind, ...] = ("context", "exact", "numbers", "repeat")
    hits: list[tuple[int, float, Hit]] = []
    for entry in entries:
        if entry["origin"] == "machine":
            if entry["terms"] != digests.of_terms(sentence.terms):
                continue
            kind: HitKind = "repeat"
        else:
            if not _has_terms(entry["translation"], sentence.terms):
                continue
            same = context != (None, None) and context == (entry.get("before"), entry.get("after"))
            kind = "context" if same else "exact"
        hits.append((order.index(kind), -entry["at"].timestamp(), Hit(kind, entry["translation"], unit_of(entry))))
    return min(hits, key=lambda one: one[:2])[2] if hits else None


def _has_terms(translation: str, terms: Mapping[str, str]) -> bool:
    folded = translation.casefold()
    return all(target.casefold() in folded for target in terms.values())
