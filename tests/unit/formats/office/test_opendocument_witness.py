"""Files of another library: read here, written here, and read there again."""

import io
from typing import Any

from odfdo import Cell, Document, Frame, Header, Link, List, Paragraph, Row, Style, Table
from odfdo.document import Document as Opened

from formats.document import Options
from tests.unit.formats.reading import texts_in, translated_bytes


def saved(document: Opened) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def opened(file: bytes) -> Opened:
    return Document(io.BytesIO(file))


def test_a_text_with_all_that_the_library_makes() -> None:
    document = Document("text")
    body = document.body
    body.clear()
    document.insert_style(Style("text", name="Fett", bold=True))
    body.append(Header(1, "Der Garten im Mai"))
    paragraph = Paragraph("Der alte Gärtner gießt die Beete.", style="Standard")
    paragraph.set_span("Fett", regex="alte Gärtner")
    paragraph.insert_note(after="Gärtner", note_id="n1", citation="1", body="Er ist neunzig.")
    paragraph.insert_annotation(after="gießt", body="Auch bei Regen?", creator="Ilse Brandt")
    body.append(paragraph)
    body.append(List(["Gießkanne mitbringen", "Handschuhe mitbringen"]))
    table = Table("Pflanzen")
    row = Row()
    row.append_cell(Cell("Standort der Pflanze"))
    row.append_cell(Cell(42))
    table.append_row(row)
    body.append(table)
    body.append(Frame.text_frame(Paragraph("Hunde bleiben draußen."), name="Rahmen"))
    with_link = Paragraph("Mehr steht ")
    with_link.append(Link("https://www.beispiel.example/", text="auf der Seite"))
    body.append(with_link)
    document.meta.title = "Bericht des Gärtners"
    file = saved(document)
    found = texts_in("a.odt", file)
    for text in (
        "Bericht des Gärtners", "Der Garten im Mai",
        "Der alte Gärtner gießt die Beete.", "Er ist neunzig.", "Auch bei Regen?",
        "Gießkanne mitbringen", "Standort der Pflanze", "Hunde bleiben draußen.", "Mehr steht auf der Seite",
    ):  # fmt: skip
        assert text in found
    assert not [text for text in found if "Ilse" in text or "42" in text]
    new = opened(translated_bytes("a.odt", file, str.upper))
    assert new.meta.title == "BERICHT DES GÄRTNERS"
    whole: Any = new.body
    assert [one.note_body for one in whole.get_notes()] == ["ER IST NEUNZIG."]
    assert [one.note_body for one in whole.get_annotations()] == ["AUCH BEI REGEN?"]
    assert [one.creator for one in whole.get_annotations()] == ["Ilse Brandt"]
    assert [one.text_recursive for one in whole.get_spans()] == ["ALTE GÄRTNER"]
    assert whole.get_link(0).text_recursive == "AUF DER SEITE"
    cells = whole.get_table(0).get_values()
    assert cells[0] == ["STANDORT DER PFLANZE", 42]
    assert new.get_part("mimetype") == document.get_part("mimetype")


def test_a_sheet_keeps_its_values() -> None:
    document = Document("spreadsheet")
    document.body.clear()
    table = Table("Kasse")
    first, second = Row(), Row()
    first.set_values(["Miete für den Saal", 300, True])
    second.set_values(["A-4711", "Miete für den Saal", 1.5])
    table.append_row(first)
    table.append_row(second)
    document.body.append(table)
    file = saved(document)
    assert [text for text in texts_in("a.ods", file) if "Miete" in text] == ["Miete für den Saal"] * 2
    body: Any = opened(translated_bytes("a.ods", file, str.upper)).body
    new = body.get_table(0)
    assert new.get_values() == [["MIETE FÜR DEN SAAL", 300, True], ["A-4711", "MIETE FÜR DEN SAAL", 1.5]]
    assert new.name == "Kasse"


def test_templates_of_the_library_come_back_as_they_are() -> None:
    for kind, suffix in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"), ("drawing", "odg")):
        file = saved(Document(kind))
        assert translated_bytes(f"a.{suffix}", file, str) == file
        opened(translated_bytes(f"a.{suffix}", file, str.upper, Options("en", "de")))
