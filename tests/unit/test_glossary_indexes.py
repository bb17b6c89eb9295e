"""The indexes of glossaries: each is made once, and not all are kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from api.glossary_indexes import GlossaryIndexes
from store.ownership import EVERYBODY, Ownership

if TYPE_CHECKING:
    from store.accounts.glossaries import GlossaryStore

GLOSSARIES = {"a": {"Haus": "villa", "Hund": "dog"}, "b": {"Haus": "house", "Katze": "cat"}, "c": {"Maus": "mouse"}}


class FakeStore:
    """Has glossaries, and notes which are read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    async def entries(self, ownership: Ownership, glossary: str) -> Mapping[str, str] | None:
        self.read.append(glossary)
        return GLOSSARIES.get(glossary)


async def test_an_index_is_made_once() -> None:
    fake = FakeStore()
    store = cast("GlossaryStore", fake)
    indexes = GlossaryIndexes()
    first = await indexes.of(EVERYBODY, ["a"], store)
    assert first.within("Haus und Hund") == {"Haus": "villa", "Hund": "dog"}
    assert await indexes.of(EVERYBODY, ["a"], store) is first
    assert fake.read == ["a"]
    both = await indexes.of(EVERYBODY, ["b", "a"], store)
    assert both.within("Haus Hund Katze") == {"Haus": "house", "Hund": "dog", "Katze": "cat"}, "the first counts"
    indexes.forget("a")
    fake.read.clear()
    await indexes.of(EVERYBODY, ["a"], store)
    await indexes.of(EVERYBODY, ["b", "a"], store)
    assert fake.read == ["a", "b", "a"]


async def test_only_so_many_terms_are_kept() -> None:
    fake = FakeStore()
    store = cast("GlossaryStore", fake)
    indexes = GlossaryIndexes(kept=3)
    for glossary in ("a", "c", "a", "b", "a"):
        assert await indexes.of(EVERYBODY, [glossary], store)
    assert fake.read == ["a", "c", "b", "a"], "the one that was used least lately goes first"
    too_large = GlossaryIndexes(kept=0)
    assert (await too_large.of(EVERYBODY, ["a"], store)).within("Hund") == {"Hund": "dog"}
