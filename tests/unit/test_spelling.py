"""Ways of writing that a model has seldom seen."""

import pytest

from translator.writing import spelling
from translator.writing.foreign import is_foreign, is_unusual

# A vocabulary of whole words; all others are spelt in pieces of two letters, as a model spells what it does not know.
KNOWN = {
    "Tür",
    "verlassen",
    "sein",
    "Teil",
    "Not",
    "Nach",
    "Vor",
    "Vorteile",
    "Teile",
    "der",
    "Hund",
    "Garten",
    "schläft",
    "im",
    "für",
    "Poesie",
    "Haus",
    "Fluss",
}


def length(text: str) -> int:
    return 1 + sum(1 if word in KNOWN else -(-len(word) // 2) for word in text.split())


def title_length(text: str) -> int:
    """Count words that are known with one capital only, and NATO."""
    return 1 if text in ("Verlassen", "NATO") else 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das ist s e h r gut.", "Das ist sehr gut."),
        ("Der K ö n i g kam.", "Der König kam."),
        ("Punkt A B C und D", "Punkt A B C und D"),
        ("Das Fens- ter ist offen.", "Das Fenster ist offen."),
        ("Die Vor- und Nachteile", "Die Vorteile und Nachteile"),
        ("Die Haupt- und Nebenkosten", "Die Haupt- und Nebenkosten"),
        ("Er will seyn.", "Er will sein."),
        ("Der Theil iſt da.", "Der Teil ist da."),
        ("Frau Noth kann nicht thun, was sie will.", "Frau Noth kann nicht tun, was sie will."),
        ("Herr Barth iſt bey Frau Meyer", "Herr Barth ist bei Frau Meyer"),
        ("Herr Barth und Frau Meyer", "Herr Barth und Frau Meyer"),
        ("Die Tu\u0308r", "Die Tür"),
        ("Die O\ufb03ziere \ufb01nden es", "Die Offiziere finden es"),
        ("Die Strasse ist heiss und gross.", "Die Straße ist heiß und groß."),
        ("Mit Grüssen aus Preussen", "Mit Grüßen aus Preußen"),
        ("Der Massstab der Ausserirdischen", "Der Maßstab der Außerirdischen"),
        ("Peter Weiss kommt", "Peter Weiss kommt"),
        ("Weiss er es?", "Weiß er es?"),
        ("Die Kreisstadt, das Hinweisschild, das Beweisstück", "Die Kreisstadt, das Hinweisschild, das Beweisstück"),
        ("Russland isst besser als die Klasse", "Russland isst besser als die Klasse"),
        ("Die Gruesse sind fuer dich", "Die Grüße sind für dich"),
        (
            "fuer/strasse und www.fuer.ch, fuer@strasse.ch, menu.fuer",
            "fuer/strasse und www.fuer.ch, fuer@strasse.ch, menu.fuer",
        ),
        ("Das Hauß mit Gruß", "Das Haus mit Gruß"),
        ("Der Fluß und die Straße", "Der Fluss und die Straße"),
        ("neue Quellen fuer Poesie", "neue Quellen für Poesie"),
    ],
)
def test_what_is_written_anew(text: str, expected: str) -> None:
    assert spelling.usual(text, "de", length) == expected


def test_other_languages_keep_their_spelling() -> None:
    assert (
        spelling.usual("They thought of the Vor- und Nachteile", "en", length)
        == "They thought of the Vor- und Nachteile"
    )


def test_capitals_become_small_as_the_model_knows_the_words() -> None:
    assert spelling.in_capitals("DER HUND SCHLÄFT IM GARTEN X1", length)
    assert not spelling.in_capitals("NATO UND EU", length)
    assert not spelling.in_capitals("DER Hund", length)
    assert spelling.in_capitals("VERLASSEN!", title_length)
    assert not spelling.in_capitals("NATO", title_length)
    assert spelling.small("DER HUND SCHLÄFT IM GARTEN X1", length) == "Der Hund schläft im Garten X1"


def test_foreign_text_is_told_apart() -> None:
    assert is_foreign("привет мир", "de", "en")
    assert not is_foreign("привет мир", "ru", "en")
    assert is_foreign("She has never been to the sea.", "de", "en")
    assert not is_foreign("Die Band spielte The Sound of Silence.", "de", "en")
    assert not is_foreign("She has never been to the sea.", "en", "de")


@pytest.mark.parametrize(
    "text",
    [
        "Der Hund sch1äft.",
        "Es war einma1 so.",
        "Der Va,ter sag.te es.",
        "DerHundläuft weg.",
        "lch habe",
        "wir gehen morgen ins kino",
    ],
)
def test_what_looks_like_a_bad_scan_is_unusual(text: str) -> None:
    assert is_unusual(text, "de", lambda _: 0)


def test_too_many_tokens_for_the_letters_are_unusual() -> None:
    assert is_unusual("evin önünde büyük ağaç var", "de", length)
    assert not is_unusual("der Hund schläft im Garten", "de", length)
