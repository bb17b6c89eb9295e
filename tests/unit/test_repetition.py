"""Words that stand twice in a row in a translation, and not in its source."""

import pytest

from translator import repetition


@pytest.mark.parametrize(
    ("source", "text", "once"),
    [
        ("Das ist ein neues Wohnheim.", "This is a new home home.", "This is a new home."),
        ("Am 3. Mai.", "On 3 May May.", "On 3 May."),
        ("Im Theater.", "In The the theatre.", "In The theatre."),
        ("Sehr, sehr gut.", "Very very good.", "Very very good."),
        ("Er wohnt in Baden-Baden.", "He lives in Baden Baden.", "He lives in Baden Baden."),
        ("Die Partei.", "The party party party.", "The party party party."),
        ("Das hatte der Mann gehabt.", "That man had had that.", "That man had had that."),
        ("Um 7:30 30 Leute.", "At 7:30 30 people.", "At 7:30 30 people."),
    ],
)
def test_a_word_stands_once_where_the_source_has_it_once(source: str, text: str, once: str) -> None:
    assert repetition.once(source, text) == once


@pytest.mark.parametrize(
    ("source", "text", "echoes"),
    [
        ("Die zweite Viertelstunde", "the second quarter of the quarter", True),
        ("Ohne Zucker", "No sugar without sugar", True),
        ("Vor der Pause", "the break before the break", True),
        ("Schritt für Schritt", "step for step", False),
        ("Er kam Tag für Tag.", "He came day after day.", False),
        ("Er kam täglich.", "He came day after day.", False),
        ("Nebeneinander", "side by side", False),
        ("Er ist so groß wie du.", "He is as much as much can be.", False),
        ("Herzliche Grüße aus der Schweiz", "Switzer Switzerland's greetings", True),
        ("Verstehe Verständnis", "Understand understanding", False),
    ],
)
def test_echoes_are_heard(source: str, text: str, *, echoes: bool) -> None:
    assert repetition.echoes(source, text) == echoes
