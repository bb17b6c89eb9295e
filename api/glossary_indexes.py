"""The indexes of the glossaries that were used last, so that a request does not have to make one."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from pipeline.terms import Terms
from store.accounts.glossaries import Glossary, GlossaryStore, Pair
from store.ownership import Ownership

# Terms in all indexes that are kept: about 250 bytes each.
_KEPT = 200_000

_Key = tuple[Pair, tuple[tuple[str, str], ...]]
"""Languages; ids and versions."""


class GlossaryIndexes:
    """Indexes glossaries, each once. A version of a glossary never changes, so its index is right as long as it is kept.

    Nothing here looks at whose a glossary is, or whether it is there still: whoever asks has done that.
    """

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._indexes: OrderedDict[_Key, tuple[int, Terms]] = OrderedDict()
        self._terms = 0
        # One at a time: an index in the making needs memory, and two for the same glossary would be one too many.
        self._making = asyncio.Lock()

    async def of(self, ownership: Ownership, glossaries: Sequence[Glossary], pair: Pair, store: GlossaryStore) -> Terms:
        """Return the terms of several glossaries for a pair; of two that have a term the first counts."""
        wanted = pair, tuple((glossary.id, glossary.version) for glossary in glossaries)
        async with self._making:
            if wanted not in self._indexes:
                entries: dict[str, str] = {}
                for glossary in glossaries:
                    entries = (await store.entries(ownership, glossary.id, pair) or {}) | entries
                self._keep(wanted, len(entries), await asyncio.to_thread(Terms, entries, pair[0]))
            self._indexes.move_to_end(wanted)
            terms = self._indexes[wanted][1]
            # Also the one just made, if it alone is more than is kept.
            while self._terms > self._kept:
                _, (count, _) = self._indexes.popitem(last=False)
                self._terms -= count
        return terms

    def forget(self, glossary: str) -> None:
        """Forget a glossary that was deleted or changed."""
        for key in [key for key in self._indexes if any(glossary == name for name, _ in key[1])]:
            self._terms -= self._indexes.pop(key)[0]

    def _keep(self, key: _Key, count: int, terms: Terms) -> None:
        self._indexes[key] = count, terms
        self._terms += count
