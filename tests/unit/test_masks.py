"""Addresses, placeholders and code inside sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.kept.masks import emptied, lift, mask, missing, unmask


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Siehe https://example.org/a_b?c=d#e.", ["https://example.org/a_b?c=d#e"]),
        ("Siehe (https://example.org/a), dann weiter.", ["https://example.org/a"]),
        ("Auf www.beispiel.de steht mehr.", ["www.beispiel.de"]),
        ("Schreiben Sie an max.muster+x@beispiel.de!", ["max.muster+x@beispiel.de"]),
        ("Hallo {name}, Sie haben {{anzahl}} Nachrichten.", ["{name}", "{{anzahl}}"]),
        ("%s hat %d Dateien in %(folder)s, ${HOME} bleibt.", ["%s", "%d", "%(folder)s", "${HOME}"]),
        ("Der Befehl `git status` zeigt es.", ["`git status`"]),
        ("Ein <b>fettes</b> Wort, zwei{drei} und 1{1}.", ["{drei}", "{1}"]),
        (
            "Die Datei /etc/hosts.conf, C:\\neu\\a.txt und bild_1.png.",
            ["/etc/hosts.conf", "C:\\neu\\a.txt", "bild_1.png"],
        ),
        ("Konto DE02 1203 0000 0000 2020 51, Telefon 030 5557721.", ["DE02 1203 0000 0000 2020 51", "030 5557721"]),
        ("Von v1.0.9 auf 2.14.3, am 05.03.2024 für 1.234.567 Euro.", ["v1.0.9", "2.14.3"]),
        ("Das Wort собака und ein 🙂!", ["собака", "🙂"]),
        ("Nimm 1½ Tassen, ½ Liter und 2 ¾ kg.", ["1½", "½", "2 ¾"]),
        ("So sagt Meier¹, und so steht es da.²³", ["¹", "²³"]),
        ("¹ Ebd., „so“⁴", ["¹", "⁴"]),
        ("Auf 20 m² stehen 3 m³ H₂O, 5 km².", []),
        ("Der GmbH, den LehrerInnen und der S-Bahn.", []),
        ("Ein Maus@Haus und zwei%s.", []),
        ("50 % der Leute, 3 < 4 und a > b.", ["3 < 4", "a > b"]),
        ("Die Klasse {A, B} ist gemeint? Nein!", []),
        ("Bei X1 und https://x.de bleibt alles.", ["https://x.de"]),
    ],
)
def test_what_is_kept(text: str, kept: list[str]) -> None:
    masked = mask(text)
    assert list(masked.kept.values()) == kept
    assert unmask(masked.text, masked) == text
    assert not any(value in masked.text for value in kept)


@given(st.text(alphabet="abX1 {}%s$<>/`@.:https*_[](\\|~,#='\"", max_size=60))
def test_masking_and_unmasking_changes_nothing(text: str) -> None:
    masked = mask(text)
    assert unmask(masked.text, masked) == text


def test_many_names_are_told_apart() -> None:
    text = " ".join(f"{{a{number}}}" for number in range(12))
    masked = mask(text)
    assert masked.text.endswith("X10 X11 X12")
    assert unmask(masked.text, masked) == text


def test_letters_of_other_scripts_are_kept_only_where_they_are_foreign() -> None:
    assert mask("Слово 水", latin=False).kept == {}
    assert list(mask("Das Wort 水").kept.values()) == ["水"]


@pytest.mark.parametrize("text", ["42", "12.345,67 €", "-17 °C", "…", "x = y + 1;", "10 km", "", "(12) – 3"])
def test_text_without_words_is_left_alone(text: str) -> None:
    assert mask(text).nothing_left


def test_text_with_nothing_else_is_left_alone() -> None:
    assert mask("https://example.org/ (12)").nothing_left
    assert not mask("Siehe https://example.org/").nothing_left
    assert not mask("Siehe").nothing_left
    assert mask("K U R T  W O L F F · V E R L A G").nothing_left
    assert not mask("A B C und so weiter").nothing_left
    assert not mask("Ja, o ja!").nothing_left


def test_lost_and_doubled_names_are_seen() -> None:
    assert not missing("Siehe X1 und X2", "See X2 and X1")
    assert missing("Siehe X1 und X2", "See X1")
    assert missing("Siehe X1", "See X1 X1")
    assert not missing("Siehe", "See")


def test_a_tag_that_is_left_around_nothing_is_told() -> None:
    masked = lift(mask("Das ist <u>neu</u>."))
    assert emptied(masked, "That is <u>.</u>")
    assert not emptied(masked, "That is <u>new</u>.")
