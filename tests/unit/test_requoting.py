"""Quotation marks that a model lost."""

import pytest

from pipeline.alignment import words
from translator.attention import Attention
from translator.writing.requoting import place


def attention(source: str, target: str, made_of: list[str]) -> Attention:
    """Return an attention in which each word of the target was made from one of the source, given by its text."""
    there = [source[start:end] for start, end in words(source)]
    rows = [tuple(float(word == one) for word in there) for one in made_of]
    return Attention(source, target, tuple(rows))


@pytest.mark.parametrize(
    ("source", "target", "made_of", "expected"),
    [
        (
            'Das ist "sehr" gut.',
            "That is very good.",
            ["Das", "ist", "sehr", "gut", "."],
            'That is "very" good.',
        ),
        (
            '"Wo ist er?", fragte sie.',
            'Where is he?" she asked.',
            ["Wo", "ist", "er", "?", "-", "sie", "fragte", "."],
            '"Where is he?" she asked.',
        ),
        (
            'Er las das Buch "Die Hexe".',
            "He has read the witch.",
            ["Er", "las", "las", "Die", "Hexe", "."],
            'He has read "the witch".',
        ),
        (
            "Sie sagte: \"Er rief 'Halt' laut.",
            "She said he called Stop loudly.",
            ["Sie", "sagte", "Er", "rief", "Halt", "laut", "."],
            'She said "he called "Stop" loudly.',
        ),
    ],
)
def test_marks_go_around_what_was_made_from_their_words(
    source: str, target: str, made_of: list[str], expected: str
) -> None:
    assert place(target, attention(source, target, made_of)) == expected


def test_marks_whose_words_were_left_out_have_no_place() -> None:
    source, target = 'Das ist "sehr" gut.', "That is good."
    assert place(target, attention(source, target, ["Das", "ist", "gut", "."])) is None
