"""How texts are laid out around their sentences."""

from pathlib import Path

import pytest

from segmenter.splitter import Splitter
from store.layout import LONGEST, Layout, layouts
from tests.conftest import ROOT

SPLITTER = Splitter(ROOT / "models")
POEM = "Der Abend kommt,\nDie Nacht ist nah.\nEs schweigt der Wald,\nUnd keiner sah.\n"


def laid(text: str) -> list[tuple[str, Layout]]:
    """Return the sentences of a text as the segmenter finds them, each with its layout."""
    spans = [place for span in SPLITTER.spans(text, "de") for place in span]
    return [
        (" ".join(text[start:end].split()), one)
        for start, end, one in zip(spans[::2], spans[1::2], layouts(text, spans), strict=True)
    ]


def paragraphs(text: str) -> list[list[str]]:
    """Return the sentences of a text by paragraph."""
    found: list[list[str]] = []
    for index, (words, one) in enumerate(laid(text)):
        if one.paragraph == index:
            found.append([])
        found[-1].append(words)
    return found


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_paragraphs_are_what_blank_lines_part_whatever_ends_lines(end: str) -> None:
    text = (
        "Er ging lange durch die stille Stadt und sah dabei niemanden. Es war\nNacht geworden. Niemand rief ihn."
        "\n\nDann kam sie."
    )
    assert paragraphs(text.replace("\n", end)) == [
        [
            "Er ging lange durch die stille Stadt und sah dabei niemanden.",
            "Es war Nacht geworden.",
            "Niemand rief ihn.",
        ],
        ["Dann kam sie."],
    ]


def test_a_sentence_that_ends_with_its_line_by_chance_goes_on_in_its_paragraph() -> None:
    text = (
        "Als er am anderen Morgen erwachte, war es heller Tag geworden und die\n"
        "Sonne schien warm in das kleine Zimmer mit dem einen schmalen Fenster.\n"
        "Sogleich stand er auf und ging hinunter in den Garten, wo schon seine\n"
        "Mutter auf ihn wartete und mit ihm sprach."
    )
    assert len(paragraphs(text)) == 1


def test_paragraphs_may_be_indented_or_lines() -> None:
    wrapped = (
        "Als er am anderen Morgen erwachte, war es heller Tag geworden und die\n"
        "Sonne schien warm in das kleine Zimmer.\n"
        "   Sogleich stand er auf und ging hinunter in den Garten, wo schon seine\n"
        "Mutter auf ihn wartete."
    )
    assert [len(one) for one in paragraphs(wrapped)] == [1, 1]
    long = "Er ging am Abend noch einmal durch die ganze Stadt. Niemand war da, der ihn gesehen hätte.\n"
    assert [len(one) for one in paragraphs(long * 3)] == [2, 2, 2]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_verse_keeps_its_lines(end: str) -> None:
    found = laid(POEM.replace("\n", end) + end + "Und so endet das Lied, das er sang.")
    assert [(one.kind, one.line) for _, one in found] == [
        ("lines", False),
        ("lines", True),
        ("lines", True),
        ("lines", True),
        ("prose", False),
    ]
    assert [one.paragraph for _, one in found] == [0, 0, 0, 0, 4]


def test_what_stands_between_is_told() -> None:
    found = laid("Ein Satz steht hier.\n\n* * *\n\nDann:\n- das Brot\n- die Milch\n")
    assert [(one.above, one.before) for _, one in found] == [("", ""), ("* * *", ""), ("", "-"), ("", "-")]


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("DRITTES KAPITEL", 2),
        ("Drittes Kapitel", 2),
        ("Kapitel 12: Der Abend", 2),
        ("Chapter IV", 2),
        ("Erster Teil", 1),
        ("Art 12a", 2),
        ("§ 3 Mietzins", 2),
        ("IV. Das Haus am See", 2),
        ("DIE VERWANDLUNG", 2),
        ("Vorwort", 2),
        ("Er kam.", 0),
        ("»NEIN!«, rief er.", 0),
        ("Ich ging.", 0),
        ("I. Der Mieter zahlt die Miete.", 0),
        ("Art. 5 ist hier anzuwenden.", 0),
        ("3. Der Mieter zahlt", 0),
        ("Kapitel 12,", 0),
        ("Einleitung in die Chemie ist ein gutes Buch, das er las.", 0),
    ],
)
def test_headings_are_told_by_how_they_are_written(words: str, level: int) -> None:
    found = laid(f"Ein Satz davor.\n\n{words}\n\nEin Satz dahinter.")
    assert found[1][1].level == level


def test_headings_of_markdown_have_their_levels() -> None:
    found = laid("# Eins\n\nEin Satz.\n\n## Zwei\n\nEin Satz.\n\nDrei\n====\n\nEin Satz.")
    assert [one.level for _, one in found] == [1, 0, 2, 0, 1, 0]


def test_paragraphs_are_bounded() -> None:
    firsts = {one.paragraph for _, one in laid("Das ist ein Satz. " * 250)}
    assert firsts == {0, LONGEST, 2 * LONGEST}


BOOKS = {
    "die-verwandlung.txt": ["DIE VERWANDLUNG", "I.", "II.", "III."],
    "immensee.txt": ["VORREDE", "EINLEITUNG", "DER ALTE", "DIE KINDER", "IM WALDE", "DA STAND DAS KIND AM WEGE", "DAHEIM",
                     "EIN BRIEF", "MEINE MUTTER HAT'S GEWOLLT", "ELISABETH"],
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_books_have_their_chapters(name: str) -> None:
    text = Path(ROOT / "examples" / name).read_text(encoding="utf-8")
    headings = [words for words, one in laid(text) if one.level]
    assert set(BOOKS[name]) <= set(headings)
    assert len(headings) < 25
