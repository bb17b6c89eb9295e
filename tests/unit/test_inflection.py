"""Terms in the forms that German texts have them in."""

import itertools
import time

import pytest

from pipeline.inflection.german import forms, key
from pipeline.terms import Terms
from tests.speed import Stopwatch

# A term, forms of it, and other words that look like forms.
NOUNS = """
Vertrag: Vertrags Vertrages Verträge Verträgen | Vertragen Vertrage Mietvertrag Vertragspartner Verträger
Mietvertrag: Mietvertrags Mietverträge Mietverträgen | Vertrag Mietverträglich
Kaufvertrag: Kaufverträgen Kaufvertrages | Kaufvertragen
Haus: Hauses Häuser Häusern | Hausen Haut Häuse
Kind: Kindes Kinder Kindern | Kinden Kindheit
Mieter: Mieters Mietern | Miete Mieterin Mieten
Mieterin: Mieterinnen | Mieter
Miete: Mieten | Mieter Mietes Miet
Kündigung: Kündigungen | Kündigungs Kündigen Kündiger
Frist: Fristen | Frister
Mangel: Mangels Mängel Mängeln | Mangeln
Schaden: Schadens Schäden | Schade
Kauf: Kaufs Kaufes Käufe Käufen | Käufer Kaufen
Fall: Falls Fälle Fällen | Falle Fallen
Rat: Rats Rates | Ratte
Bank: Banken | Bänke Bänker Banker
Eigentum: Eigentums Eigentumes | Eigentümer
Irrtum: Irrtums Irrtümer Irrtümern | Irrtumen
Zeugnis: Zeugnisses Zeugnisse Zeugnissen | Zeugen Zeuge
Firma: Firmen | Firmung
Museum: Museums Museen | Muse
Praktikum: Praktika Praktikums | Praktiker
Konto: Kontos Konten | Kontor
Bonus: Boni | Bon
Risiko: Risiken Risikos |
Zentrum: Zentren Zentrums | Zentner
Prozess: Prozesses Prozesse Prozessen |
Satz: Satzes Sätze Sätzen | Satzung
Angestellter: Angestellte Angestellten Angestelltem |
Angestellte: Angestellten Angestellter | Angestelltes
Sachverständiger: Sachverständige Sachverständigen | Sachverstand
Name: Namens Namen |
Ende: Endes Enden | Ender
Gehalt: Gehalts Gehälter Gehältern |
Amt: Amtes Ämter Ämtern | Samt
Antrag: Anträge Anträgen Antrags | Antragen
Vollmacht: Vollmachten |
Auskunft: Auskünfte Auskünften |
Student: Studenten | Studententum
Darlehen: Darlehens | Darlehenn
Tag: Tags Tages Tage Tagen | Täge
Recht: Rechts Rechte Rechten | Richter
See: Seen Sees | Seele
Spiel: Spiels Spiele Spielen | Spieler
Partei: Parteien | Parteier
GmbH: GmbHs | GmbHen
E-Mail-Adresse: E-Mail-Adressen | E-Mail
"""
OTHERS = """
befristet: befristete befristeten befristeter befristetes befristetem | befristen Frist
gesetzlich: gesetzliche gesetzlichen | Gesetz
gesetzliche: gesetzlichen gesetzlicher gesetzlich | gesetz
dunkel: dunkle dunklen | Dunkel
ab: | aber
"""


@pytest.mark.parametrize("line", (NOUNS + OTHERS).strip().split("\n"))
def test_forms_of_words(line: str) -> None:
    term, _, rest = line.partition(":")
    yes, _, no = rest.partition("|")
    found = forms(term)
    assert term in found
    assert set(yes.split()) <= found, set(yes.split()) - found
    assert not set(no.split()) & found, set(no.split()) & found
    assert len(found) <= 40


@pytest.mark.parametrize(
    "word", ["", "x", "Ä", "-", "a-", "x" * 200, "Straße", "İ", "ǅ", "E-", "Aa", "AAA", "über", "日本"]
)
def test_any_word_has_forms(word: str) -> None:
    assert word in forms(word)
    assert all(isinstance(key(form), str) for form in forms(word))


CONTRACT = {
    "Vertrag": "contract", "Verträge": "contracts", "befristeter Vertrag": "fixed-term contract", "Mieter": "tenant",
    "gesetzliche Frist": "statutory period", "vertraglich": "contractual", "C++": "C++", "GmbH": "Ltd",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wegen des Vertrages", {"Vertrages": "contract"}),
        # The form that is nearer counts, and what is written so before all.
        ("in den Verträgen", {"Verträgen": "contracts"}),
        ("die Verträge", {"Verträge": "contracts"}),
        ("der Mietvertrag, die Vertragspartner", {}),
        ("Befristete Verträge", {"Befristete Verträge": "fixed-term contract"}),
        ("Ja. Vertraglich vereinbart", {"Vertraglich": "contractual"}),
        ("das Vertragliche", {}),
        ("eines befristeten\nVertrags", {"befristeten Vertrags": "fixed-term contract"}),
        (
            "innerhalb der gesetzlichen Fristen der Mietern",
            {"gesetzlichen Fristen": "statutory period", "Mietern": "tenant"},
        ),
        ("der gesetzlichen, Fristen", {}),
        ("in C++ und bei GmbHs", {"C++": "C++", "GmbHs": "Ltd"}),
    ],
)
def test_terms_are_found_in_their_forms(text: str, expected: dict[str, str]) -> None:
    assert Terms(CONTRACT, "de").within(text) == expected
    assert Terms(CONTRACT, "de-AT").within(text) == expected
    # What was found travels as it was found, and is found again.
    assert Terms(expected).within(text) == expected


def test_without_a_language_terms_are_found_as_they_are_written() -> None:
    for language in ("", "en", "fr"):
        assert Terms(CONTRACT, language).within("des Vertrages, der Vertrag") == {"Vertrag": "contract"}


def test_terms_that_are_alike_cost_no_more_than_their_text() -> None:
    alike = ["".join(letters) for length in range(3, 7) for letters in itertools.product("ensrm", repeat=length)]
    watch = Stopwatch(time.process_time)
    terms = Terms(dict.fromkeys(alike[:10_000], "x"), "de")
    made = watch.seconds
    watch = Stopwatch(time.process_time)
    assert list(terms.find("sensenrens " * 2000)) == []
    watch.check(1 + 3 * made)
