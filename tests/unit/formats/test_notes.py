"""What the status says of a file: how much was left alone, and why; what its sender should know."""

import io
from collections import Counter

import openpyxl
import pptx
import pytest
from openpyxl.drawing.image import Image

from formats.document import Notes
from tests.conftest import ROOT
from tests.unit.formats.office.opendocuments import odt
from tests.unit.formats.office.test_slides import replaced
from tests.unit.formats.office.test_word import document
from tests.unit.formats.reading import texts_in
from tests.unit.formats.test_contract import FOLDER, GOOD, texts_of

LEFT: dict[str, dict[str, int]] = {
    "docx/02-headers-footers.docx": {"fields": 2},
    "docx/05-links-fields-toc.docx": {"fields": 6},
    "docx/06-tracked-changes.docx": {"tracked deletions": 3},
    "docx/07-pictures-charts-smartart.docx": {"pictures": 1},
    "docx/08-hidden-math-ruby-controls.docx": {"hidden text": 1, "formulas": 1},
    "docx/10-lists-styles.docx": {"code": 1},
    "docx/15-by-libreoffice.docx": {"hidden text": 1, "tracked deletions": 1, "pictures": 1, "fields": 3},
    "epub/01-epub3.epub": {"pictures": 1, "texts in other languages": 1},
    "html/01-inline.html": {
        "code": 2,
        "texts marked as not to be translated": 2,
        "texts in other languages": 1,
        "pictures": 1,
        "formulas": 1,
    },
    "odp/01-slides.odp": {"pictures": 1, "fields": 11},
    "ods/01-sheet.ods": {"formulas": 2, "fields": 2},
    "odt/01-text.odt": {"tracked deletions": 1, "hidden text": 1, "pictures": 1, "fields": 3},
    "odt/02-from-word.odt": {"fields": 3},
    "pdf/01-contract.pdf": {"repeated heads, feet and numbers of pages": 2},
    "pdf/04-form.pdf": {"form fields": 2, "comments": 1},
    "po/01-app.po": {"translated already": 1, "fuzzy": 1},
    "pptx/01-slides.pptx": {"pictures": 1},
    "pptx/03-by-libreoffice.pptx": {"pictures": 1},
    "xliff/01-xliff12.xlf": {"not to be translated": 1, "translated already": 1},
    "xliff/02-xliff20.xlf": {"translated already": 1, "not to be translated": 1},
    "xlsx/01-cells.xlsx": {"heads of tables": 4, "formulas": 8},
    "xlsx/02-richtext-chart.xlsx": {"texts with their pronunciation": 1},
    "xlsx/03-by-libreoffice.xlsx": {"formulas": 2},
    "csv/01-shop.csv": {"columns of codes and numbers": 2, "names of columns": 4},
    "csv/02-keys.tsv": {"columns of codes and numbers": 1, "names of columns": 2},
    "xml/01-strings.xml": {"not to be translated": 1},
    "stringsdict/01-plurals.stringsdict": {"types of numbers": 2},
}
"""What is left of the test documents; of others nothing."""

WARNED = {
    "docx/06-tracked-changes.docx": "tracked changes",
    "docx/13-macro.docm": "macros",
    "docx/15-by-libreoffice.docx": "tracked changes",
    "odt/01-text.odt": "tracked changes",
    "srt/02-cp1252-crlf.srt": "not UTF-8",
    "csv/01-shop.csv": "not UTF-8",
}
MACROS = "The document has macros"


def left(name: str, content: bytes | str) -> Counter[str]:
    notes = Notes()
    texts_in(name, content, notes=notes)
    return notes.left


@pytest.mark.parametrize("name", GOOD)
def test_what_was_left_and_what_is_warned_of_is_told_and_nothing_else(name: str) -> None:
    notes = Notes()
    texts_of(name, (FOLDER / name).read_bytes(), notes)
    assert dict(notes.left) == LEFT.get(name, {})
    assert len(notes.warnings) == (name in WARNED)
    assert WARNED.get(name, "") in " ".join(notes.warnings)


def test_of_a_picture_for_old_programs_nothing_is_counted_and_none_is_a_bullet() -> None:
    blip = '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" {}/>'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    here = blip.format('r:embed="rId1"')
    vml = '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" r:id="rId1"/>'
    body = (
        f"<w:p xmlns:r='{relations}'><w:r><mc:AlternateContent><mc:Choice Requires='wps'>"
        f"<w:drawing>{here}</w:drawing></mc:Choice><mc:Fallback><w:pict>{vml}</w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r><w:r><w:pict>{vml}</w:pict></w:r>"
        f"<w:r><w:drawing>{blip.format('')}<x:buBlip xmlns:x='u'>{here}</x:buBlip></w:drawing></w:r></w:p>"
    )
    assert left("a.docx", document(body)) == {"pictures": 2}


def test_a_field_that_is_translated_is_not_left() -> None:
    field = "<w:p><w:fldSimple w:instr=' REF a '><w:r><w:t>Das Haus am See</w:t></w:r></w:fldSimple></w:p>"
    assert "fields" not in left("a.docx", document(field))


def test_the_pictures_on_sheets_and_behind_their_cells_and_on_slides_are_counted() -> None:
    picture = str(ROOT / "docs/page.png")
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.add_image(Image(picture), "B2")
    book.save(out)
    assert left("a.xlsx", out.getvalue()) == {"pictures": 1}
    behind = replaced(
        out.getvalue(),
        "xl/worksheets/_rels/sheet1.xml.rels",
        lambda raw: raw.replace(
            b"</Relationships>",
            b'<Relationship Id="x" Target="../media/image1.png" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/image"/></Relationships>',
        ),
    )
    assert left("a.xlsx", behind) == {"pictures": 2}
    talk, out = pptx.Presentation(), io.BytesIO()
    slide = talk.slides.add_slide(talk.slide_layouts[6])
    slide.shapes.add_picture(picture, 0, 0)
    slide.shapes.add_picture(picture, 0, 0)
    talk.save(out)
    assert left("a.pptx", out.getvalue()) == {"pictures": 2}


def test_of_what_a_frame_of_opendocument_shows_only_a_picture_is_one() -> None:
    frames = (
        "<draw:frame><draw:image xlink:href='a.svg'/><draw:image xlink:href='a.png'/></draw:frame>"
        "<draw:frame><draw:object xlink:href='./Object 1'/><draw:image xlink:href='./ObjectReplacements/1'/></draw:frame>"
    )
    assert left("a.odt", odt(f"<text:p>Ein Text{frames}</text:p>{frames}")) == {"pictures": 2}


def test_the_pictures_of_a_page_are_counted_in_its_drawings_too() -> None:
    page = '<p>Ein Weg<img src=a><input type="image" src=b><svg><image href=c /><text>Weg</text></svg></p><code><img></code>'
    assert left("a.html", page) == {"pictures": 3, "code": 1}


@pytest.mark.parametrize(
    ("name", "sample", "member"),
    [
        *((f"a.{suffix}", "docx/12-contract.docx", "word/vbaProject.bin") for suffix in ("docm", "dotm")),
        *((f"a.{suffix}", "pptx/01-slides.pptx", "ppt/vbaProject.bin") for suffix in ("pptm", "ppsm", "potm")),
        *((f"a.{suffix}", "xlsx/01-cells.xlsx", "xl/vbaProject.bin") for suffix in ("xlsm", "xltm")),
        ("a.xlsm", "xlsx/01-cells.xlsx", "xl/macrosheets/sheet1.xml"),
        *(
            (f"a.{suffix}", sample, member)
            for suffix, sample in (("odt", "odt/01-text.odt"), ("ott", "odt/01-text.odt"), ("odp", "odp/01-slides.odp"),
                                   ("ods", "ods/01-sheet.ods"))
            for member in ("Basic/Standard/Module1.xml", "Scripts/python/hallo.py")
        ),
    ],
)  # fmt: skip
def test_macros_are_told_of_whatever_file_has_them(name: str, sample: str, member: str) -> None:
    notes, content = Notes(), (FOLDER / sample).read_bytes()
    texts_in(name, replaced(content, member, lambda _: b"x"), notes=notes)
    assert [one for one in notes.warnings if one.startswith(MACROS)] != []


def test_lists_of_macros_without_macros_are_none() -> None:
    content = (FOLDER / "odt/01-text.odt").read_bytes()
    for member in ("Basic/Standard/script-lb.xml", "Basic/script-lc.xml", "Scripts/"):
        content = replaced(content, member, lambda _: b"")
    notes = Notes()
    texts_in("a.odt", content, notes=notes)
    assert not any(one.startswith(MACROS) for one in notes.warnings)


@pytest.mark.parametrize("there", [True, False])
def test_macros_of_a_flat_file_are_told(there: bool) -> None:
    module = '<ooo:module ooo:name="a"><ooo:source-code>x</ooo:source-code></ooo:module>' if there else ""
    file = (
        '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:ooo="http://openoffice.org/2004/'
        f'office"><office:scripts><ooo:libraries>{module}</ooo:libraries></office:scripts></office:document>'
    )
    notes = Notes()
    texts_in("a.fodt", file, notes=notes)
    assert bool(notes.warnings) is there
