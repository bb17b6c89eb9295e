"""Runs of office documents: joined for translation, and looks around the words that theirs became."""

import re
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from formats.document import Piece, Translated
from formats.office.runs import Item, Run, Runs, Thing
from formats.xml.splicing import Edits
from pipeline.alignment import Link
from tests.unit.formats.reading import aligned


def run(text: str, look: str = "") -> Run:
    return Run(text, look.encode(), f"<{look}>".encode(), f"</{look}>".encode())


def written(items: list[Item], *translated: Translated | str) -> str:
    runs, edits = Runs(items, (0, 1), str.encode), Edits()
    whole = (
        one if isinstance(one, Translated) else Translated([Piece(text, one)])
        for text, one in zip(runs.texts, translated, strict=True)
    )
    runs.write(list(whole), edits)
    return edits.spliced(b"x").decode()


def texts(*items: Item) -> list[str]:
    return list(Runs(items, (0, 1), str.encode).texts)


def test_runs_are_one_text_even_within_words() -> None:
    assert texts(run("Die Über"), run("schrift", "b"), run(" steht oben.")) == ["Die Überschrift steht oben."]


def test_a_look_goes_with_its_words() -> None:
    items: list[Item] = [run("Das "), run("alte Haus", "b"), run(" ist leer.")]
    became = aligned("Das alte Haus ist leer.", "Empty is the old house.", "0-2 1-3 2-4 3-1 4-0 5-5")
    assert written(items, became) == "<>Empty is the </><b>old house</b><>.</>"


def test_white_space_at_the_ends_of_a_look_stays_outside() -> None:
    items: list[Item] = [run("Das"), run(" alte ", "b"), run("Haus")]
    assert written(items, aligned("Das alte Haus", "The old house", "0-0 1-1 2-2")) == "<>The </><b>old</b><> house</>"


def test_tabs_and_line_breaks_part_texts_and_stay_in_their_places() -> None:
    items: list[Item] = [
        run("Montag\tBeginn"),
        Thing(b"[br]", "\n"),
        run("Musterweg 3"),
        Thing(b"[br]", "\n"),
        run("Ende"),
    ]
    assert texts(*items) == ["Montag", "Beginn", "Musterweg 3", "Ende"]
    assert (
        written(items, "Monday", "Start", "Musterweg 3", "End") == "<>Monday\tStart</>[br]<>Musterweg 3</>[br]<>End</>"
    )


def test_a_line_break_within_a_sentence_goes_with_the_words_before_it() -> None:
    items: list[Item] = [run("Unser Bericht über die"), Thing(b"[br]", "\n"), run("Lage der Stadt", "b")]
    (text,) = texts(*items)
    assert text == "Unser Bericht über die\nLage der Stadt"
    became = aligned(text, "Our report on the state of the city", "0-0 1-1 2-2 3-3 4-4 5-6 6-7")
    # The longer look is that of the paragraph; the other one is placed.
    assert re.sub(r"</?b?>", "", written(items, became)) == "Our report on the[br] state of the city"


def test_fields_stand_in_a_text_by_names() -> None:
    items: list[Item] = [run("Folie "), Thing(b"[n]"), run(" von "), Thing(b"[m]")]
    assert texts(*items) == ["Folie {k1} von {k2}"]
    assert written(items, "Slide {k1} of {k2}") == "<>Slide </>[n]<> of </>[m]"


def test_a_name_that_the_text_has_itself_is_not_taken() -> None:
    assert texts(run("Schreiben Sie {k1} als "), Thing(b"[n]")) == ["Schreiben Sie {k1} als {k2}"]


def test_what_is_no_language_is_not_asked_for() -> None:
    assert texts(run("12,5 %")) == texts(run("A-4711")) == texts(run("https://a.example/b?c=1")) == texts(run("")) == []
    assert texts(Thing(b"[n]"), run(" / "), Thing(b"[m]")) == []


def test_a_text_without_a_translation_stays_beside_one_with_it() -> None:
    items: list[Item] = [run("Erstens"), run("\tzweites ", "b"), run("Mal")]
    assert written(items, "First", "zweites Mal") == "<>First</><b>\tzweites </b><>Mal</>"


WORD = st.text("abcdeäßÖ&<", min_size=1, max_size=5)
PART = st.one_of(
    st.builds(
        run, st.lists(WORD, min_size=1, max_size=3).map(" ".join).map(" {} ".format), st.sampled_from(["", "b", "i"])
    ),
    st.builds(run, WORD, st.sampled_from(["", "b", "i"])),
    st.sampled_from([Thing(b"[br]", "\n"), Thing(b"[fld]"), run("\t")]),
)


@given(st.lists(PART, max_size=8), st.randoms(use_true_random=False))
def test_all_things_and_words_come_back_once_in_any_order(items: list[Item], chance: Random) -> None:
    runs = Runs(items, (0, 1), str.encode)
    made = []
    for text in runs.texts:
        # Names stand in a translation as they are, wherever.
        mine = [found.span() for found in re.finditer(r"\{k\d\}|[^\s{]+", text)]
        chance.shuffle(mine)
        links, translation = [], ""
        for start, end in mine:
            place = len(translation)
            translation += text[start:end] if text[start] == "{" else text[start:end].upper()
            links.append(Link((start, end), (place, len(translation)), 1.0))
            translation += " "
        made.append(Translated([Piece(text, translation.strip(), links)]))
    edits = Edits()
    runs.write(made, edits)
    found = edits.spliced(b"x").decode()
    for thing in (b"[br]", b"[fld]"):
        assert found.count(thing.decode()) == sum(isinstance(one, Thing) and one.raw == thing for one in items)
    letters = re.sub(r"\[\w+\]|</?[bi]?>|\s", "", found)
    before = "".join(one.text for one in items if isinstance(one, Run))
    assert sorted(letters.upper()) == sorted(re.sub(r"\s", "", before).upper())
    # Looks are closed before others begin.
    tags = re.findall(r"</?[bi]?>", found)
    assert all(other == f"</{one[1:]}" for one, other in pairwise(tags) if not one.startswith("</"))
