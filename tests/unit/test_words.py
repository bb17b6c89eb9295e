"""Words as the search compares them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from store.words import fold, marks, phrases, vocabulary, words
from tests.texts import CORNER_CASES, generated


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("Käfer", "kafer"),
        ("Ka\u0308fer", "Käfer"),
        ("Unge\u00adziefer", "ungeziefer"),
        ("ﬁnden", "finden"),
        ("Ἀθῆναι", "αθηναι"),
        ("İstanbul", "istanbul"),
    ],
)
def test_case_accents_and_dress_do_not_count(one: str, other: str) -> None:
    assert marks(phrases(other), f"vor {one}, nach") == [(4, 4 + len(one))]


def test_a_match_has_to_have_every_word_and_every_phrase_in_its_order() -> None:
    text = "Als Gregor Samsa eines Morgens aus unruhigen Träumen erwachte, erwachte Samsa."
    assert [text[start:end] for start, end in marks(phrases("samsa traumen"), text)] == ["Samsa", "Träumen", "Samsa"]
    assert [text[start:end] for start, end in marks(phrases('"gregor samsa"'), text)] == ["Gregor Samsa"]
    assert marks(phrases('"samsa gregor"'), text) == []
    assert marks(phrases("samsa käfer"), text) == []
    assert marks(phrases("sams"), text) == []


def test_what_stands_together_is_looked_for_together() -> None:
    assert phrases("z.B. e-mail") == [("z", "b"), ("e", "mail")]
    assert phrases('ein "offenes ende') == [("ein",), ("offenes", "ende")]
    assert marks(phrases("東京"), "私は東京に住む") == [(2, 4)]
    assert marks(phrases("京東"), "私は東京に住む") == []


def test_matches_that_overlap_are_one() -> None:
    assert marks(phrases('"a b" "b c"'), "a b c") == [(0, 5)]


@pytest.mark.parametrize("query", ["", "  ", "!?", '""', "word " * 33])
def test_queries_that_ask_for_nothing_or_too_much_are_refused(query: str) -> None:
    with pytest.raises(InputError, match="the query has"):
        phrases(query)


@given(generated)
def test_every_word_of_a_text_is_found_where_it_stands(text: str) -> None:
    for word, start, end in words(text):
        assert fold(word) == word
        if word:
            assert any(first <= start and end <= last for first, last in marks([(word,)], text))


@given(st.sampled_from(sorted(CORNER_CASES)))
def test_places_are_in_order_and_apart(name: str) -> None:
    text = CORNER_CASES[name]
    place = 0
    for _, start, end in words(text):
        assert place <= start < end <= len(text)
        place = end


@given(st.lists(generated, max_size=3))
def test_the_vocabulary_is_all_words_of_the_texts(texts: list[str]) -> None:
    assert vocabulary(texts) == {word for text in texts for word, _, _ in words(text) if word}
