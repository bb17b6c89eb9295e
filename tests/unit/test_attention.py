"""Attention by words, from attention by the pieces of a vocabulary."""

import pytest

from pipeline.alignment import words
from translator.attention import Attention, from_pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Er zahlt 1.234,50 €.", ["Er", "zahlt", "1.234,50", "€", "."]),
        ("Don’t, please (now)!", ["Don’t", ",", "please", "(", "now", ")", "!"]),
        ("Dampf\u00adschiff um 14:30", ["Dampf\u00adschiff", "um", "14:30"]),
        ("X1 und 3D", ["X1", "und", "3D"]),
        ("你好 नमस्ते", ["你", "好", "नमस्ते"]),
        ("snake_case\n\t-", ["snake", "_", "case", "-"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in words(text)] == expected


def test_pieces_of_a_word_are_added_up_in_the_source_and_averaged_in_the_target() -> None:
    attention = from_pieces(
        [" Groß", "mutter", " lacht", ".", ""],
        [" Gran", "ny", " laughs", "."],
        [
            [0.5, 0.3, 0.1, 0.0, 0.1],
            [0.1, 0.5, 0.2, 0.0, 0.2],
            [0.0, 0.1, 0.8, 0.0, 0.1],
            [0.0, 0.0, 0.1, 0.3, 0.6],
        ],
    )
    assert attention == Attention(
        "Großmutter lacht.", "Granny laughs.", ((0.7, 0.15, 0.0), (0.1, 0.8, 0.0), (0.0, 0.1, 0.3))
    )
    assert attention.made_of() == [0, 1, 2]
    assert attention.became() == [0, 1, 2]
    assert attention.coverage() == pytest.approx([0.8, 1.05, 0.3])


def test_a_piece_with_two_words_counts_for_both_and_no_more_than_it_has() -> None:
    attention = from_pieces([" (a", ").", " b"], [" a", "."], [[0.4, 0.4, 0.2], [0.0, 1.0, 0.0]])
    assert [attention.source[start:end] for start, end in words(attention.source)] == ["(", "a", ")", ".", "b"]
    assert attention.weights == ((0.2, 0.2, 0.2, 0.2, 0.2), (0.0, 0.0, 0.5, 0.5, 0.0))


def test_a_word_from_which_nothing_was_made_is_uncovered() -> None:
    attention = Attention("Er kam gestern", "He came", ((0.9, 0.0, 0.0), (0.0, 0.9, 0.0)))
    assert attention.became() == [0, 1, None]
    assert attention.coverage() == [0.9, 0.9, 0.0]


def test_pieces_without_text_make_no_words() -> None:
    assert from_pieces(["", ""], [], []) == Attention("", "", ())
    assert from_pieces([" ", " a"], [" ", "a", ""], [[1, 0], [0, 1], [0, 0]]).weights == ((1.0,),)
