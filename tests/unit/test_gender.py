"""German short forms for all genders."""

import pytest

from translator.writing import gender

# What this vocabulary knows; all other words are spelt in pieces of two letters.
KNOWN = {
    "Kunden",
    "Lehrer",
    "Schüler",
    "Studenten",
    "Student",
    "Mitarbeiter",
    "Ärzte",
    "Arzt",
    "Bürger",
    "Kollegen",
    "Kollege",
}


def length(text: str) -> int:
    return sum(1 if word in KNOWN else 1 + len(word) // 2 for word in text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Kund:innen und die Lehrer:innen", "Die Kunden und die Lehrer"),
        ("Die Schüler*innen", "Die Schüler"),
        ("Lehrer_innen und SchülerInnen", "Lehrer und Schüler"),
        ("Die Mitarbeiter/-innen und Student/innen", "Die Mitarbeiter und Studenten"),
        ("Lehrer(innen) und Schüler·innen", "Lehrer und Schüler"),
        ("enger Kund:innenkontakt", "enger Kundenkontakt"),
        ("Jede*r Student:in hat eine*n Ärzt:in", "Jeder Student hat einen Arzt"),
        ("Die Ärzt_innen", "Die Ärzte"),
        ("Der/die Lehrer/in", "Der Lehrer"),
        ("die:der Kolleg:in", "der Kollege"),
        ("Ein:e Lehrer:in und kein/e Schüler/in", "Ein Lehrer und kein Schüler"),
        ("Liebe Kolleg:innen,", "Liebe Kollegen,"),
        ("EinE StudentIn", "EinE Student"),
        ("Student(inn)en und Kolleg/inn/en", "Studenten und Kollegen"),
        ("Die Lehrer/in(nen)", "Die Lehrer"),
    ],
)
def test_one_form_stands_for_all(text: str, expected: str) -> None:
    assert gender.one_form(text, length) == expected


@pytest.mark.parametrize(
    "text",
    [
        "LinkedIn und PlugIn",
        "km/h und m/s",
        "und/oder",
        "Zeit/in Minuten",
        "ein:zwei",
        "der_name",
        "Es gilt: in Berlin",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert gender.one_form(text, length) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Liebe Freundinnen und Freunde!", "Liebe Freunde!"),
        ("Liebe Kolleginnen, liebe Kollegen,", "Liebe Kollegen,"),
        ("Die Ärzte und Ärztinnen streiken.", "Die Ärzte streiken."),
        ("Schülerinnen bzw. Schüler", "Schüler"),
        ("Lehrerinnen und Schüler", "Lehrerinnen und Schüler"),
        ("Spinnen und Spinnerinnen", "Spinnen und Spinnerinnen"),
    ],
)
def test_women_and_men_are_said_once(text: str, expected: str) -> None:
    assert gender.one_form(text, length) == expected
