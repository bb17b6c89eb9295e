"""Headings that files tell, on their way from a reader to the layout of a sentence; and chapters that have a number only."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pptx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from api.files.reading import FileTexts
from formats.document import Heading, Options
from formats.table import kind_of
from pipeline.document_info import DocumentInfo
from pipeline.events import DocumentPart, decode_document, encode
from pipeline.headings import MOST, Headings
from pipeline.kafka import KafkaClients
from pipeline.publisher import Publisher
from pipeline.submission import PartSender
from pipeline.topics import Topics
from segmenter.splitter import Splitter
from store.documents.numbered import NumberedChapters
from store.layout import layouts
from tests.conftest import ROOT
from tests.unit.formats.epub.test_epub import PAGE, book
from tests.unit.formats.office.opendocuments import content, odt, packed
from tests.unit.formats.office.test_opendocument import p
from tests.unit.formats.reading import texts_in

SPLITTER = Splitter(ROOT / "models")


def word(fill: Callable[[Any], None]) -> bytes:
    made = docx.Document()
    made.core_properties.title = made.core_properties.comments = ""
    fill(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def headings(name: str, file: str | bytes) -> list[tuple[str, int]]:
    return [(one, one.level) for one in texts_in(name, file) if isinstance(one, Heading)]


def written(made: Any) -> None:
    """Write a Word document with headings of every sort."""
    made.add_heading("Der Bericht", 0)
    made.add_heading("Die Lage", 1)
    made.add_paragraph("Es ist Mai.")
    made.add_paragraph("Die Lage im Norden", style="Heading 2")
    own = made.styles.add_style("Kapitelkopf", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = made.styles["Heading 1"]
    made.add_paragraph("Der Süden", style="Kapitelkopf")
    # One whose level is its own, and one that is taken out of the outline.
    for words, level in (("Nebenbei", "4"), ("Nur groß", "9")):
        paragraph = made.add_paragraph(words, style="Heading 1" if level == "9" else None)
        said = OxmlElement("w:outlineLvl")
        said.set(qn("w:val"), level)
        paragraph._p.get_or_add_pPr().append(said)
    made.add_heading("Ein sehr langer Absatz, den jemand so groß haben wollte. " * 8, 1)


def test_word_says_headings_by_style_by_what_it_is_based_on_and_by_outline_level() -> None:
    assert headings("bericht.docx", word(written)) == [
        ("Der Bericht", 1), ("Die Lage", 1), ("Die Lage im Norden", 2), ("Der Süden", 1), ("Nebenbei", 5),
    ]  # fmt: skip


def test_opendocument_says_headings_titles_and_the_titles_of_slides() -> None:
    text = (
        "<text:p text:style-name='Title'>Der Bericht</text:p><text:h text:outline-level='2'>Die Lage</text:h>"
        "<text:h>Der Süden</text:h>" + p("Es ist Mai.")
    )
    assert headings("a.odt", odt(text)) == [("Der Bericht", 1), ("Die Lage", 2), ("Der Süden", 1)]
    slide = (
        "<draw:page><draw:frame presentation:class='title'><draw:text-box><text:p>Der Plan</text:p></draw:text-box>"
        "</draw:frame><draw:frame presentation:class='outline'><draw:text-box><text:p>Ein Punkt</text:p></draw:text-box>"
        "</draw:frame></draw:page>"
    )
    file = packed({"content.xml": content(slide, "", "presentation")}, "presentation")
    assert headings("a.odp", file) == [("Der Plan", 1)]


def test_opendocument_says_headings_that_its_contents_name() -> None:
    entries = "".join(p(f"{title}<text:tab/>1") for title in ("Die Lage", "Der Süden"))
    text = f"<text:table-of-content><text:index-body>{entries}</text:index-body></text:table-of-content>" + "".join(
        f"<text:h text:outline-level='{level}'>{title}</text:h>{p('Es ist Mai.')}"
        for level, title in ((1, "Die Lage"), (2, "Der Süden"))
    )
    assert headings("a.odt", odt(text)) == [("Die Lage", 1), ("Der Süden", 2)]


def test_pages_and_books_say_headings_whatever_is_in_them() -> None:
    body = (
        "<h1>Der <i>Bericht</i></h1><p>Es ist Mai.</p><h3><span>Der Süden</span></h3><p>1914</p>"
        '<section><h2 title="Ein Hinweis">Die Lage<br/>im Norden</h2>Ein Satz dahinter.</section>'
    )
    told = [("Der Bericht", 1), ("Der Süden", 3), ("Die Lage\nim Norden", 2)]
    assert headings("a.html", f"<body>{body}</body>") == told
    assert headings("a.epub", book({"OEBPS/a.xhtml": PAGE.format(body)})) == told


def test_slides_say_their_titles() -> None:
    made = pptx.Presentation()
    made.core_properties.title = ""
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = "Warum wir bauen", "Weil es regnet."
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "Danke schön"
    out = io.BytesIO()
    made.save(out)
    assert headings("a.pptx", out.getvalue()) == [("Warum wir bauen", 1), ("Danke schön", 1)]
    assert zipfile.is_zipfile(out)


async def parts_of(name: str, file: bytes) -> list[DocumentPart]:
    """Return the parts that are made of a file, as they are read from Kafka."""
    kind = kind_of(name)
    assert kind is not None
    texts = FileTexts(kind, io.BytesIO(file), Options(source="de", target="en"))
    await texts.characters()

    async def tell(_: dict[str, Any]) -> None: ...

    async def first_sent() -> None: ...

    info = DocumentInfo("d", splitting="segments", headings=texts.headings)
    sender = PartSender(Publisher(KafkaClients("127.0.0.1:9")), Topics())
    return [decode_document(encode(part)) async for part in sender.parts(info, texts.pieces(tell, first_sent))]


async def test_what_a_file_tells_arrives_at_the_sentences_of_every_part() -> None:
    long = "Am Abend kam er heim, und niemand sah ihn auf der langen Straße. " * 12

    def fill(made: Any) -> None:
        made.add_paragraph("ZUR WARNUNG")
        for number in range(150):
            made.add_heading(f"Vom Wetter im Monat {number}. Und mehr", 1 + number % 3)
            made.add_paragraph(long)
            # What would be one by how it is written.
            made.add_paragraph("KAPITEL 3")

    found = []
    parts = await parts_of("wetter.docx", word(fill))
    assert len(parts) > 1
    for part in parts:
        spans = [place for span in SPLITTER.spans(part.text, "de", "segments") for place in span]
        placed = layouts(part.text, spans, part.headings)
        for index, one in enumerate(placed):
            if one.kind == "heading" and one.paragraph == index:
                found.append((part.text[spans[2 * index] : spans[2 * index + 1]], one.level))
    assert [level for _, level in found] == [1 + number % 3 for number in range(150)]
    assert {words.split(" 1")[0] for words, _ in found if " 1" in words} == {"Vom Wetter im Monat"}


async def test_where_a_file_tells_none_they_are_told_by_how_they_are_written() -> None:
    (part,) = await parts_of("a.docx", word(lambda made: made.add_paragraph("ERSTES KAPITEL")))
    assert part.headings is None
    assert [one.level for one in layouts(part.text, [0, len(part.text)], part.headings)] == [2]


def test_headings_of_a_part_are_bounded_and_begin_again() -> None:
    found = Headings()
    assert found.take(10) is None
    for place in range(10, 3 * MOST + 10):
        found.add(place, 40)
    assert found.take(5) == [place for start in range(5) for place in (start, 9)]
    assert len(found.take(10 * MOST) or ()) == 2 * MOST
    assert found.take(10) == []
    found.clear()
    found.add(3, 0)
    assert found.take(10) == [3, 1]


def test_what_is_no_sentence_makes_no_heading_of_the_next() -> None:
    text = "42\n\nEin Satz.\n\n• Ein Punkt"
    assert [one.level for one in layouts(text, [4, 13, 17, 26], [0, 1, 15, 2])] == [0, 2]
    # Places that are nowhere are nobody's.
    assert [one.level for one in layouts(text, [4, 13, 17, 26], [900, 1])] == [0, 0]


def numbered(*texts: str) -> list[tuple[str, int]]:
    """Return the numbers that are chapters of a text in parts, with the sentences before them."""
    chapters, before = NumberedChapters(), 0
    for part, text in enumerate(texts):
        spans = [place for span in SPLITTER.spans(text, "de") for place in span]
        levels = [one.level for one in layouts(text, spans)]
        chapters.add(part, text, spans, levels, before)
        before += len(levels)
    return [(one.words, one.sentence) for one in chapters.found]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("dot", ["", "."])
def test_numbers_that_follow_each_other_are_chapters(end: str, dot: str) -> None:
    text = "1{0}\n\nEr kam. Es war Mai.\n\n\n2{0}\n\n»Wer da?«\n\n3{0}\n\nSie ging.\n\n"
    again = "ZWEITES BUCH\n\n1{0}\n\nNun also.\n\n17\n\nWeiter.\n\n2{0}\n\nDoch.\n\n3{0}\n\nEnde.\n"
    first = [("1", 0), ("2", 2), ("3", 3)]
    assert numbered(text.format(dot).replace("\n", end)) == [(number + dot, place) for number, place in first]
    both = numbered(text.format(dot).replace("\n", end), again.format(dot).replace("\n", end))
    assert both == [(number + dot, place) for number, place in [*first, ("1", 5), ("2", 7), ("3", 8)]]


def test_a_number_may_end_a_part() -> None:
    assert numbered("1\n\nEr kam.\n\n2\n\n", "Sie ging.\n\n3\n", "\nEnde.") == [("1", 0), ("2", 1), ("3", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "1\n\nEr kam.\n\n2\n\nSie ging.",
        "7\n\nEr kam.\n\n8\n\nSie ging.\n\n9\n\nUnd dann.",
        # Of pages.
        "Er kam.\n\n1\n\nSie ging mit dem\n\n2\n\nHut in der Hand.\n\n3\n\nDann Stille.\n\n4\n\nEnde.",
        # Of verses, lists and years.
        "1 Er kam.\n\n2 Sie ging.\n\n3 Dann Stille.",
        "1\nEr kam.\n2\nSie ging.\n3\nDann Stille.",
        "Er kam.\n\n1 2\n\nSie ging.\n\n²\n\nUnd.\n\n3\n\nDa.",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert numbered(text) == []
