"""Which language a text is in."""

import json

from pipeline.detection import Detector
from tests.conftest import ROOT

DETECTOR = Detector()
SHORT: dict[str, list[str]] = json.loads((ROOT / "tests/data/short_texts.json").read_text(encoding="utf-8"))
TEXTS = [(language, text) for language, texts in SHORT.items() for text in texts]


def test_short_texts_in_seven_languages() -> None:
    freely = [text for language, text in TEXTS if DETECTOR.detect(text).language == language]
    among = [text for language, text in TEXTS if DETECTOR.detect(text, SHORT).language == language]
    assert len(TEXTS) == 98
    assert (len(freely), len(among)) == (88, 92), "the figures of docs/decisions/0017-detection.md"


def test_what_is_certain_does_not_depend_on_what_can_be_translated() -> None:
    assert DETECTOR.detect("Où est la gare ?", ["de", "en"]).language == "fr"
    assert DETECTOR.detect("Bis bald", ["de", "en"]).language == "en", "too short: one of the candidates"
    assert DETECTOR.detect("Hallo", ["de-AT"]).language == "de"


def test_a_text_without_words_has_a_language_too() -> None:
    for text in ("", "  \n", "123 456", "…", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")):
        assert DETECTOR.detect(text, ["de", "en"]).language in {"de", "en"}
        assert len(DETECTOR.detect(text).language) in {2, 3}


def test_the_beginning_decides() -> None:
    german = "Das Wetter ist heute schlecht. " * 200
    assert DETECTOR.detect(german + "Le chat dort dans la maison. " * 1000).language == "de"
    assert DETECTOR.detect("\n" * 10_000 + german).language == "de"
