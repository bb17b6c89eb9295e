"""Text into sentences."""

import json
import textwrap
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SetupError
from pipeline.events import Splitting
from pipeline.parts import before_joined, cut
from segmenter import blocks, marks, splitter
from segmenter.lines import lines_of
from segmenter.splitter import LONGEST, Splitter
from tests.conftest import MODELS, ROOT
from tests.texts import CORNER_CASES, generated

SPLITTER = Splitter(MODELS)
HARD = (ROOT / "tests/data/hard_sentences_de.jsonl").read_text(encoding="utf-8").splitlines()


def sentences(text: str, language: str = "de") -> list[str]:
    return [text[start:end] for start, end in SPLITTER.spans(text, language)]


def check(text: str, language: str, *, prose: bool = True) -> None:
    """Spans are in order and have text; letters outside them stand in list markers only, or in what is no prose."""
    spans = SPLITTER.spans(text, language)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    covered = {place for span in spans for place in range(*span)}
    covered |= {place for line in lines_of(text) for place in range(line.start, line.start + marks.marker(line.text))}
    if not prose:
        edges = [0, *(place for block in blocks.read(text).blocks for place in block), len(text)]
        covered |= {place for start, end in zip(edges[::2], edges[1::2], strict=True) for place in range(start, end)}
    outside = [character for place, character in enumerate(text) if place not in covered]
    assert not any(character.isalpha() for character in outside)
    for start, end in spans:
        assert marks.has_text(text[start:end])
        assert text[start:end] == text[start:end].strip()


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("name", CORNER_CASES)
def test_nothing_that_can_be_translated_is_left_out(name: str, language: str) -> None:
    for part in cut(CORNER_CASES[name]):
        check(part, language)


@given(generated)
@settings(max_examples=200)
def test_any_text(text: str) -> None:
    check(text, "de", prose=False)
    check(text, "en", prose=False)


@given(st.text(st.sampled_from(list(" \n\r\u2028.!?,-–»«„“'\"()0159aäßnrZÜE\u0301\u200b\ufeff😀")), max_size=200))
@settings(max_examples=100)
def test_no_word_of_prose_is_left_out(text: str) -> None:
    check(text, "de")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Summe:\n\n1.250\n\n12.345,67 €\n\n-3,5 %\n", ["Summe:", "1.250", "12.345,67 €", "-3,5 %"]),
        ("Miete\t750,50\n", ["Miete", "750,50"]),
        ("17\n\n2024\n\n12:30\n\n01.02.2024\n\n1.2\n\n- 5 -\n\n030.123\n", []),
    ],
)
def test_an_amount_alone_is_a_span_and_no_other_number(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_hard_cases() -> None:
    wrong = []
    for line in HARD:
        case = json.loads(line)
        found = sentences(case["text"])
        # List markers, the dash of speech and signs at the end stay outside.
        wanted = [one[slice(*marks.trim(one, 0, len(one)))] for one in case["sentences"]]
        if len(found) != len(wanted) or not all(map(str.endswith, wanted, found)):
            wrong.append(case["text"])
    assert len(HARD) == 60
    assert wrong == []


def test_a_hard_wrapped_sentence_is_one_sentence() -> None:
    text = (
        "Im Bewußtsein seiner Verantwortung vor Gott und den Menschen,\n"
        "von dem Willen beseelt, als gleichberechtigtes Glied in einem\n"
        "vereinten Europa dem Frieden der Welt zu dienen, hat sich das Deutsche\n"
        "Volk kraft seiner verfassungsgebenden Gewalt dieses Grundgesetz\n"
        "gegeben. Damit gilt dieses Grundgesetz für das gesamte Deutsche\n"
        "Volk.\n"
    )
    assert len(sentences(text)) == 2
    assert sentences(text.replace("\n", "\r\n"))[1] == "Damit gilt dieses Grundgesetz für das gesamte Deutsche\r\nVolk."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
@pytest.mark.parametrize("width", [45, 55, 65, 75])
def test_a_book_has_the_same_sentences_however_wide_its_lines_are(width: int, end: str) -> None:
    book = (ROOT / "examples/die-verwandlung.txt").read_text(encoding="utf-8")
    paragraphs = [" ".join(one.split()) for one in book.split("\n\n")]
    paragraphs = [one for one in paragraphs if len(one) > 200 and one.count(". ") > 1]
    wrapped = (textwrap.wrap(one, width, break_long_words=False, break_on_hyphens=False) for one in paragraphs)
    found = sentences((end * 2).join(end.join(lines) for lines in wrapped))
    assert [" ".join(one.split()) for one in found] == sentences("\n\n".join(paragraphs))


def test_a_hard_wrapped_sentence_of_a_quoted_mail_is_one_sentence() -> None:
    text = (
        "Am Montag schrieb Frau Albers:\n"
        "> Wir haben gestern lange über den neuen Plan gesprochen und uns\n"
        "> dann doch für den alten entschieden. Er ist besser.\n"
        ">\n"
        "> > Welcher Plan ist\n"
        "> > der neue?\n"
        "Gut so!\n"
    )
    assert sentences(text) == [
        "Am Montag schrieb Frau Albers:",
        "Wir haben gestern lange über den neuen Plan gesprochen und uns\n> dann doch für den alten entschieden.",
        "Er ist besser.",
        "Welcher Plan ist\n> > der neue?",
        "Gut so!",
    ]


def test_a_dash_does_not_end_a_sentence() -> None:
    text = (
        "Über dem Tisch, auf dem eine Musterkollektion von Tuchwaren ausgebreitet war --\n"
        "Samsa war Reisender --, hing das Bild.\n"
    )
    assert sentences(text) == [text.strip()]


def test_headings_and_paragraphs() -> None:
    text = "ERSTES KAPITEL\nDer Anfang war leicht. Das Ende\n\nÜberschrift ohne Punkt\n\nEin Satz.\n"
    assert sentences(text) == [
        "ERSTES KAPITEL",
        "Der Anfang war leicht.",
        "Das Ende",
        "Überschrift ohne Punkt",
        "Ein Satz.",
    ]


def test_markers_stay_outside() -> None:
    text = "# Titel\n\n1. Mehl sieben.\n2.1 Eier rühren.\n(3) Backen.\n- Salz\n  * Pfeffer\nIV. - Der Bund\n> Zitat.\n"
    assert sentences(text) == [
        "Titel",
        "Mehl sieben.",
        "Eier rühren.",
        "Backen.",
        "Salz",
        "Pfeffer",
        "Der Bund",
        "Zitat.",
    ]


def test_numbers_that_begin_a_sentence_are_no_markers() -> None:
    assert sentences("42 Jahre war er alt.") == ["42 Jahre war er alt."]
    assert sentences("3. Oktober ist Feiertag.") == ["3. Oktober ist Feiertag."]
    assert sentences("1989 fiel die Mauer.") == ["1989 fiel die Mauer."]


def test_cells_of_a_table_are_units() -> None:
    assert sentences("Name\tAlter\tOrt\nAnna\t42\tUlm\n") == ["Name", "Alter", "Ort", "Anna", "Ulm"]


def test_what_has_no_letters_is_no_sentence() -> None:
    assert sentences("***\n\n1990\n\n----\n\n😀\n") == []


def test_ideographic_full_stops() -> None:
    assert sentences("今日は。元気ですか？はい。", "ja") == ["今日は。", "元気ですか？", "はい。"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 20_000, id="a word without end"),
        pytest.param("e\u0301" * 10_000, id="combining marks"),
        pytest.param("\U0001f468\u200d\U0001f469\u200d\U0001f467a" * 2_000, id="joined emoji"),
        pytest.param("Salz, " * 4_000, id="a list"),
        pytest.param("wort " * 4_000, id="words"),
        pytest.param("viele Wörter, die so lang wie die Zeile sind,\r\n" * 600, id="lines"),
    ],
)
def test_text_without_ends_of_sentences_is_cut(text: str) -> None:
    spans = SPLITTER.spans(text, "de")
    check(text, "de")
    assert max(end - start for start, end in spans) <= splitter.LONGEST
    assert len(spans) <= 2 + 2 * len(text) // splitter.LONGEST, "and no more often than it has to be"
    for start, _ in spans[1:]:
        assert before_joined(text, start) == start, "nothing that a reader sees as one character is cut"


def test_a_list_is_cut_at_its_commas() -> None:
    assert all(sentence.endswith(",") for sentence in sentences("Salz, " * 1_000))


def test_words_far_apart_are_sentences_of_their_own() -> None:
    assert sentences("Hallo" + " " * 20_000 + "Welt.") == ["Hallo", "Welt."]


def test_several_threads_may_split_at_once() -> None:
    texts = [
        (ROOT / "examples/immensee.txt").read_text(encoding="utf-8")[n * 5_000 : (n + 1) * 5_000] for n in range(8)
    ]
    expected = [SPLITTER.spans(text, "de") for text in texts]
    with ThreadPoolExecutor(4) as threads:
        for _ in range(2):
            assert list(threads.map(lambda text: SPLITTER.spans(text, "de"), texts)) == expected


def test_a_folder_of_models_for_translating_alone_is_enough(tmp_path: Path) -> None:
    assert Splitter(tmp_path).spans("Ja. Nein.", "de") == SPLITTER.spans("Ja. Nein.", "de")


def test_missing_models_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmenter.splitter.BUNDLED", ROOT / "nowhere")
    with pytest.raises(SetupError, match="SATZSTROM_MODELS"):
        Splitter(ROOT / "nowhere")


WRAPPED = "Das ist ein Haus. Der Hund\nschläft vor der Tür.\r\nZutaten:\n200 g Mehl\n \nNeuer Absatz. Ja.\n"


@pytest.mark.parametrize(
    ("splitting", "expected"),
    [
        ("none", ["Das ist ein Haus. Der Hund\nschläft vor der Tür.\r\nZutaten:\n200 g Mehl", "Neuer Absatz. Ja."]),
        (
            "punctuation",
            ["Das ist ein Haus.", "Der Hund\nschläft vor der Tür.", "Zutaten:\n200 g Mehl", "Neuer Absatz.", "Ja."],
        ),
    ],
)
def test_sentences_end_as_the_sender_wants_them_to(splitting: Splitting, expected: list[str]) -> None:
    assert [WRAPPED[start:end] for start, end in SPLITTER.spans(WRAPPED, "de", splitting)] == expected
    for text in CORNER_CASES.values():
        for start, end in SPLITTER.spans(text, "de", splitting):
            assert 0 < end - start <= LONGEST
            assert any(map(str.isalpha, text[start:end]))
