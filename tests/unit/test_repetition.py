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
