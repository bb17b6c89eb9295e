"""The indexes of glossaries: each is made once, and not all are kept."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from api.glossary_indexes import GlossaryIndexes
from store.accounts.glossaries import Glossary, GlossaryStore, Pair
from store.ownership import EVERYBODY, Ownership

GLOSSARIES = {"a": {"Haus": "villa", "Hund": "dog"}, "b": {"Haus": "house", "Katze": "cat"}, "c": {"Maus": "mouse"}}


PAIR = ("de", "en")


def named(*names: str, version: str = "1") -> list[Glossary]:
    return [Glossary(name, name, datetime.now(UTC), version, {PAIR: 1}) for name in names]


class FakeStore:
    """Has glossaries, and notes which are read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    async def entries(self, ownership: Ownership, glossary: str, pair: Pair) -> Mapping[str, str] | None:
        assert pair == PAIR
        self.read.append(glossary)
        return GLOSSARIES.get(glossary)


async def test_an_index_is_made_once() -> None:
    fake = FakeStore()
    store = cast("GlossaryStore", fake)
    indexes = GlossaryIndexes()
    first = await indexes.of(EVERYBODY, named("a"), PAIR, store)
    assert first.within("Haus und Hund") == {"Haus": "villa", "Hund": "dog"}
    assert await indexes.of(EVERYBODY, named("a"), PAIR, store) is first
    assert fake.read == ["a"]
    both = await indexes.of(EVERYBODY, named("b", "a"), PAIR, store)
    assert both.within("Haus Hund Katze") == {"Haus": "house", "Hund": "dog", "Katze": "cat"}, "the first counts"
    assert await indexes.of(EVERYBODY, named("a", version="2"), PAIR, store) is not first, "it was changed since"
    indexes.forget("a")
    fake.read.clear()
    await indexes.of(EVERYBODY, named("a"), PAIR, store)
    await indexes.of(EVERYBODY, named("b", "a"), PAIR, store)
    assert fake.read == ["a", "b", "a"]


async def test_only_so_many_terms_are_kept() -> None:
    fake = FakeStore()
    store = cast("GlossaryStore", fake)
    indexes = GlossaryIndexes(kept=3)
    for glossary in ("a", "c", "a", "b", "a"):
        assert await indexes.of(EVERYBODY, named(glossary), PAIR, store)
    assert fake.read == ["a", "c", "b", "a"], "the one that was used least lately goes first"
    too_large = GlossaryIndexes(kept=0)
    assert (await too_large.of(EVERYBODY, named("a"), PAIR, store)).within("Hund") == {"Hund": "dog"}
