"""Which stretches of a text are prose, and what stays outside of them."""

import textwrap

import pytest

from segmenter import blocks
from tests.conftest import ROOT

BOOK = (ROOT / "examples/die-verwandlung.txt").read_text(encoding="utf-8")


def found(text: str) -> list[str]:
    return [text[start:end] for start, end in blocks.read(text).blocks]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("Kundennummer\nLieferdatum\nStatus\nZuletzt geändert", id="labels of a form"),
        pytest.param("Herrn Jonas Weber\nLindenallee 12b\n04109 Leipzig\nDeutschland", id="an address"),
        pytest.param("250 g Butter\n4 Eier\n1/4 l Sahne\neine Prise Zimt", id="ingredients"),
        pytest.param(
            "Ich weiß nicht, was soll es bedeuten,\nDaß ich so traurig bin,\nEin Märchen aus uralten Zeiten,\n"
            "Das kommt mir nicht aus dem Sinn.",
            id="verse",
        ),
        pytest.param("Der Bach ist kalt,\nder Weg ist alt,\nund du bist hier\nund bleibst bei mir.", id="small verse"),
        pytest.param(
            "Das Fenster kann nicht geschlossen werden\nBitte versuchen Sie es noch einmal\nWird geladen", id="messages"
        ),
        pytest.param("Anna: Wo warst du denn?\nTom: Im Garten.\nAnna: So lange?", id="speakers"),
        pytest.param("Bis bald\nIhre Renate", id="a greeting"),
        pytest.param(
            "Wann geht die Sonne wieder auf,\nist es nicht schon lange hell?\n"
            "Soll das sein, ihr lieben Leute,\nmit dem Tag geht es zu schnell?",
            id="verse of even length",
        ),
    ],
)
def test_short_lines_stand_for_themselves(lines: str) -> None:
    for end in ("\n", "\r\n", "\r", "\u2028", "\v", "\x85"):
        assert found(lines.replace("\n", end) + end) == lines.split("\n")


@pytest.mark.parametrize("width", [55, 60, 66, 72, 75])
def test_wrapped_prose_is_one_block_a_paragraph(width: int) -> None:
    paragraphs = [one for one in BOOK[2_000:40_000].split("\n\n") if one.count("\n") > 3][1:-1]
    text = "\n\n".join(textwrap.fill(" ".join(one.split()), width, break_on_hyphens=False) for one in paragraphs)
    assert len(found(text)) == len(paragraphs)


@pytest.mark.parametrize(
    "text",
    [
        "wir möchten Sie bitten, uns bis\nmorgen Bescheid zu geben.",
        "Sie ging schnell über die Brücke und sah den\nNebel über dem Fluss stehen.",
        "Er fragte lange nach dem Weg und fand dann doch, mit\r\nviel Glück und ohne jede Hilfe, in die Stadt zurück.",
        "Seit vielen Jahren steht das alte Haus leer. Es gehört\nangeblich einem Mann, der auf Reisen starb, etwa um\n1990.",
    ],
)
def test_a_few_wrapped_lines_are_prose(text: str) -> None:
    assert found(text) == [text]


@pytest.mark.parametrize(
    "bullet", [*list("◦→✔➢●■▸–—*+•-·▪☐"), "1)", "a)", "iv.", "IV.", "(2)", "3.", "2.1", "[ ]", "- [x]"]
)
def test_bullets_stay_outside(bullet: str) -> None:
    assert found(f"{bullet} Milch kaufen\n{bullet} Brot backen\n") == ["Milch kaufen", "Brot backen"]


def test_a_mail_without_blank_lines() -> None:
    text = (
        "Sehr geehrte Frau Weber,\nhiermit kündige ich den Vertrag zum Ende des Jahres. Bitte\n"
        "bestätigen Sie mir den Eingang.\nMit freundlichen Grüßen\nTom Kunz"
    )
    assert [len(one.split("\n")) for one in found(text)] == [1, 2, 1, 1]


def test_an_item_goes_on_in_lines_that_are_indented() -> None:
    text = (
        "1. Die Butter in einer großen und warmen\n   Schüssel rühren.\n2. Mehl sieben.\n   - fein\n   - ohne Klumpen\n"
    )
    assert found(text) == [
        "Die Butter in einer großen und warmen\n   Schüssel rühren.",
        "Mehl sieben.",
        "fein",
        "ohne Klumpen",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Titel\n=====\n\nZweiter Titel\n-------\n", ["Titel", "Zweiter Titel"]),
        (
            "Viele Grüße\nAnna Kunz\n-- \nAnna Kunz | Am Wall 7 | 28195 Bremen\n",
            ["Viele Grüße", "Anna Kunz", "Anna Kunz", "Am Wall 7", "28195 Bremen"],
        ),
        ("1 Vorwort ........... 3\n2 Der Aufbau ........ 12\n", ["1 Vorwort", "2 Der Aufbau"]),
        ("Vorname: ____________\nOrt, Datum ______ Unterschrift ______\n", ["Vorname:", "Ort, Datum", "Unterschrift"]),
        (
            "Artikel      Preis\nBrot         2,40\nButter       1,90\n",
            ["Artikel", "Preis", "Brot", "2,40", "Butter", "1,90"],
        ),
        (
            "┌──────┬─────┐\n│ Name │ Ort │\n├──────┼─────┤\n│ Anna │ Ulm │\n└──────┴─────┘\n",
            ["Name", "Ort", "Anna", "Ulm"],
        ),
        ("\ufeffGuten Tag.\u200b\n♪ Ein Lied ♪\n", ["Guten Tag.", "Ein Lied"]),
        ("1.\x1f\x1fApfel\x1d2.\x1f\x1fBirne", ["Apfel", "Birne"]),
    ],
)
def test_what_is_no_prose_stays_outside(text: str, wanted: list[str]) -> None:
    assert found(text) == wanted


def test_marks_of_quoted_mail_are_spaces_to_the_next_step() -> None:
    text = "> Wir haben gestern lange über den Plan gesprochen und\n> dann doch den alten genommen.\n"
    layout = blocks.read(text)
    assert layout.blocks == [(2, len(text) - 1)]
    assert layout.text[2:] == text[2:].replace("\n> ", "\n  ")
    assert len(layout.text) == len(text)


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("§ 4 Kündigung und Beendigung des Mietverhältnisses", "Verträge können von beiden Seiten gekündigt werden."),
        ("§ 3 Mietzins und Nebenkosten, Betriebskosten", "Miete und Nebenkosten sind monatlich zu zahlen."),
        ("§ 9a Geheimhaltung und Datenschutz im Unternehmen", "Unterlagen sind bei Vertragsende zurückzugeben."),
        ("Artikel 12 - Freiheit des Berufs und der Ausbildung", "Berufe dürfen von allen frei gewählt werden."),
        ("Anlage 2: Übergabeprotokoll der Wohnung im Erdgeschoss", "Schlüssel und Zählerstände werden notiert."),
    ],
)
def test_the_heading_of_a_section_stands_for_itself(heading: str, text: str) -> None:
    assert found(f"{heading}\n{text}") == [heading, text]


@pytest.mark.parametrize(
    "text",
    [
        "§ 535 BGB regelt die Pflichten des Vermieters und des\nMieters in einem Vertrag über Wohnraum.",
        "Artikel 5 Grundgesetz schützt die Meinung aller\nMenschen in diesem Land vor Eingriffen.",
        "§ 3 Mietzins und Nebenkosten in der Fassung vom\nMai gilt weiter, solange niemand widerspricht.",
    ],
)
def test_a_sentence_that_begins_with_a_section_is_no_heading(text: str) -> None:
    assert found(text) == [text]


def test_an_amount_alone_is_an_item() -> None:
    assert found("Gebühren\n- 1.250,00 €\n- 99,90 €\n• 12,50 €") == ["Gebühren", "1.250,00 €", "99,90 €", "12,50 €"]
    assert found("1. 12,50 €\n2. 1.300,00 €\n\n- 2024\n- 14:30") == ["12,50 €", "1.300,00 €"]
