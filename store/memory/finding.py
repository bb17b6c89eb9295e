"""Sentences whose translation a memory has."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.memory import digests
from pipeline.memory.figures import exchanged
from store.collections import Collections
from store.driver import Entry
from store.failures import translated
from store.memory.units import StoredUnit, unit_of
from store.ownership import Ownership

# So many units of a part's sentences are asked for at once, and so many of one sentence: who brings thousands of
# translations of "Ja." must not make others wait.
_EACH = 8
_MORE = 200
_OF_ONE = 50
_PERSON = {"origin": "person"}

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

    async def is_empty(self, ownership: Ownership) -> bool:
        """Whether an owner's memory has nothing at all, as that of most keys. Raises `UnavailableError`."""
        with translated():
            return await self._memory.find_one({"owner": ownership.owner}, {"_id": 1}) is None

    async def find(
        self,
        ownership: Ownership,
        languages: tuple[str, str],
        sentences: Sequence[Wanted],
        *,
        model: str | None = None,
    ) -> list[Hit | None]:
        """Return for each sentence what the owner's memory has, in one query, and one more for figures.

        `languages`: source and target. `model`: the model and revision that would translate them; without it a machine's
        units are left out. What a person made goes before what a model made, the same context before the same sentence, and
        that before another one's figures; of the same kind the newest.

        A person's unit counts only if the target of each of the sentence's terms stands in it, a machine's only if it was
        made with the same terms. Raises `UnavailableError`.
        """
        keys = digests.Keyring(ownership.owner, *languages)
        exact = [keys.exact(one.text) for one in sentences]
        same = await self._under(ownership, exact, _PERSON if model is None else {"$or": [_PERSON, {"model": model}]})
        hits = [_best(one, languages, same.get(key, ())) for one, key in zip(sentences, exact, strict=True)]
        loose = {
            number: key
            for number, (one, hit) in enumerate(zip(sentences, hits, strict=True))
            if hit is None and (key := keys.loose(one.text)) is not None
        }
        alike = await self._under(ownership, list(loose.values()), _PERSON)
        for number, key in loose.items():
            hits[number] = _exchanged(sentences[number], languages, alike.get(key, ()))
        return hits

    async def _under(self, ownership: Ownership, keys: Sequence[bytes], which: Entry) -> dict[bytes, list[Entry]]:
        """Return the units that are found by some keys, by key; not all of a key that has very many."""
        found: dict[bytes, list[Entry]] = defaultdict(list)
        different = list(set(keys))
        most = _MORE + _EACH * len(different)
        entries = await self._some(ownership, {"$in": different}, which, most) if different else []
        if len(entries) == most:
            # One of them has so many that others may be missing.
            entries = [one for key in different for one in await self._some(ownership, key, which, _OF_ONE)]
        for entry in entries:
            for key in entry["keys"]:
                found[key].append(entry)
        return found

    async def _some(self, ownership: Ownership, key: bytes | Entry, which: Entry, most: int) -> list[Entry]:
        with translated():
            wanted = {"keys": key, "owner": ownership.owner, **which}
            return await self._memory.find(wanted).to_list(most)


def _best(sentence: Wanted, languages: tuple[str, str], entries: Sequence[Entry]) -> Hit | None:
    """Return the best unit of the same sentence."""
    if not entries:
        return None
    context = (digests.neighbour(sentence.before), digests.neighbour(sentence.after))
    order: tuple[HitKind, ...] = ("context", "exact", "repeat")
    hits: list[tuple[int, float, Hit]] = []
    for entry in entries:
        if entry["origin"] == "machine":
            if entry["terms"] != digests.of_terms(sentence.terms):
                continue
            kind: HitKind = "repeat"
        else:
            if not _serves(entry, sentence, languages):
                continue
            same = context != (None, None) and context == (entry.get("before"), entry.get("after"))
            kind = "context" if same else "exact"
        hits.append((order.index(kind), -entry["at"].timestamp(), Hit(kind, entry["translation"], unit_of(entry))))
    return min(hits, key=lambda one: one[:2])[2] if hits else None


def _exchanged(sentence: Wanted, languages: tuple[str, str], entries: Iterable[Entry]) -> Hit | None:
    """Return the newest unit of a person that becomes the sentence's when its figures are exchanged."""
    text = digests.normal(sentence.text)
    for entry in sorted(entries, key=lambda one: one["at"], reverse=True):
        made = exchanged(digests.normal(entry["text"]), entry["translation"], text, languages)
        if made is not None and _serves(entry | {"translation": made}, sentence, languages):
            return Hit("numbers", made, unit_of(entry))
    return None


def _serves(entry: Entry, sentence: Wanted, languages: tuple[str, str]) -> bool:
    """Whether a person's unit says the terms of a sentence, in the variety of the language that is wanted."""
    folded = entry["translation"].casefold()
    return digests.same_place(entry["target"], languages[1]) and all(
        target.casefold() in folded for target in sentence.terms.values()
    )
