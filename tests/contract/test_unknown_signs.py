"""Signs that a model does not know, taken over without another search."""

from typing import Any

import pytest

from tests.conftest import MODELS
from translator.engines import USUAL, several
from translator.engines.ctranslate2 import CTranslate2Engine
from translator.models.folder import find_models

TEXTS = [
    "Das kostet 5 € 😀.",
    "Er kam um neun ☕ und ging um zehn 日本 wieder, ohne ein Wort zu sagen.",
    "ῥ ist ein Zeichen.",
    "Der Preis ist 1 ₿ und 2 ♥.",
    "😀",
    "Die Katze schläft.",
]


class Watched:
    """CTranslate2's translator, and how wide each search was."""

    def __init__(self, translator: Any) -> None:
        self.own = translator
        self.beams: list[int] = []

    def translate_batch(self, *texts: Any, **options: Any) -> Any:
        """Search, as CTranslate2 does."""
        self.beams.append(options["beam_size"])
        return self.own.translate_batch(*texts, **options)


@pytest.fixture(scope="module")
def engine() -> CTranslate2Engine:
    return CTranslate2Engine(find_models(MODELS, "ctranslate2")[0], threads=1)


@pytest.mark.parametrize("text", TEXTS)
def test_they_are_where_another_search_would_put_them(engine: CTranslate2Engine, text: str) -> None:
    tokens = engine.encode(text)
    (found,) = engine._translator.translate_batch([tokens], beam_size=4, max_input_length=0, replace_unknowns=True)
    (one,) = engine.generate([tokens], USUAL)
    assert one.text == engine._text(found.hypotheses[0])


def test_a_batch_is_searched_once_and_its_other_translations_have_them_too(
    engine: CTranslate2Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(engine._translator)
    monkeypatch.setattr(engine, "_translator", watched)
    found = engine.generate([engine.encode(text) for text in TEXTS], several(2))
    assert [width for width in watched.beams if width > 1] == [4]
    assert all("<unk>" not in text for one in found for text in (one.text, *one.others))
    assert all("😀" in text for text in (found[0].text, *found[0].others))
