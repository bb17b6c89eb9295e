"""Units of a translation memory: kept, found, and nobody else's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.collections import Collections
from store.memory.finding import Hit, MemoryFinder, Wanted
from store.memory.keeping import MemoryKeeper
from store.memory.units import Made, Place, Unit
from store.ownership import EVERYBODY, Ownership

MINE, THEIRS = (Ownership(name, everything=False) for name in ("mine", "theirs"))
ADMIN = Ownership("admin", everything=True)
PAIR = ("de", "en")
AT = datetime(2026, 1, 1, tzinfo=UTC)


def unit(text: str, translation: str, **more: Any) -> Unit:
    return Unit(**({"source": "de", "target": "en", "text": text, "translation": translation} | more))


def made(text: str, translation: str, **more: Any) -> Unit:
    return unit(text, translation, made=Made(model="m@1", **more), place=Place("d", 0, 0))


async def hits(
    collections: Collections, *wanted: Wanted | str, whose: Ownership = MINE, model: str | None = None
) -> list[Hit | None]:
    sentences = [Wanted(one) if isinstance(one, str) else one for one in wanted]
    return await MemoryFinder(collections).find(whose, PAIR, sentences, model=model)


def said(found: list[Hit | None]) -> list[tuple[str, str] | None]:
    return [None if one is None else (one.kind, one.translation) for one in found]


async def test_a_person_goes_before_a_model_and_context_before_all(collections: Collections) -> None:
    keeper = MemoryKeeper(collections)
    await keeper.save(
        MINE,
        [
            unit("Ja.", "Yes.", at=AT),
            unit("Ja.", "Yeah.", at=AT + timedelta(days=1)),
            unit("Ja.", "Indeed.", before="Wirklich?", after="", at=AT - timedelta(days=9)),
            made("Ja.", "Yep."),
            made("Nein.", "No.", terms={}, alignment=[0, 4, 0, 2, 90], confidence=70),
            made("Der Hund.", "The hound.", terms={"Hund": "hound"}),
        ],
    )
    asked = (
        Wanted("Ja.", before="Wirklich?", after=""), Wanted("Ja.", before="Wirklich?"), "  Ja.\n", "Nein.", "Der Hund.",
        Wanted("Der Hund.", terms={"Hund": "hound"}), "Vielleicht.",
    )  # fmt: skip
    found = await hits(collections, *asked, model="m@1")
    assert said(found) == [
        ("context", "Indeed."), ("exact", "Yeah."), ("exact", "Yeah."), ("repeat", "No."), None,
        ("repeat", "The hound."), None,
    ]  # fmt: skip
    machine = found[3]
    assert machine is not None
    assert (machine.unit.alignment, machine.unit.confidence) == ([0, 4, 0, 2, 90], 70)
    assert said(await hits(collections, "Nein.", model="m@2")) == [None], "another revision may say it better"
    assert said(await hits(collections, "Nein.")) == [None]


async def test_figures_are_exchanged_where_it_is_certain(collections: Collections) -> None:
    await MemoryKeeper(collections).save(
        MINE,
        [
            unit("Das kostet 1.500 €.", "That costs €1,500.", at=AT),
            unit("Das kostet 1.500 €.", "It is fifteen hundred.", at=AT + timedelta(days=1)),
            made("Es sind 5 da.", "There are 5."),
        ],
    )
    found = await hits(collections, "Das kostet 2.750 €.", "Das kostet 1.500 €.", "Es sind 6 da.", model="m@1")
    assert said(found) == [("numbers", "That costs €2,750."), ("exact", "It is fifteen hundred."), None]


async def test_many_units_that_are_like_a_sentence_hide_none_that_is_the_same(collections: Collections) -> None:
    keeper = MemoryKeeper(collections)
    articles = [unit(f"Siehe Artikel {number}.", f"See article {number}.") for number in range(1000, 2500)]
    answers = [unit("Ja.", f"Yes, {number}.", before=f"Frage {number}?", after="") for number in range(1500)]
    await keeper.save(MINE, [*articles, *answers, unit("Nein.", "No.")])
    found = await hits(collections, "Siehe Artikel 2444.", "Ja.", "Nein.", "Siehe Artikel 7777.")
    assert [one and one.kind for one in found] == ["exact", "exact", "exact", "numbers"]


async def test_a_persons_unit_has_to_say_the_terms(collections: Collections) -> None:
    await MemoryKeeper(collections).save(MINE, [unit("Der Hund schläft.", "The dog sleeps.")])
    found = await hits(
        collections,
        Wanted("Der Hund schläft.", terms={"Hund": "hound"}),
        Wanted("Der Hund schläft.", terms={"Hund": "Dog"}),
    )
    assert said(found) == [None, ("exact", "The dog sleeps.")]


async def test_the_place_of_a_language_counts_where_both_say_it(collections: Collections) -> None:
    await MemoryKeeper(collections).save(MINE, [unit("Farbe", "color", source="de-DE", target="en-US")])
    finder = MemoryFinder(collections)
    for pair, expected in (
        (("de", "en"), "color"), (("de-AT", "EN_us"), "color"), (("de", "en-GB"), None), (("de", "fr"), None),
        (("en", "de"), None), (("nl", "en"), None),
    ):  # fmt: skip
        (found,) = await finder.find(MINE, pair, [Wanted("Farbe")])
        assert (found and found.translation) == expected, pair


async def test_no_memory_is_anybody_elses(collections: Collections) -> None:
    keeper = MemoryKeeper(collections)
    await keeper.save(MINE, [unit("Ja.", "Mine."), made("Nein.", "Mine.")])
    await keeper.save(EVERYBODY, [unit("Ja.", "Nobody's.")])
    for whose, expected in (
        (THEIRS, None),
        (ADMIN, None),
        (EVERYBODY, ("exact", "Nobody's.")),
        (MINE, ("exact", "Mine.")),
    ):
        assert said(await hits(collections, "Ja.", whose=whose)) == [expected]
    assert said(await hits(collections, "Nein.", whose=THEIRS, model="m@1")) == [None]
    found = await hits(collections, "Ja.")
    assert found[0] is not None
    assert await keeper.remove(THEIRS, [found[0].unit.id]) == 0
    assert await keeper.remove(ADMIN, [found[0].unit.id]) == 0
    assert await keeper.remove(MINE, [found[0].unit.id]) == 1
    assert said(await hits(collections, "Ja.")) == [None]


async def test_a_correction_replaces_its_own_unit_and_takes_back_only_that(collections: Collections) -> None:
    keeper, place = MemoryKeeper(collections), Place("d", 0, 3)
    await keeper.save(MINE, [unit("Ja.", "Yes.", at=AT)])
    for translation in ("Yup.", "Yup.", "Yeah."):
        await keeper.save(MINE, [unit("Ja.", translation, place=place)])
    assert await collections.memory.count_documents({}) == 2
    assert said(await hits(collections, "Ja.")) == [("exact", "Yeah.")]
    assert not await keeper.remove_at(THEIRS, place)
    assert await keeper.remove_at(MINE, place)
    assert not await keeper.remove_at(MINE, place)
    assert said(await hits(collections, "Ja.")) == [("exact", "Yes.")]


async def test_a_correction_and_its_unit_count_together(collections: Collections) -> None:
    keeper, place = MemoryKeeper(collections), Place("d", 0, 3)

    async def fail(session: Any) -> None:
        await keeper.save(MINE, [unit("Ja.", "Yes.", place=place)], session=session)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await collections.transactions.run("d", fail)
    assert said(await hits(collections, "Ja.")) == [None]


async def test_what_a_model_made_of_a_document_goes_with_it(collections: Collections) -> None:
    keeper = MemoryKeeper(collections)
    await keeper.save(MINE, [made("Ja.", "Yep."), unit("Nein.", "No.", place=Place("d", 0, 1))])
    assert await keeper.forget_document(MINE, "other") == 0
    assert await keeper.forget_document(THEIRS, "d", origin=None) == 0
    assert await keeper.forget_document(EVERYBODY, "d") == 1
    assert said(await hits(collections, "Ja.", "Nein.", model="m@1")) == [None, ("exact", "No.")]
    assert await keeper.forget_document(MINE, "d", origin=None) == 1
    assert said(await hits(collections, "Nein.", model="m@1")) == [None]


async def test_saving_again_changes_nothing(collections: Collections) -> None:
    keeper = MemoryKeeper(collections)
    units = [unit(f"Satz {number}.", f"Sentence {number}.", at=AT) for number in range(2500)]
    assert await keeper.save(MINE, [*units, *units]) == 2500
    assert await keeper.save(MINE, units) == 2500
    assert await collections.memory.count_documents({}) == 2500


async def test_half_a_pair_of_surrogates_is_looked_for_and_never_there(collections: Collections) -> None:
    assert said(await hits(collections, Wanted("\ud800 5", before="\udfff"))) == [None]
