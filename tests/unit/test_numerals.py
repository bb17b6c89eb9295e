"""Numbers in a sentence and in its translation."""

import pytest

from translator import numerals


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Von 4.812 blieben 1.907.", "Of 4.812, 1,907 stayed.", "Of 4,812, 1,907 stayed."),
        ("Es kostet 59,38 €.", "It costs 59,38 €.", "It costs 59.38 €."),
        ("Am 05.03.2024 um 14.35 Uhr", "On 05.03.2024 at 14.35", "On 05.03.2024 at 14.35"),
        ("Version 2.14.3", "version 2.14.3", "version 2.14.3"),
    ],
)
def test_amounts_are_written_in_the_target_s_way(source: str, translation: str, expected: str) -> None:
    assert numerals.written_anew(source, translation) == expected


def test_languages_that_exchange_point_and_comma() -> None:
    assert numerals.swaps("de-AT", "en")
    assert not numerals.swaps("de", "fr")


@pytest.mark.parametrize(
    ("source", "translation", "lost"),
    [
        ("1.234,50 Euro", "1,234.50 euros", False),
        ("1.234,50 Euro", "1234.5 euros", False),
        ("1.234,50 Euro", "1,234 euros", True),
        ("2,5 Liter", "2 liters", True),
        ("10.000.000.000", "10,0000,000", True),
        ("1:250.000", "1.250,000", True),
        ("am 05.03.2024", "on March 5, 2024", False),
        ("5 % mehr", "many more", True),
        ("5 Hunde", "five dogs", False),
        ("-7 Grad", "7 degrees", True),
        ("-7 Grad", "minus 7 degrees", False),
        ("in den Jahren 1990-1995", "from 1990 to 1995", False),
        ("1. Einleitung", "1duction", True),
    ],
)
def test_lost_numbers_are_seen(source: str, translation: str, lost: bool) -> None:
    assert numerals.lost(source, translation) is lost
