"""Markup that is no tags, around the words that its words became."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.document import Piece, Translated
from formats.errors import ChangedError
from formats.joining import by_text
from formats.strings.inline import Fragment, Mark, Placed, Span, Words, place
from pipeline.alignment import Link, words


def linked(source: str, translation: str, pairs: list[tuple[int, int]]) -> Piece:
    """Return a sentence whose words belong together as `pairs` of their numbers say."""
    here, there = words(source), words(translation)
    return Piece(source, translation, [Link(here[one], there[other], 1.0) for one, other in pairs])


def read(fragments: list[Fragment]) -> str:
    return "".join(part.text for part in fragments if isinstance(part, Words))


def test_a_span_stands_around_the_words_that_its_words_became() -> None:
    piece = linked("Der alte Turm steht.", "The old tower stands.", [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)])
    assert place([Span(4, 13, 1), Span(9, 13, 2)], [Mark(13, 7)], Translated([piece])) == [
        Words("The ", ()),
        Words("old ", (1,)),
        Words("tower", (1, 2)),
        Placed(7, ()),
        Words(" stands.", ()),
    ]


def test_words_that_change_their_order_take_their_markup_along() -> None:
    piece = linked("gut schlecht", "bad good", [(0, 1), (1, 0)])
    assert place([Span(0, 3, 1), Span(4, 12, 2)], [], Translated([piece])) == [
        Words("bad", (2,)),
        Words(" ", ()),
        Words("good", (1,)),
    ]


def test_a_span_over_two_sentences_stands_around_both() -> None:
    text = Translated([Piece("Ja. ", None), linked("Nein danke.", "No thanks.", [(0, 0), (1, 1), (2, 2)])])
    assert place([Span(0, 8, 5)], [], text) == [Words("Ja. No", (5,)), Words(" thanks.", ())]


def test_a_line_break_comes_back_where_it_comes_out() -> None:
    piece = linked("Erste\nzweite", "first\nsecond", [(0, 0), (1, 1)])
    found = place([], [Mark(5, 3, breaks=True)], Translated([piece]))
    assert found == [Words("first", ()), Placed(3, ()), Words("second", ())]


def test_a_field_comes_back_where_its_name_comes_out() -> None:
    text = "Seite {k1} von {k2}"
    marks = [Mark(6, 1, name="{k1}"), Mark(15, 2, name="{k2}")]
    assert place([], marks, Translated([Piece(text, "Page {k1} of {k2}")])) == [
        Words("Page ", ()),
        Placed(1, ()),
        Words(" of ", ()),
        Placed(2, ()),
    ]
    assert place([], marks, Translated([Piece(text, None)])) == [
        Words("Seite ", ()),
        Placed(1, ()),
        Words(" von ", ()),
        Placed(2, ()),
    ]
    lost = place([], marks, Translated([Piece(text, "Page")]))
    assert read(lost) == "Page"
    assert [part.key for part in lost if isinstance(part, Placed)] == [1, 2]


def test_private_characters_of_a_text_are_letters_as_others() -> None:
    text = "a\ue000b\ue003 \ue004c"
    assert place([Span(0, 4, 1)], [], Translated([Piece(text, text.upper())])) == [
        Words(text.upper()[:4], (1,)),
        Words(text.upper()[4:], ()),
    ]


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Span], list[Mark], Piece]:
    """Return a sentence with nested spans and marks, and a translation with its words in any order."""
    tokens = draw(st.lists(st.sampled_from(["Haus", "und", "1.234", "Tür", ",", "\ue001x"]), min_size=1, max_size=9))
    text = " ".join(tokens)
    spans: list[Span] = []

    def within(start: int, end: int, depth: int) -> None:
        position = start
        while depth and position < end and draw(st.booleans()):
            first = draw(st.integers(position, end - 1))
            last = draw(st.integers(first + 1, end))
            spans.append(Span(first, last, draw(st.integers(0, 3))))
            within(first, last, depth - 1)
            position = last

    within(0, len(text), 3)
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    order = draw(st.permutations(range(len(tokens))))
    translation = " ".join(tokens[number].upper() for number in order)
    here, there = words(text), words(translation)
    links = draw(st.lists(st.tuples(st.sampled_from(here), st.sampled_from(there)), max_size=12))
    piece = Piece(text, translation, [Link(one, other, 0.5) for one, other in links])
    return text, spans, [Mark(at, 100 + number) for number, at in enumerate(places)], piece


@given(marked())
def test_every_mark_is_there_once_and_no_word_is_lost(
    drawn: tuple[str, list[Span], list[Mark], Piece],
) -> None:
    text, spans, marks, piece = drawn
    for one in (piece, Piece(text, None)):
        found = place(spans, marks, Translated([one]))
        assert read(found) == Translated([one]).text
        assert Counter(part.key for part in found if isinstance(part, Placed)) == Counter(mark.key for mark in marks)
        assert {key for part in found for key in part.keys} <= {span.key for span in spans}


@given(marked())
def test_what_is_not_translated_has_its_markup_as_it_was(
    drawn: tuple[str, list[Span], list[Mark], Piece],
) -> None:
    text, spans, marks, _ = drawn
    position = 0
    for part in place(spans, marks, Translated([Piece(text, None)])):
        if isinstance(part, Words):
            for place_ in range(position, position + len(part.text)):
                assert list(part.keys) == [span.key for span in spans if span.start <= place_ < span.end]
            position += len(part.text)


@given(st.lists(st.text("ab .", min_size=1, max_size=6).map(str.strip).filter(bool), max_size=5), st.data())
def test_pieces_of_a_document_come_back_to_its_texts(texts: list[str], data: st.DataObject) -> None:
    pieces: list[Piece] = []
    for number, text in enumerate(texts):
        if number:
            pieces.append(Piece("\n\n", None))
        cut = data.draw(st.integers(0, len(text)))
        pieces += [Piece(text[:cut], None), Piece(text[cut:], text[cut:].upper())]
    joined: list[Piece] = []
    for piece in pieces:
        # As the store has them: what is between sentences is one stretch.
        if joined and piece.translation is None and joined[-1].translation is None:
            joined[-1] = Piece(joined[-1].source + piece.source, None)
        elif piece.source:
            joined.append(piece)
    found = list(by_text(texts, joined))
    assert [one.source for one in found] == texts
    assert "".join(one.text for one in found).upper() == "".join(texts).upper()


@pytest.mark.parametrize("other", [["Ein Text"], ["Ein Text", "noch einer", "mehr"], ["Ein", "Text\n\nnoch einer"]])
def test_a_file_that_gives_other_texts_is_refused(other: list[str]) -> None:
    pieces = [Piece("Ein Text", "A text"), Piece("\n\n", None), Piece("noch einer", "another one")]
    with pytest.raises(ChangedError, match="send the file again"):
        list(by_text(other, pieces))
