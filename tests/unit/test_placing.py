"""Marks back into translations."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alignment import words
from translator.attention import Attention
from translator.kept.masks import Masked, lift, mask, unmask
from translator.kept.placing import place


def attention(source: str, target: str, made_of: str) -> Attention:
    """Return the attention where each word of a translation was made from one of the source, named in pairs."""
    pairs = dict(pair.split("=") for pair in made_of.split())
    origins = [source[start:end] for start, end in words(source)]
    rows = []
    for start, end in words(target):
        origin = pairs.get(target[start:end], target[start:end])
        rows.append(tuple(float(one == origin) for one in origins))
    return Attention(source, target, tuple(rows))


def placed(text: str, translation: str, made_of: str | None) -> str:
    masked = lift(mask(text))
    seen = [attention(masked.text, translation, made_of)] if made_of is not None else [None]
    return unmask(place(translation, masked, seen), masked)


@pytest.mark.parametrize(
    ("text", "translation", "made_of", "expected"),
    [
        (
            "Heute ist **das Wetter** schön.",
            "The weather is fine today.",
            "The=das weather=Wetter is=ist fine=schön today=Heute",
            "**The weather** is fine today.",
        ),
        ("*Rot* und **Blau**", "Blue and red", "Blue=Blau and=und red=Rot", "**Blue** and *red*"),
        (
            "Das *ist **sehr** gut* so",
            "So it is very good",
            "it=Das is=ist very=sehr good=gut So=so",
            "So it *is **very** good*",
        ),
        (
            "Peter[^1] kommt, Anna[^2] geht.",
            "Anna goes, Peter comes.",
            "goes=geht comes=kommt",
            "Anna[^2] goes, Peter[^1] comes.",
        ),
        ("**Alles ist gut.**", "All is well.", "", "**All is well.**"),
        ("**Alles ist gut**.", "All is well.", "", "**All is well**."),
        ("Ein Ende.[^1]", "One end.", "", "One end.[^1]"),
        ("| **Fett**", "| bold", "", "| **bold**"),
        ("Wort (*nur* hier)", "Word (only here)", "Word=Wort only=nur here=hier", "Word (*only* here)"),
        ("Das **„Wort“** gilt", "The “word” counts", "The=Das word=Wort counts=gilt", "The **“word”** counts"),
        ("Ende.<br>Der Anfang", "End. The start", "End=Ende The=Der start=Anfang", "End.<br>The start"),
        ("Siehe {a} und **{b}**", "See X2 and X1", "See=Siehe and=und", "See **{b}** and {a}"),
        ("Das ist **sehr** gut", "Very good, it is", None, "Very good, **it** is"),
        ("Das ist **gut**", "", "", "****"),
        ("wort **<b>**** und ", "word word", "", "word* **<b>**word"),
        ("Das ist **gut**", "…", "", "…****"),
    ],
)
def test_marks_go_where_their_words_went(text: str, translation: str, made_of: str | None, expected: str) -> None:
    assert placed(text, translation, made_of) == expected


MARKS = [
    "**",
    "*",
    "~~",
    "<b>",
    "</b>",
    "<br/>",
    "[",
    "](a.md)",
    "[^1]",
    "{% if a %}",
    "{% endif %}",
    "<0>",
    "</0>",
    "_",
]


@given(
    parts=st.lists(st.sampled_from([*MARKS, "wort", "Haus", " ", " ", " und ", ". ", ", ", "{x}"]), max_size=25),
    translation=st.lists(st.sampled_from(["word", "house", "and", ".", ",", "X1", "“so”", "(x)"]), max_size=12),
    seed=st.randoms(use_true_random=False),
)
def test_every_mark_comes_out_once_and_stretches_stay_nested(
    parts: list[str], translation: list[str], seed: Random
) -> None:
    text = "".join(parts)
    masked = lift(mask(text))
    target = " ".join(translation)
    rows = tuple(tuple(round(seed.random(), 3) for _ in words(masked.text)) for _ in words(target))
    for seen in ([Attention(masked.text, target, rows)], [None]):
        found = place(target, masked, seen)
        characters = [one for one in found if one in masked.marks]
        assert sorted(characters) == sorted(character for _, character in masked.places)
        assert re.sub("[\U000f0000-\U000ffffd]", "", found) == target
        assert_nested(characters, masked)


def assert_nested(characters: list[str], masked: Masked) -> None:
    opened: list[str | None] = []
    closing = {mark.partner for mark in masked.marks.values() if mark.partner}
    for character in characters:
        if partner := masked.marks[character].partner:
            opened.append(partner)
        elif character in closing:
            assert opened.pop() == character
    assert not opened
