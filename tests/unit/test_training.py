"""Making a boundary model."""

import random

from segmenter.candidates import find
from segmenter.training.examples import examples_of, examples_of_pairs
from segmenter.training.made import made
from segmenter.training.regression import Example, fit
from segmenter.training.texts import endings_of, joined, lexicon_of


def test_the_lexicon_says_how_words_are_written_inside_of_a_sentence() -> None:
    texts = ["Heute geht der Hund in das Haus, und er bellt laut. Nun kommt der Hund zurück."] * 100
    lexicon = lexicon_of(iter(texts), 0.99)
    assert lexicon["der"] == "s"
    assert lexicon["hund"] == "u"
    assert "heute" not in lexicon, "at the beginning of a sentence its capital letter says nothing"


def test_weights_part_what_differs_and_leave_out_what_does_not() -> None:
    examples = [Example(["always", "yes" if label else "no"], label, 1.0) for label in (True, False)] * 50
    weights = fit(examples, least=2, steps=100)
    assert weights["yes"] > 1 > -1 > weights["no"]
    assert "always" not in weights
    assert weights == fit(examples, least=2, steps=100)


def test_a_marker_of_a_list_is_no_example() -> None:
    text = "1. Der Anfang ist schwer. Das Ende auch.\n2. Die Mitte"
    starts = {0, text.index("Das"), text.index("2.")}
    found = examples_of([(text, starts)], {}, "s")
    assert [example.label for example in found] == [True, True]


def test_lines_that_are_joined_begin_sentences() -> None:
    lines = [("Am 3. Mai kam er.", "He came on May 3."), ("Er blieb. Sie ging.", "He stayed. She went.")]
    text, labels = joined(lines, {}, random.Random(1))
    places = {candidate.place: labels.get(candidate.place) for candidate in find(text, {}, "s")}
    assert places == {text.index("Mai"): False, text.index("Er"): True, text.index("Sie"): None}


def test_places_that_nobody_labelled_are_taken_when_the_first_model_is_sure() -> None:
    lines = [("Er blieb. Sie ging.", "He stayed. She went.")]
    assert [one.label for one in examples_of_pairs(lines, {}, "s", {".": 9.0})] == [True]
    assert [one.label for one in examples_of_pairs(lines, {}, "s", {".": 0.5})] == []


def test_endings_say_which_words_end_sentences() -> None:
    lines = ["Sie kommt mit dem Zug an."] * 200 + ["Der Zug kommt nicht"] * 200
    assert endings_of(iter(lines)) == {"sie": "n", "kommt": "n", "mit": "n", "dem": "n", "zug": "n", "an": "o"} | {
        "der": "n",
        "nicht": "n",
    }


def test_sentences_made_of_frames_begin_where_they_say() -> None:
    for text, starts in made(["Der Omnibus kam."], {"der": "s"}, 50):
        places = sorted(starts)
        pieces = [text[start:end].strip() for start, end in zip(places, [*places[1:], len(text)], strict=True)]
        assert pieces[1::2] == ["Der Omnibus kam."] * 3
        assert all("Omnibus" not in piece for piece in pieces[::2])
