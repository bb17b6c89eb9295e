"""Where sentences begin in running text."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given

from pipeline.errors import SetupError
from segmenter.boundaries import Boundaries, CandidateTokenizer, read
from segmenter.candidates import find
from segmenter.features import shape_of
from segmenter.spacy_alone import Vocab
from tests.conftest import MODELS, ROOT
from tests.texts import generated

GERMAN = Boundaries(MODELS / "boundaries-de")
OTHER = Boundaries(MODELS / "boundaries-xx")
CASES = [
    json.loads(line) for line in (ROOT / "tests/data/boundaries_de.jsonl").read_text(encoding="utf-8").splitlines()
]


def sentences(text: str, boundaries: Boundaries = GERMAN) -> list[str]:
    return [text[start:end].strip() for start, end in pairwise([*boundaries.find(text), len(text)])]


def test_sentences_of_each_kind() -> None:
    wrong = [found for case in CASES if (found := sentences(case["text"])) != case["sentences"]]
    # Abbreviations that nobody lists, amounts and ordinal numbers at the end, a quoted name in small letters.
    assert len(CASES) == 224
    assert len(wrong) <= 5, wrong


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Gesucht wird eine erfahrene\nMitarb. im Versand und eine\nLtg. für das Lager.", id="small letter"
        ),
        pytest.param("Das gilt für Obst, d.\nh. für Äpfel.", id="inside of an abbreviation"),
        pytest.param("Sie kam am 3.\nOktober in Kiel an.", id="day of a month"),
        pytest.param("Der Vortrag von Dr.\nMeinert fiel aus.", id="title"),
        pytest.param("»Wohin des Wegs?«\nfragte der Wirt.", id="speech"),
    ],
)
def test_a_line_break_after_a_full_stop_ends_no_sentence_by_itself(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Thomas A. Klein",
        "Geschäftsführung: Sabine M. Groß, Anton B. Lang",
        "Mit besten Grüßen\nHans-Peter K. Ernst",
        "Den Preis erhielt Ulrike D. Jung für ihr Lebenswerk.",
        "Gemalt hat das Bild vermutlich J. H. Alt.",
        "Foto: Klaus W. Stark",
    ],
)
def test_an_initial_behind_a_given_name_ends_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das ist belegt.[3, 4] Die Zahlen stimmen.", ["Das ist belegt.[3, 4]", "Die Zahlen stimmen."]),
        ("Das ist belegt. [2–5] Die Zahlen stimmen.", ["Das ist belegt. [2–5]", "Die Zahlen stimmen."]),
        ("(Das Bier war gut. 😀) Wir kommen wieder.", ["(Das Bier war gut. 😀)", "Wir kommen wieder."]),
        ("(Ist das wahr? :-)) Das glaube ich kaum.", ["(Ist das wahr? :-))", "Das glaube ich kaum."]),
        ("(Bis morgen 👍) Der Rest folgt.", ["(Bis morgen 👍)", "Der Rest folgt."]),
        ("Der Ball ging knapp ins Aus. Danach war Schluss.", ["Der Ball ging knapp ins Aus.", "Danach war Schluss."]),
    ],
)
def test_what_stands_behind_a_stop_or_before_a_name(text: str, expected: Sequence[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Hill met Dr. Ross at 5 p.m. They talked.", ["Mr. Hill met Dr. Ross at 5 p.m.", "They talked."]),
        ("“Are you sure?” she asked. “Quite.”", ["“Are you sure?” she asked.", "“Quite.”"]),
        ("Il est parti. M. Dubois reste.", ["Il est parti.", "M. Dubois reste."]),
        ("¿Qué pasa? Nada. El Sr. Ruiz ya viene.", ["¿Qué pasa?", "Nada.", "El Sr. Ruiz ya viene."]),
        ("今日は。元気ですか？はい。", ["今日は。", "元気ですか？", "はい。"]),
    ],
)
def test_other_languages(text: str, expected: Sequence[str]) -> None:
    assert sentences(text, OTHER) == expected


@given(generated)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert CandidateTokenizer(Vocab(), read(MODELS / "boundaries-de"))(text).text == text


@given(generated)
def test_candidates_are_in_order_and_inside_of_the_text(text: str) -> None:
    places = [candidate.place for candidate in find(text, {"der": "s"}, "s")]
    assert places == sorted(set(places))
    assert all(0 < place < len(text) and not text[place].isspace() for place in places)


def test_only_the_words_around_a_place_count() -> None:
    text = (ROOT / "examples/immensee.txt").read_text(encoding="utf-8")[:20_000]
    apart = [place for place in GERMAN.find(text[10_000:]) if place > 200]
    assert apart == [place - 10_000 for place in GERMAN.find(text) if place > 10_200]


def test_words_are_forgotten_with_their_text() -> None:
    vocabulary = GERMAN._language.vocab.strings
    GERMAN.find("Ein Satz. Noch einer.")
    before = len(vocabulary)
    for text in range(5):
        GERMAN.find(" ".join(f"Wort{text} und {number}. Dann" for number in range(2_000)))
    assert len(vocabulary) == before


def test_several_threads_may_look_at_once() -> None:
    text = (ROOT / "examples/immensee.txt").read_text(encoding="utf-8")
    texts = [text[begin : begin + 5_000] for begin in range(0, 40_000, 5_000)]
    expected = [GERMAN.find(one) for one in texts]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(GERMAN.find, texts)) == expected


def test_a_missing_model_is_named() -> None:
    with pytest.raises(SetupError, match="SATZSTROM_MODELS"):
        Boundaries(ROOT / "nowhere")


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("Haus", "Xx"),
        ("haus", "xx"),
        ("7", "d1"),
        ("1912", "d4"),
        ("XIV", "R"),
        ("EU", "XX"),
        ("z.B", "a.b"),
        ("", "0"),
    ],
)
def test_shapes(word: str, shape: str) -> None:
    assert shape_of(word) == shape
