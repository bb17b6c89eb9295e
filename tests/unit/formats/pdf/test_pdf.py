"""PDF files: what is read of them, and what is written."""

import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import docx
import msgspec
import pytest

from formats.document import Notes, Options, Piece, Translated
from formats.errors import DocumentError
from formats.pdf import extracting
from formats.pdf import reader as pdf
from formats.pdf.document import paragraphs
from formats.pdf.layout import Page
from formats.pdf.process import Pages
from formats.table import kind_of, output_of
from formats.web import html
from pipeline.errors import InputError
from tests.speed import Stopwatch
from tests.unit.formats.pdf import pdfs
from tests.unit.formats.pdf.pdfs import Line, Link, column
from tests.unit.formats.test_contract import EXPECTED, FOLDER, OPTIONS, in_capitals, plain

GOOD = [name for name in EXPECTED if name.startswith("pdf/") and name != "pdf/03-scan.pdf"]


@pytest.fixture(autouse=True)
def in_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read pages here, which is quicker, but in tests of the process."""
    if (
        request.node.get_closest_marker("parametrize")
        or "page_that" in request.node.name
        or "process" in request.node.name
    ):
        return

    def read_here(pages: Any, copy: IO[bytes]) -> None:
        for line in extracting.pages(copy):
            pages._lines.write(msgspec.json.encode(line) + b"\n")

    monkeypatch.setattr(Pages, "_read", read_here)


def read(content: bytes, notes: Notes | None = None) -> list[str]:
    return list(pdf.read(io.BytesIO(content), OPTIONS, notes or Notes()))


def loud(content: bytes, output: str) -> bytes:
    """Return what is written when each text is in capitals."""
    options = Options(source="de", target="en", output=output)
    return b"".join(pdf.write(io.BytesIO(content), map(in_capitals, read(content)), options))


def in_word(content: bytes) -> list[str]:
    """Return the paragraphs of a Word file, of its tables too."""
    opened = docx.Document(io.BytesIO(content))
    cells = [one.text for table in opened.tables for row in table.rows for cell in row.cells for one in cell.paragraphs]
    section = opened.sections[0]
    return [one.text for one in (*opened.paragraphs, *section.header.paragraphs, *section.footer.paragraphs)] + cells


def shown(*lines: Line | Link) -> list[str]:
    return read(pdfs.pdf([lines]))


def test_where_the_library_is_missing_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    # As if it were not installed: Python finds nothing of that name then.
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(DocumentError, match=r"install satzstrom-server\[formats\], or send it as docx"):
        Pages(io.BytesIO(pdfs.pdf([[Line(60, 60, "Gut.")]])))


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("output", ["docx", "html"])
def test_what_is_written_has_every_text_translated(name: str, output: str) -> None:
    content = (FOLDER / name).read_bytes()
    written = loud(content, output)
    texts = in_word(written) if output == "docx" else list(html.read(io.BytesIO(written), OPTIONS, Notes()))
    found = [plain(text) for text in texts]
    for text in read(content):
        assert any(plain(in_capitals(text).text) in one for one in found), text


def test_a_picture_of_a_page_is_refused_with_a_way_out() -> None:
    with pytest.raises(DocumentError, match=r"its page is a picture.*OCR.*`ocrmypdf "):
        read((FOLDER / "pdf/03-scan.pdf").read_bytes())
    with pytest.raises(DocumentError, match="nothing is written on its pages"):
        read(pdfs.pdf([[]]))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ((FOLDER / "bad/password.pdf").read_bytes(), "password"),
        (b"", "damaged"),
        (b"%PDF-1.7\nno more", "damaged"),
        ((FOLDER / "pdf/01-contract.pdf").read_bytes()[:9000], "damaged|no text"),
        (b"<html>", "damaged"),
        (pdfs.whole([b"<</Type/Catalog/Pages 1 0 R>>"]), "damaged|nothing"),
        # Pages that hold themselves, and a page whose content is a gigabyte of blanks in a megabyte.
        (pdfs.whole([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"]), "damaged|nothing"),
        (pdfs.whole([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 2000000000>>"]), "pages|damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_at_once(content: bytes, reason: str) -> None:
    watch = Stopwatch()
    with pytest.raises(DocumentError, match=reason):
        read(content)
    watch.check(10)


def test_a_page_that_breaks_its_reader_breaks_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os, sys\nif 'formats.pdf.child' in sys.orig_argv: os.abort()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(DocumentError, match="damaged"):
        Pages(io.BytesIO(pdfs.pdf([[Line(60, 60, "Gut.")]])))


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, time\nif 'formats.pdf.child' in sys.orig_argv: time.sleep(60)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("formats.pdf.process._PAGE_SECONDS", 0.2)
    with pytest.raises(DocumentError, match="takes longer than"):
        Pages(io.BytesIO(pdfs.pdf([[Line(60, 60, "Gut.")]])))


def test_words_divided_at_the_end_of_lines_are_whole_and_others_keep_their_hyphens() -> None:
    text = "Die freiwillige Feuer-\nwehr und die Hoch- und\nNiederländer, dazu Vor-\nund Nachteile der Bahn Nord-\nSüd."
    assert shown(*column(60, 60, text)) == [
        "Die freiwillige Feuerwehr und die Hoch- und Niederländer, dazu Vor- und Nachteile der Bahn Nord-Süd."
    ]


def test_paragraphs_are_told_by_gaps_indents_and_ends() -> None:
    first = (
        "Der alte Mann ging an den Fluss hinunter und\nsetzte sich ans Ufer. Dort blieb er sitzen, bis es\ndunkel war."
    )
    second = "Am nächsten Morgen kam er wieder und blieb bis\nzum Abend."
    whole = [plain(first), plain(second)]
    first_line = second.partition("\n")[0]
    assert shown(*column(60, 60, first), *column(60, 116, second)) == whole
    assert shown(*column(60, 60, first), Line(75, 102, first_line), Line(60, 116, "zum Abend.")) == whole
    assert shown(*column(60, 60, first), *column(60, 102, second)) == whole


def test_columns_are_read_one_after_the_other() -> None:
    left = (
        "Der alte Mann ging an den Fluss und\nsetzte sich ans Ufer, wo die Weiden\nstehen. Dort blieb er lange. Er sah"
    )
    right = (
        "den Kähnen nach, die talwärts fuhren,\nund rauchte in der warmen Sonne,\nbis es dunkel war und kühl\nwurde."
    )
    texts = shown(
        Line(60, 60, "Die Zeitung aus unserem kleinen Ort am großen Fluss", 20),
        *column(60, 100, left), *column(320, 100, right),
    )  # fmt: skip
    assert texts == ["Die Zeitung aus unserem kleinen Ort am großen Fluss", plain(f"{left} {right}")]


def test_paragraphs_go_on_over_pages_and_notes_below_them() -> None:
    first = [*column(60, 700, "Der Rat hat in seiner Sitzung lange und viel über\ndie neue Brücke, dazu auch über deren"),
             Line(60, 790, "1 Siehe den Bericht.", 8), Line(290, 815, "7", 9)]  # fmt: skip
    second = [*column(60, 60, "Kosten beraten. Gut."), Line(290, 815, "8", 9)]
    assert read(pdfs.pdf([first, second])) == [
        "Der Rat hat in seiner Sitzung lange und viel über die neue Brücke, dazu auch über deren Kosten beraten. Gut.",
        "1 Siehe den Bericht.",
    ]


def test_running_heads_are_read_once_and_numbers_of_pages_never() -> None:
    pages = [
        [Line(60, 30, "Heimatblatt für Elsterberg"), Line(500, 30, f"Seite {number}"),
         Line(60, 100, f"Das ist die Geschichte vom {word} Haus.")]
        for number, word in enumerate(("ersten", "zweiten", "dritten"), 9)
    ]  # fmt: skip
    notes = Notes()
    assert read(pdfs.pdf(pages), notes) == [
        "Heimatblatt für Elsterberg",
        *(f"Das ist die Geschichte vom {word} Haus." for word in ("ersten", "zweiten", "dritten")),
    ]
    assert notes.left == {"repeated heads, feet and numbers of pages": 5}
    opened = docx.Document(io.BytesIO(loud(pdfs.pdf(pages), "docx")))
    assert [one.text for one in opened.sections[0].header.paragraphs] == ["HEIMATBLATT FÜR ELSTERBERG"]
    assert len(opened.paragraphs) == 3


def test_texts_come_while_pages_are_read() -> None:
    content = pdfs.pdf([
        [Line(60, 30, "Heimatblatt für Elsterberg"), Line(290, 815, str(number)),
         Line(60, 300, f"Das ist die Geschichte von Haus {number}."), *([Line(60, 350, "Ende.")] * (number == 60))]
        for number in range(1, 61)
    ])  # fmt: skip
    read_so_far = 0

    def counted(pages: Iterable[Page]) -> Iterator[Page]:
        nonlocal read_so_far
        for page in pages:
            read_so_far += 1
            yield page

    notes = Notes()
    with Pages(io.BytesIO(content)) as pages:
        found = paragraphs(counted(pages), notes)
        first = [next(found), next(found)]
        assert read_so_far < 25
        texts = [text.text for paragraph in (*first, *found) for text in paragraph.texts]
    stories = [f"Das ist die Geschichte von Haus {number}." for number in range(1, 61)]
    assert texts == ["Heimatblatt für Elsterberg", *stories, "Ende."]
    assert texts == read(content)
    assert notes.left == {"repeated heads, feet and numbers of pages": 60 + 59}


def test_a_scan_with_text_on_its_last_pages_is_read() -> None:
    empty: list[Line | Link] = []
    assert read(pdfs.pdf([*([empty] * 40), [Line(60, 60, "Gut.")]])) == ["Gut."]


def test_a_process_that_takes_too_much_is_an_error_and_no_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, signal, sys\nif 'formats.pdf.child' in sys.orig_argv: os.kill(os.getpid(), signal.SIGXCPU)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(DocumentError, match="more time or memory"):
        Pages(io.BytesIO(pdfs.pdf([[Line(60, 60, "a page_that is good")]])))


def test_headings_lists_tables_and_links_are_such_in_what_is_written() -> None:
    content = pdfs.pdf([[
        Line(60, 60, "Bericht", 20), Line(60, 90, "Zahlen", 14),
        Line(60, 120, "Es gibt hier", 11), Line(125, 120, "viele Gäste", 11, "bold"), Line(190, 120, "im Jahr."),
        Line(60, 145, "1."), Line(78, 145, "Alle kommen gern wieder."),
        Line(60, 160, "2."), Line(78, 160, "Keiner bleibt lange."),
        Line(60, 190, "Ort"), Line(250, 190, "Gäste"), Line(60, 205, "Elsterberg"), Line(250, 205, "120"),
        Line(60, 235, "Mehr steht im Netz."), Link((60, 225, 160, 238), "https://beispiel.example/a?b=1&c=2"),
    ]])  # fmt: skip
    assert read(content) == ["Bericht", "Zahlen", "Es gibt hier viele Gäste im Jahr.", "Alle kommen gern wieder.",
                             "Keiner bleibt lange.", "Ort", "Gäste", "Elsterberg", "Mehr steht im Netz."]  # fmt: skip
    opened = docx.Document(io.BytesIO(loud(content, "docx")))
    looks = [(one.style.name if one.style else "", one.text) for one in opened.paragraphs if one.text]
    assert looks[:2] == [("Heading 1", "BERICHT"), ("Heading 2", "ZAHLEN")]
    assert looks[3] == ("Normal", "1.\tALLE KOMMEN GERN WIEDER.")
    assert [run.text for run in opened.paragraphs[2].runs if run.bold] == ["VIELE GÄSTE"]
    assert [[cell.text for cell in row.cells] for row in opened.tables[0].rows] == [
        ["ORT", "GÄSTE"],
        ["ELSTERBERG", "120"],
    ]
    assert [one.address for one in opened.paragraphs[-1].hyperlinks] == ["https://beispiel.example/a?b=1&c=2"]
    page = loud(content, "html").decode()
    assert "<h1>BERICHT</h1>" in page
    assert "<strong>VIELE GÄSTE</strong>" in page
    assert '<a href="https://beispiel.example/a?b=1&amp;c=2">' in page


def test_numbers_of_notes_stand_raised_and_not_in_the_text() -> None:
    content = pdfs.pdf(
        [[Line(60, 60, "Das Haus ist alt.", 12), Line(153, 55, "12", 7), Line(165, 60, "Es steht noch.", 12)]]
    )
    assert read(content) == ["Das Haus ist alt. Es steht noch."]
    opened = docx.Document(io.BytesIO(loud(content, "docx")))
    assert [run.text for run in opened.paragraphs[0].runs if run.font.superscript] == ["12"]


def test_turned_pages_are_read_as_they_are_shown() -> None:
    lines = [Line(60, 60, "Erste Zeile."), Line(60, 100, "Zweite Zeile.")]
    for turn in (0, 90, 180, 270):
        content = pdfs.pdf([lines], turn=turn, upright=True)
        assert read(content) == ["Erste Zeile.", "Zweite Zeile."], turn
    notes = Notes()
    # What lies on its side when it is shown is a stamp or a mark.
    with pytest.raises(DocumentError, match="nothing is written"):
        read(pdfs.pdf([lines], turn=90), notes)
    assert notes.left["turned text"] > 20


def test_what_is_no_language_is_not_given_and_is_there() -> None:
    content = pdfs.pdf([[Line(60, 60, "Rechnung"), Line(60, 90, "4711"), Line(60, 120, "https://beispiel.example/x")]])
    assert read(content) == ["Rechnung"]
    assert in_word(loud(content, "docx"))[:3] == ["RECHNUNG", "4711", "https://beispiel.example/x"]


def test_reading_again_gives_the_same() -> None:
    content = (FOLDER / "pdf/02-two-columns.pdf").read_bytes()
    assert read(content) == read(content)
    unchanged = [Translated([Piece(text, None)]) for text in read(content)]
    options = Options(source="de", target="en", output="docx")
    assert in_word(b"".join(pdf.write(io.BytesIO(content), iter(unchanged), options)))


def test_what_was_left_alone_is_said() -> None:
    notes = Notes()
    read((FOLDER / "pdf/04-form.pdf").read_bytes(), notes)
    assert notes.left == Counter({"form fields": 2, "comments": 1})


def test_a_pdf_is_given_back_as_word_file_or_page() -> None:
    kind = kind_of("a.PDF")
    assert kind is not None
    assert output_of(kind, "html").name == "html"
    with pytest.raises(InputError, match="a PDF is given back as docx or html, not as pdf"):
        output_of(kind, "pdf")
    page = kind_of("a.html")
    assert page is not None
    assert output_of(page) is page
    with pytest.raises(InputError, match="a web page is given back as html, not as docx"):
        output_of(page, "docx")
