"""Line breaks inside sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.writing import layout
from translator.writing.layout import flatten, restore


def test_a_hard_wrapped_sentence_keeps_its_lines() -> None:
    flat, breaks = flatten("Als Gregor Samsa eines Morgens erwachte, fand er\nsich in seinem Bett\n    verwandelt.")
    assert flat == "Als Gregor Samsa eines Morgens erwachte, fand er sich in seinem Bett verwandelt."
    translated = restore("When Gregor Samsa awoke one morning, he found himself changed in his bed.", breaks)
    assert [line.strip() for line in translated.splitlines()] == [
        "When Gregor Samsa awoke one morning, he found",
        "himself changed",
        "in his bed.",
    ]
    assert translated.splitlines()[2].startswith("    ")


def test_divided_words_are_joined() -> None:
    assert flatten("ein Unge-\nziefer")[0] == "ein Ungeziefer"
    assert flatten("Vor-\nund Nachteile")[0] == "Vor- und Nachteile"
    assert flatten("Baden-\nWürttemberg")[0] == "Baden- Württemberg"


def test_soft_hyphens_and_hard_spaces_do_not_reach_the_model() -> None:
    assert flatten("z.\u00a0B. Un\u00adgeziefer") == ("z. B. Ungeziefer", [])


def test_characters_without_width_do_not_reach_the_model() -> None:
    text = "Die\u202f5\u2009km lange \ufeffAuf\u200clage\u200b von \u200eOst\u2060ern"
    assert flatten(text) == ("Die 5 km lange Auflage von Ostern", [])
    assert flatten("Drei \U0001f468\u200d\U0001f469 hier") == ("Drei \U0001f468\u200d\U0001f469 hier", [])


@pytest.mark.parametrize(
    "end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", "\n> ", "\r\n> > ", "\n\t"]
)
def test_every_kind_of_line_end_is_put_back(end: str) -> None:
    flat, breaks = flatten(f"Wir haben lange darüber gesprochen und uns{end}dann entschieden.")
    assert flat == "Wir haben lange darüber gesprochen und uns dann entschieden."
    assert restore("We have talked about it for long and then decided.", breaks).count(end) == 1
    assert flatten(f"ein Unge-{end}ziefer")[0] == "ein Ungeziefer"


def test_most_sentences_are_taken_as_they_are() -> None:
    text = "Es war kein Traum."
    assert flatten(text) == (text, [])
    assert restore("It was no dream.", []) == "It was no dream."


@given(
    st.lists(st.tuples(st.text("abcä", min_size=1, max_size=9), st.sampled_from([" ", "\n", "\r\n  ", "\t", "   "]))),
    st.lists(st.text("xyz.", min_size=1, max_size=9)),
)
def test_no_word_is_lost_and_breaks_keep_their_order(source: list[tuple[str, str]], words: list[str]) -> None:
    text = "".join(word + space for word, space in source) + "Ende"
    flat, breaks = flatten(text)
    assert flat.split() == text.split()
    assert [one.space for one in breaks] == [space for _, space in source if space != " "]
    restored = restore(" ".join(words), breaks)
    assert restored.split() == words
    kept = min(len(breaks), max(0, len(words) - 1))
    position = 0
    for one in breaks[:kept]:
        position = restored.index(one.space, position) + len(one.space)


@pytest.mark.parametrize(
    ("source", "translation", "written"),
    [
        ("Es kostet 12,50\u202f€.", "It costs 12.50 €.", "It costs 12.50\u202f€."),
        ("Nach §\u00a05 und S.\u00a07", "After § 5 and page 7", "After §\u00a05 and page\u00a07"),
        ("1\u202f000\u202f000 km", "1 000 000 km", "1\u202f000\u202f000 km"),
        ("30\u00a0Grad, z.\u00a0B. hier", "30 degrees, for example here", "30 degrees, for example here"),
        ("12\u00a0€", "€12", "€12"),
    ],
)
def test_hard_spaces_beside_numbers_stay(source: str, translation: str, written: str) -> None:
    assert layout.with_hard_spaces(source, translation) == written
