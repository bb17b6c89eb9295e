"""Figures of a unit become those of the sentence that is wanted, or it is none."""

import pytest

from pipeline.memory.figures import exchanged, without

DE_EN = ("de", "en")


@pytest.mark.parametrize(
    ("source", "translation", "wanted", "expected"),
    [
        ("Seite 12 von 30", "Page 12 of 30", "Seite 13 von 30", "Page 13 of 30"),
        ("Seite 12 von 30", "30 pages, number 12", "Seite 7 von 31", "31 pages, number 7"),
        ("Preis: 1.234,50 €", "Price: €1,234.50", "Preis: 99,95 €", "Price: €99.95"),
        ("Preis: 12 €", "Price: €12", "Preis: 12.000 €", "Price: €12,000"),
        ("Preis: 12.000 €", "Price: €12,000", "Preis: 900 €", "Price: €900"),
        ("Version 1.2.3 ist da.", "Version 1.2.3 is here.", "Version 2.0.1 ist da.", "Version 2.0.1 is here."),
        ("Stand 01.02.2024", "As of 01.02.2024", "Stand 15.11.2025", "As of 15.11.2025"),
        ("Frist bis 3. Mai 2024", "Deadline 3 May 2024", "Frist bis 14. Mai 2025", "Deadline 14 May 2025"),
        ("Beginn 8:30, Ende 9:45", "Start 8:30, end 9:45", "Beginn 10:00, Ende 9:45", "Start 10:00, end 9:45"),
        ("2 mal 2 ist gerade.", "2 times 2 is even.", "4 mal 4 ist gerade.", "4 times 4 is even."),
        ("Modell A4 kostet 5 €", "Model A4 costs €5", "Modell A3 kostet 7 €", "Model A3 costs €7"),
        ("10km Kabel", "10km of cable", "25km Kabel", "25km of cable"),
        ("Ein Stück zu 7 €", "A piece at €7", "Ein Stück zu 8 €", "A piece at €8"),
        ("1 Euro Schulden", "1 euro of debt", "1 Euro Schulden", "1 euro of debt"),
    ],
)
def test_figures_are_exchanged(source: str, translation: str, wanted: str, expected: str) -> None:
    assert exchanged(source, translation, wanted, DE_EN) == expected


@pytest.mark.parametrize(
    ("source", "translation", "wanted"),
    [
        # In words, more often, not at all, converted.
        ("Nach 2 Jahren", "After two years", "Nach 3 Jahren"),
        ("Um 14 Uhr", "At 2 p.m.", "Um 15 Uhr"),
        ("Um 8 Uhr", "At 8 a.m.", "Um 20 Uhr"),
        ("Um 8 Uhr", "At 8 o'clock", "Um 20 Uhr"),
        ("Seite 5", "Page 5 (5)", "Seite 6"),
        ("Seite 5", "Page", "Seite 6"),
        ("Rund um die Uhr, Linie 5", "24/7, line 5", "Rund um die Uhr, Linie 6"),
        ("Noch 5 km", "Another 3.1 miles", "Noch 6 km"),
        ("Am 01.02.2024", "On 1 February 2024", "Am 03.04.2024"),
        # Which of two is which is not certain.
        ("Von 5 bis 5", "From 5 to 5", "Von 5 bis 6"),
        ("1.234 oder 1,234", "1.234 or 1,234", "5.678 oder 1,234"),
        # Words that depend on the figure.
        ("1 Fenster", "1 window", "2 Fenster"),
        ("2 Fenster", "2 windows", "1 Fenster"),
        ("0 Fenster", "0 windows", "1 Fenster"),
        ("Der 3. Tag", "The 3rd day", "Der 4. Tag"),
        ("Ein 8-Zoll-Rohr", "An 8-inch pipe", "Ein 7-Zoll-Rohr"),
        ("Ein 7-Zoll-Rohr", "A 7-inch pipe", "Ein 80-Zoll-Rohr"),
        ("Ein 10-Zoll-Rohr", "A 10-inch pipe", "Ein 11-Zoll-Rohr"),
        # Figures of another kind.
        ("Am 12 da", "There on 12", "Am 12.5.2024 da"),
        ("Version 1.2.3", "Version 1.2.3", "Version 1.2"),
        ("Code 007", "Code 007", "Code 12,5"),
        # Another sentence.
        ("Seite 5", "Page 5", "Blatt 6"),
        ("Seite 5", "Page 5", "Seite 6 7"),
        ("-5 Grad", "-5 degrees", "5 Grad"),
    ],
)
def test_a_figure_that_is_not_certain_is_none(source: str, translation: str, wanted: str) -> None:
    assert exchanged(source, translation, wanted, DE_EN) is None


@pytest.mark.parametrize(
    ("pair", "source", "translation", "wanted", "expected"),
    [
        (("en", "de"), "Price: 1,234.50", "Preis: 1.234,50", "Price: 2,000.25", "Preis: 2.000,25"),
        (("de", "fr"), "12.000 Tonnen", "12\u202f000 tonnes", "13.500 Tonnen", "13\u00a0500 tonnes"),
        (("de", "pl"), "5 Liter", "5 litrów", "2 Liter", None),
        (("de", "pl"), "5 Liter", "5 litrów", "17 Liter", "17 litrów"),
        (("de", "it"), "am 7. Mai", "il 7 maggio", "am 8. Mai", None),
        (("de", "ja"), "5 Stück", "5個", "6 Stück", "6個"),
        (("de", "hu"), "Seite 5", "5 oldal", "Seite 6", None),
        (("de", "tr"), "bis 5", "5'e kadar", "bis 6", None),
        # How it writes numbers is not known here.
        (("de", "xh"), "1.234 kg", "1,234 kg", "5.234 kg", None),
        (("de-AT", "en-GB"), "1.234,5 kg", "1,234.5 kg", "2.000,5 kg", "2,000.5 kg"),
        (("de-CH", "en"), "1'234.50", "1'234.50", "2'000.50", "2'000.50"),
    ],
)
def test_each_language_writes_as_it_does(
    pair: tuple[str, str], source: str, translation: str, wanted: str, expected: str | None
) -> None:
    assert exchanged(source, translation, wanted, pair) == expected


def test_a_text_of_nothing_but_figures_has_no_end_of_them() -> None:
    assert without("12 13 14") == "\0 \0 \0"
    assert without("keine") is None
    assert without("1 " * 65) is None
