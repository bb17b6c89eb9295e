"""Workbooks as Excel and others write them; openpyxl makes them and reads them again."""

import re
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from formats.document import Notes
from formats.office.sheets.headers import LONGEST, Header
from formats.xml.part import written
from formats.xml.splicing import Edits
from tests.unit.formats.office.test_slides import part, replaced
from tests.unit.formats.office.workbooks import NAME, STRINGS, again, shared, workbook
from tests.unit.formats.reading import aligned, texts_in, translated_bytes


def test_a_text_of_many_cells_is_asked_for_once_and_numbers_codes_and_formulas_stay() -> None:
    def fill(sheet: Any) -> None:
        for row in (["Obst & Gemüse", 12.5], ["Obst & Gemüse", "DE-0815/7"], ['=IF(B1>2,"teuer","billig")', "=A1"]):
            sheet.append(row)

    notes = Notes()
    content = shared(workbook(fill))
    assert texts_in(NAME, content, notes=notes) == ["Obst & Gemüse"]
    assert notes.left["formulas"] == 2
    sheet = again(translated_bytes(NAME, content, lambda _: "Fruit & vegetables"))
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["Fruit & vegetables", 12.5],
        ["Fruit & vegetables", "DE-0815/7"],
        ['=IF(B1>2,"teuer","billig")', "=A1"],
    ]


def test_formatting_in_a_cell_goes_with_its_words() -> None:
    def fill(sheet: Any) -> None:
        bold = TextBlock(InlineFont(b=True), "vor dem Fest")
        sheet["A1"] = CellRichText("Bitte ", bold, " bezahlen.")

    def translate(text: str) -> Any:
        return aligned(text, "Please pay before the party.", "0-0 1-2 2-3 3-4 4-1 5-5")

    (value,) = (cell.value for cell in again(translated_bytes(NAME, workbook(fill), translate), rich=True)["A"])
    assert [(str(one), isinstance(one, TextBlock) and bool(one.font.b)) for one in value] == [
        ("Please pay ", False),
        ("before the party", True),
        (".", False),
    ]


def test_lines_of_a_cell_are_apart_unless_a_sentence_goes_on() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "Frau Weber\nMusterweg drei"
        sheet["A2"] = "Diese Zelle hat\nzwei Zeilen."

    content = workbook(fill)
    assert texts_in(NAME, content) == ["Frau Weber", "Musterweg drei", "Diese Zelle hat\nzwei Zeilen."]
    sheet = again(translated_bytes(NAME, content, str.upper))
    assert sheet["A1"].value == "FRAU WEBER\nMUSTERWEG DREI"
    assert sheet["A2"].value.count("\n") == 1


def test_prompts_are_translated_and_no_longer_than_excel_takes_and_choices_stay() -> None:
    def fill(sheet: Any) -> None:
        rule = DataValidation(type="list", formula1='"Offen,Erledigt"')
        rule.promptTitle, rule.prompt = "Bitte wählen Sie den Zustand", "Wie weit ist die Arbeit?"
        rule.add("A1:A9")
        sheet.add_data_validation(rule)
        sheet["A1"], sheet["B1"] = "Offen", "Das Fenster ist offen"

    content = workbook(fill)
    assert sorted(texts_in(NAME, content)) == [
        "Bitte wählen Sie den Zustand",
        "Das Fenster ist offen",
        "Wie weit ist die Arbeit?",
    ]
    rule = again(translated_bytes(NAME, content, lambda text: f"{text} {text}")).data_validations.dataValidation[0]
    assert rule.promptTitle == "Bitte wählen Sie den Zustand…"
    assert rule.formula1 == '"Offen,Erledigt"'


def test_text_that_stands_in_its_cell_is_translated_where_no_formula_made_it() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["A2"] = 1, 2

    def typed(raw: bytes) -> bytes:
        raw = re.sub(rb'<c r="A1"[^>]*>.*?</c>', b'<c r="A1" t="str"><v>Das Tor &amp; der Hof</v></c>', raw)
        return re.sub(rb'<c r="A2"[^>]*>.*?</c>', b'<c r="A2" t="str"><f>A1</f><v>Das Tor ist zu</v></c>', raw)

    sheet = "xl/worksheets/sheet1.xml"
    content = replaced(workbook(fill), sheet, typed)
    assert texts_in(NAME, content) == ["Das Tor & der Hof"]
    new = part(translated_bytes(NAME, content, lambda _: "The gate < yard"), sheet)
    assert '<c r="A1" t="str"><v>The gate &lt; yard</v></c>' in new
    assert '<c r="A2" t="str"><f>A1</f><v>Das Tor ist zu</v></c>' in new


def test_comments_are_translated_without_their_author() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = 1
        sheet["A1"].comment = Comment("Jonas Keller:\nBeim Bäcker holen.", "Jonas Keller")

    content = workbook(fill)
    assert texts_in(NAME, content) == ["Beim Bäcker holen."]
    assert again(translated_bytes(NAME, content, lambda _: "At the baker's."))["A1"].comment.text == (
        "Jonas Keller:\nAt the baker's."
    )


def test_a_chart_follows_the_cells_that_it_shows() -> None:
    def fill(sheet: Any) -> None:
        for row in (["", "Regen"], ["Januar", 4], ["Februar", 5]):
            sheet.append(row)
        chart = BarChart()
        chart.title = "Regen am Brocken"
        chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
        chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=3))
        sheet.add_chart(chart, "D1")

    cache = b"<strCache><ptCount val='1'/><pt idx='0'><v>Regen</v></pt></strCache></strRef></tx>"
    content = replaced(workbook(fill), "xl/charts/chart1.xml", lambda raw: raw.replace(b"</strRef></tx>", cache, 1))
    assert sorted(texts_in(NAME, content)) == ["Februar", "Januar", "Regen", "Regen am Brocken"]
    chart = part(translated_bytes(NAME, content, str.upper), "xl/charts/chart1.xml")
    assert "<v>REGEN</v>" in chart
    assert "REGEN AM BROCKEN" in chart


def test_how_signs_are_read_is_left_out_of_a_translation() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "HIER"

    spoken = "<si><t>東京都の天気</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh><phoneticPr fontId='0'/></si>"
    content = replaced(
        shared(workbook(fill)), STRINGS, lambda raw: raw.replace(b"<si><t>HIER</t></si>", spoken.encode())
    )
    assert texts_in(NAME, content) == ["東京都の天気"]
    out = part(translated_bytes(NAME, content, lambda _: "Weather in Tokyo"), STRINGS)
    assert '<si><t xml:space="preserve">Weather in Tokyo</t></si>' in out


@pytest.mark.parametrize("damage", [b"\xc2\xb2", b"9" * 5000, b"-1", b"x"])
def test_numbers_that_are_none_harm_nothing(damage: bytes) -> None:
    def fill(sheet: Any) -> None:
        for row in (["Ware", "Menge"], ["Brot", 3]):
            sheet.append(row)
        sheet.add_table(Table(displayName="Waren", ref="A1:B2"))

    content = shared(workbook(fill))
    content = replaced(
        content, "xl/worksheets/sheet1.xml", lambda raw: re.sub(rb"(?<=<v>)0(?=<)|(?<=<row r=\")2", damage, raw)
    )
    content = replaced(
        content,
        "xl/tables/table1.xml",
        lambda raw: raw.replace(b'headerRowCount="1"', b'headerRowCount="' + damage + b'"'),
    )
    assert "Brot" in texts_in(NAME, content)


def test_names_of_the_workbook_may_have_any_prefix() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "Ein Satz."

    def prefixed(raw: bytes) -> bytes:
        raw = raw.replace(b"<sst xmlns=", b"<x:sst xmlns:x=").replace(b"</sst>", b"</x:sst>")
        for name in (b"si>", b"t>"):
            raw = raw.replace(b"<" + name, b"<x:" + name).replace(b"</" + name, b"</x:" + name)
        return raw

    content = replaced(shared(workbook(fill)), STRINGS, prefixed)
    assert texts_in(NAME, content) == ["Ein Satz."]
    assert again(translated_bytes(NAME, content, str.upper))["A1"].value == "EIN SATZ."


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ('&L&"Arial,Fett"&14Bericht der Schule&C&A&RSeite &P von &N', ["Bericht der Schule", "Seite {k1} von {k2}"]),
        ("&CObst && Gemüse", ["Obst & Gemüse"]),
        ("&LErste Zeile\nZweite Zeile&R&D &T", ["Erste Zeile", "Zweite Zeile"]),
        ("&L&K00FF00&BFett gedruckt", ["Fett gedruckt"]),
        ("&C&P / &N", []),
    ],
)
def test_headers_are_read_between_their_codes(text: str, texts: list[str]) -> None:
    found = Header(text, (0, 1))
    assert list(found.texts) == texts
    edits = Edits()
    became = [aligned(one, one.replace("e", "E"), "") for one in found.texts]
    found.write(became, edits)
    if any(one.changed for one in became):
        wanted = text
        for one in texts:
            for word in one.replace("{k1}", " ").replace("{k2}", " ").replace("&", " ").split():
                wanted = wanted.replace(word, word.replace("e", "E"))
        assert edits.spliced(b"x") == written(wanted)


def test_a_header_that_would_be_too_long_stays() -> None:
    found, edits = Header("&CEin Titel", (0, 1)), Edits()
    found.write([aligned("Ein Titel", "x" * LONGEST, "")], edits)
    assert not edits


def test_a_number_behind_a_size_is_none_of_it() -> None:
    found, edits = Header("&L&14Der dritte Bericht", (0, 1)), Edits()
    found.write([aligned("Der dritte Bericht", "3rd report", "")], edits)
    assert edits.spliced(b"x") == b"&amp;L&amp;14 3rd report"
