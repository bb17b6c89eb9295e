"""Heads of Excel's tables: what a cell says and what its column is called are the same, or both stay."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table

from formats.document import Notes
from tests.unit.formats.office.test_slides import part, replaced
from tests.unit.formats.office.workbooks import NAME, STRINGS, again, shared, workbook
from tests.unit.formats.reading import aligned, texts_in, translated_bytes


@pytest.mark.parametrize("written_as", [bytes, shared])
def test_heads_of_tables_are_names_and_stay(written_as: Callable[[bytes], bytes]) -> None:
    def fill(sheet: Any) -> None:
        for row in (["Ware", "Menge"], ["Brot", 3], ["Käse", 4]):
            sheet.append(row)
        sheet.add_table(Table(displayName="Waren", ref="A1:B3"))
        sheet["D1"] = "=SUM(Waren[Menge])"

    notes = Notes()
    content = written_as(workbook(fill))
    assert texts_in(NAME, content, notes=notes) == ["Brot", "Käse"]
    assert notes.left["heads of tables"] == 2
    assert again(translated_bytes(NAME, content, str.upper))["A1"].value == "Ware"


def orders(*tables: list[str], fill: Callable[[Any], None] = lambda _: None) -> bytes:
    """Return a workbook with a table for each list of heads, one below the other; `Ware` stands in the last cell, too."""

    def fill_in(sheet: Any) -> None:
        for number, heads in enumerate(tables):
            top = 1 + 4 * number
            for column, text in enumerate(heads, 1):
                sheet.cell(top, column, text)
                sheet.cell(top + 1, column, 3)
            table = Table(displayName=f"Liste{number}", ref=f"A{top}:{chr(64 + len(heads))}{top + 1}")
            table._initialise_columns()
            for one, text in zip(table.tableColumns, heads, strict=True):
                one.name = text
            sheet.add_table(table)
        sheet["H20"] = "Ware"
        fill(sheet)

    return workbook(fill_in)


def heads_of(content: bytes) -> list[list[tuple[str, str]]]:
    """Return the heads of each table as its cells say them, and as it says them itself."""
    sheet = again(content)
    return [
        [(cell.value, one.name) for cell, one in zip(sheet[table.ref][0], table.tableColumns, strict=True)]
        for table in sheet.tables.values()
    ]


HEADS = {"Ware": "Goods", "Menge & Maß": "Amount & <size>", "Preis": "Price", "Kosten": "Price"}


def in_english(text: str) -> str:
    return HEADS.get(text, text)


@pytest.mark.parametrize("written_as", [bytes, shared])
def test_heads_of_a_table_that_no_formula_names_change_in_cells_and_table_together(
    written_as: Callable[[bytes], bytes],
) -> None:
    notes = Notes()
    content = written_as(orders(["Ware", "Menge & Maß", "Nr. 4"], ["Preis", "Ware"]))
    assert texts_in(NAME, content, notes=notes)[:4] == ["Ware", "Menge & Maß", "Nr. 4", "Preis"]
    assert "heads of tables" not in notes.left
    new = translated_bytes(NAME, content, in_english)
    assert heads_of(new) == [
        [("Goods", "Goods"), ("Amount & <size>", "Amount & <size>"), ("Nr. 4", "Nr. 4")],
        [("Price", "Price"), ("Goods", "Goods")],
    ]
    assert again(new)["H20"].value == "Goods"


def test_heads_that_would_be_alike_stay_in_both_tables() -> None:
    content = orders(["Preis", "KOSTEN", "Kosten 2"], ["Preis", "Kosten"], ["Ware", "goods"])
    new = translated_bytes(NAME, content, in_english)
    assert heads_of(new) == [
        [("Preis", "Preis"), ("KOSTEN", "KOSTEN"), ("Kosten 2", "Kosten 2")],
        [("Preis", "Preis"), ("Kosten", "Kosten")],
        [("Ware", "Ware"), ("goods", "goods")],
    ]
    for impossible in ("", "Zwei\nZeilen", "x" * 256):
        assert heads_of(translated_bytes(NAME, orders(["Ware"]), {"Ware": impossible}.__getitem__)) == [
            [("Ware", "Ware")]
        ]


@pytest.mark.parametrize(
    "formula",
    ["=SUM(Liste0[Menge])", '=INDIRECT("Liste0["&A1&"]")', "=Liste0[[#This Row],[Ware]]"],
)
def test_heads_stay_where_a_formula_names_columns(formula: str) -> None:
    def fill(sheet: Any) -> None:
        sheet["F9"] = formula

    notes = Notes()
    content = orders(["Ware", "Preis"], fill=fill)
    assert "Preis" not in texts_in(NAME, content, notes=notes)
    assert notes.left["heads of tables"] == 2
    assert heads_of(translated_bytes(NAME, content, in_english)) == [[("Ware", "Ware"), ("Preis", "Preis")]]


@pytest.mark.parametrize("kind", ["pivotCacheDefinition", "slicerCache", "connections", "vbaProject"])
def test_heads_stay_where_something_else_may_ask_for_them(kind: str) -> None:
    told = f'<Relationship Id="x1" Type="http://x/{kind}" Target="theme/theme1.xml"/></Relationships>'.encode()
    content = replaced(
        orders(["Ware", "Preis"]),
        "xl/_rels/workbook.xml.rels",
        lambda raw: raw.replace(b"</Relationships>", told),
    )
    assert "Preis" not in texts_in(NAME, content)


WORDS = st.sampled_from(
    ["Ware", "ware", "Preis", "Kosten", "Maß", "MASS", "Nr. 4", "Zwei\nZeilen", " Rand ", "A & <B>", "12"]
)


@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=4, unique_by=str.casefold), min_size=1, max_size=3),
    st.dictionaries(WORDS, st.one_of(WORDS, st.just(""), st.just("x" * 300))),
    st.sampled_from([bytes, shared]),
)
@settings(max_examples=40, deadline=None)
def test_any_heads_are_those_of_their_table_and_unlike_each_other(
    tables: list[list[str]], words: dict[str, str], written_as: Callable[[bytes], bytes]
) -> None:
    content = written_as(orders(*tables))
    assert translated_bytes(NAME, content, lambda text: text) == content
    for table in heads_of(translated_bytes(NAME, content, lambda text: words.get(text, text))):
        names = [name for _, name in table]
        assert [cell for cell, _ in table] == names
        assert len({name.casefold() for name in names}) == len(names)


def test_a_head_with_formatting_says_the_same_as_its_table() -> None:
    content = replaced(
        shared(orders(["Rote Ware", "Preis"])),
        STRINGS,
        lambda raw: raw.replace(b"<t>Rote Ware</t>", b"<r><rPr><b/></rPr><t>Rote</t></r><r><t> Ware</t></r>"),
    )
    new = translated_bytes(
        NAME, content, lambda text: aligned(text, "Goods in red", "0-2 1-0") if "Rote" in text else text
    )
    assert heads_of(new)[0][0] == ("Goods in red", "Goods in red")
    assert '<b/></rPr><t xml:space="preserve">red</t>' in part(new, STRINGS)


def test_a_head_stays_whose_cell_says_something_else() -> None:
    content = replaced(
        orders(["Ware", "Preis"]), "xl/tables/table1.xml", lambda raw: raw.replace(b'"Preis"', b'"Preis_x000a_alt"')
    )
    assert "Preis" not in texts_in(NAME, content)
