"""Reasons to doubt a translation."""

import pytest

from translator import guards
from translator.engines import Hypothesis
from translator.facts import Facts

FACTS = Facts("de", "en")


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("Guten Tag.", "Hello.", []),
        ("Guten Tag.", "", ["empty"]),
        ("Guten Tag.", "  ", ["empty"]),
        ("…", "", []),
        ("Er lief und lief und lief.", "He ran and ran and ran.", []),
        ("Er ging nach Hause.", "He went home home home home.", ["repetition"]),
        ("Er ging nach Hause.", "He went to the to the to the to the house.", ["repetition"]),
        ("nein nein nein nein", "no no no no", []),
        ("Im Jahr 1912 kamen 250 Gäste.", "In 1912 there were 250 guests.", []),
        ("Im Jahr 1912 kamen 250 Gäste.", "In 1921 there were 250 guests.", ["numbers"]),
        ("Sie hat 3 Kinder.", "She has three children.", []),
        ("Die Stadt hat 1.250.000 Einwohner.", "The city has 1,250,000 inhabitants.", []),
        ("Um 19.30 Uhr geht es los.", "It starts at 7:30 pm.", []),
        ("Dies ist ein recht langer Satz mit vielen Wörtern darin.", "Long.", ["short", "length"]),
    ],
)
def test_guards(source: str, translation: str, expected: list[str]) -> None:
    assert guards.reasons(source, Hypothesis(translation), FACTS) == expected


@pytest.mark.parametrize(
    ("source", "text", "reasons"),
    [
        (
            "Das hier sollte doch wirklich übersetzt werden.",
            "Das hier sollte doch wirklich übersetzt werden.",
            ["copy"],
        ),
        ("Das hier sollte doch wirklich übersetzt werden.", "This really should be translated.", []),
        ("Die Deutsche Bank AG in Frankfurt am Main", "Deutsche Bank AG in Frankfurt am Main", []),
        ("Michael Ende", "Michael", ["short"]),
        ("Rot, Grün, Blau, Gelb, Grau", "Red, green, blue, yellow", ["short"]),
        ("Physik, Chemie, Musik, Kunst, Sport", "Physics, chemistry, music, sports, sports", ["repetition"]),
        ("Rot, Grün, Blau, Gelb, Grau", "Rot, green, blue, yellow, gray", ["copy"]),
        ("Der Mann (der Vater (von Anna)) kam.", "The man (the father of Anna) came.", ["short"]),
        ("Er kam (spät) heim.", "He came (late home.", ["short"]),
        ("nein nein nein nein nein nein", "no no no no no", ["repetition", "short"]),
        (
            "Dies ist ein langer Satz, der von einem Haus am See und von den Leuten darin erzählt.",
            "A house on a lake.",
            ["short", "length"],
        ),
        ("Er misst -12 Grad.", "He measures 12 degrees.", ["numbers"]),
        ("Siehe X1.", "See.", ["short", "kept", "numbers"]),
        ("Hallo Welt!", "Hello!", ["short"]),
        ("Das Haus - es war alt - stand leer.", "The house - it was old.", ["short"]),
        ("Er kam (endlich) an.", "He finally arrived.", ["short"]),
        ("Sie lebt in der Schweiz.", "She lives in Switzer Switzerland.", ["repetition"]),
        ("Noch Fragen?", "No questions?", ["numbers"]),
        ("Er kam nicht.", "He came.", ["numbers"]),
        ("Ab 100 Euro ist es frei.", "100 euros is free.", ["numbers"]),
        ("Im Jahr 2023 waren es 17 %.", "In 2023 it was 17% in 17%.", ["numbers"]),
        ("Es stieg um 2,5 Prozentpunkte.", "It rose by 2.5 percent.", ["numbers"]),
        ("Der Kurs ist mittwochs.", "The course is with.", ["numbers"]),
        ("Siehe X1.", "See X1.", []),
        ("Er lag den Tag über in seinem Bett.", "He lay in his bed in his bed.", ["repetition"]),
        ("Der letzte Versuch fand sein Ziel.", "The last attempt, and the last attempt hit.", ["repetition"]),
        ("Sie ging nach und nach, immer wieder.", "She went more and more, more and more.", []),
        ("Tag für Tag, Jahr für Jahr, wieder und wieder", "day by day, year by year, again and again", []),
        ("Fehler 17: Zugriff verweigert", "Error 17:", ["short"]),
        ("Es gibt folgende Farben:", "There are these colours:", []),
        ("Ich habe die ganzen Lügen satt.", "I am lying.", ["short"]),
        ("Halt!", "Stop!", []),
    ],
)
def test_more_reasons_for_doubt(source: str, text: str, reasons: list[str]) -> None:
    assert guards.reasons(source, Hypothesis(text), FACTS) == reasons


def test_a_model_that_is_unsure_at_once_is_not_wrong_for_that_but_where_it_was_wrong_before() -> None:
    source, text = "Er ging nach Hause und schlief.", "He went home and slept."
    assert guards.reasons(source, Hypothesis(text, score=-2.5), FACTS) == []
    assert guards.reasons(source, Hypothesis(text, score=-0.6), FACTS, again=True) == []
    assert guards.reasons(source, Hypothesis(text, score=-0.8), FACTS, again=True) == ["unsure"]
    assert guards.reasons(source, Hypothesis("He went home.", score=-0.9), FACTS) == ["short"]
