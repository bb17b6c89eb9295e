"""Dashes within a sentence."""

import pytest

from translator.writing import dashes


@pytest.mark.parametrize(
    ("source", "shown", "translation", "expected"),
    [
        ("Er – jung – lachte", "Er - jung - lachte", "He - young - laughed", "He – young – laughed"),
        ("Er — jung — lachte", "Er - jung - lachte", "He – young – laughed", "He — young — laughed"),
        ("Er -- jung -- lachte", "Er - jung - lachte", "He - young, laughed", "He -- young, laughed"),
        ("Er—jung—lachte", "Er - jung - lachte", "He - young - laughed", "He—young—laughed"),
        ('"Ich will –", rief er', '"Ich will -", rief er', '"I want -" he cried', '"I want –" he cried'),
        ("Ja – gut –, aber", "Ja - gut -, aber", "Yes - good - but", "Yes – good – but"),
        ("Er - jung", "Er - jung", "He -- young", "He - young"),
        ("Ein- und Ausgang 10–20", "Ein- und Ausgang 10–20", "Entrance and exit 10-20", "Entrance and exit 10-20"),
        ("Er – jung", "Er - jung", "He is young", "He is young"),
        ("Er ist jung", "Er ist jung", "He - young", "He - young"),
    ],
)
def test_dashes_of_the_source_come_back(source: str, shown: str, translation: str, expected: str) -> None:
    assert dashes.plain(source) == shown
    assert dashes.write(translation, dashes.find(source)) == expected
