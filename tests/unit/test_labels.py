"""Labels before a colon, words of warning alone, and amounts behind what they are of."""

import pytest

from translator.kept import labels


@pytest.mark.parametrize(
    ("text", "label", "english"),
    [
        ("ACHTUNG: Hochspannung!", "ACHTUNG:", "ATTENTION:"),
        ("Vorsicht: Stufe", "Vorsicht:", "Caution:"),
        ("ERGEBNIS: Alles ist gut.", "ERGEBNIS:", None),
        ("DER VATER (zornig).", "DER VATER", None),
    ],
)
def test_a_label_is_told_from_what_it_announces(text: str, label: str, english: str | None) -> None:
    assert labels.find(text, english=True) == (label, english)


@pytest.mark.parametrize(
    "text", ["TOP 1: Begrüßung", "PS: Und die Schlüssel.", "NATO und EU", "Er rief: Halt!", "ENDE:"]
)
def test_other_beginnings_are_none(text: str) -> None:
    assert labels.find(text, english=True) is None


def test_a_word_of_warning_alone_is_written_in_english() -> None:
    assert labels.alone("**ACHTUNG!**") == (2, 9, "ATTENTION")
    assert labels.alone("Achtung, fertig, los!") is None


def test_an_amount_behind_a_noun_stands_apart() -> None:
    assert labels.before_amount("Fläche 85 m²") == ("Fläche", "85 m²")
    assert labels.before_amount("Preis: 1.299,00 €") == ("Preis:", "1.299,00 €")
    assert labels.before_amount("bis 5 kg") is None
    assert labels.before_amount("Seite 3") is None
