"""Documents as XLIFF and as Word files of two columns."""

import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import docx
import pytest

from api.exports.names import disposition
from api.exports.page import write_page
from api.exports.tmx import write_tmx
from api.exports.word import write_word
from api.exports.xliff import write_xliff
from pipeline.term_hits import TermHit
from store.counting import Counts
from store.documents.reading import Document
from store.parts import StoredSentence

XLIFF = "{urn:oasis:names:tc:xliff:document:2.0}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOUBT = "doubtful: a number, a time or a unit is missing or changed; it is much shorter or longer than its source"
STRANGE = 'a < b & "c" \x0b\ud7ff\ufffe\r\n\tEnde 😀'


def document(source: str = "de", target: str = "en", detected: str | None = None, **metadata: Any) -> Document:
    return Document(
        id="brief", owner=None, state="done", source=source, detected=detected, target=target, model=None,
        wanted_model=None, reason=None, expected=None, callback=None, metadata=metadata, internal={},
        created=datetime.now(UTC), finished=None, parts=1, counts=Counts(0, 0, 0, 0, 0),
    )  # fmt: skip


def sentence(index: int, source: str, translation: str | None, **more: Any) -> StoredSentence:
    fields: dict[str, Any] = {"flags": [], "suspect": [], "failed": False} | more
    return StoredSentence(part=0, index=index, source=source, span=(0, 0), translation=translation, **fields)


async def parts(*sentences: StoredSentence, size: int = 2) -> AsyncIterator[Sequence[StoredSentence]]:
    for start in range(0, len(sentences), size):
        yield sentences[start : start + size]


SENTENCES = [
    sentence(0, "Guten Tag.", "Hello.", confidence=91),
    sentence(1, "Hier sind 3.", "Here are 4.", suspect=["numbers", "length"], flags=["split"], confidence=20),
    sentence(2, STRANGE, STRANGE.upper()),
    sentence(3, "Noch nicht.", None),
    sentence(4, "Misslungen.", "Misslungen.", failed=True),
]


async def xliff(found: Document, *sentences: StoredSentence) -> ElementTree.Element:
    return ElementTree.fromstring("".join([piece async for piece in write_xliff(found, parts(*sentences))]))


async def word(found: Document, *sentences: StoredSentence) -> bytes:
    return b"".join([piece async for piece in write_word(found, parts(*sentences))])


def text_of(element: ElementTree.Element) -> str:
    """Return the text of a source or target, with what XML cannot hold."""
    pieces = [element.text or ""]
    for child in element:
        assert child.tag == f"{XLIFF}cp"
        pieces += [chr(int(child.attrib["hex"], 16)), child.tail or ""]
    return "".join(pieces)


async def test_xliff_has_a_unit_a_sentence_with_what_is_known_of_it() -> None:
    root = await xliff(document(filename="Brief & mehr.txt"), *SENTENCES)
    assert root.attrib == {"version": "2.0", "srcLang": "de", "trgLang": "en"}
    file = root[0]
    assert file.get("original") == "Brief & mehr.txt"
    units = list(root.iter(f"{XLIFF}unit"))
    assert [unit.get("id") for unit in units] == ["0.0", "0.1", "0.2", "0.3", "0.4"]
    assert [text_of(found) for found in root.iter(f"{XLIFF}source")] == [one.source for one in SENTENCES]
    assert [text_of(found) for found in root.iter(f"{XLIFF}target")] == ["Hello.", "Here are 4.", STRANGE.upper()]
    states = [found.get("state") for found in root.iter(f"{XLIFF}segment")]
    assert states == ["translated", "translated", "translated", "initial", "initial"]
    notes = [(note.get("category"), note.text) for note in units[1].iter(f"{XLIFF}note")]
    assert notes[0] == ("suspect", DOUBT)
    assert notes[1][0] == "confidence"
    assert (notes[1][1] or "").startswith("low (20): ")
    assert notes[2] == ("flag", "split")
    # Notes stand before the segment, and an element of notes is never empty.
    assert [child.tag for child in units[1]] == [f"{XLIFF}notes", f"{XLIFF}segment"]
    assert [child.tag for child in units[2]] == [f"{XLIFF}segment"]


@pytest.mark.parametrize(("detected", "said"), [("fr", "fr"), (None, "und")])
async def test_a_language_that_was_not_stated_is_the_one_that_was_found(detected: str | None, said: str) -> None:
    found = document(source="auto", detected=detected)
    assert (await xliff(found)).get("srcLang") == said
    assert f"Source ({said})" in docx.Document(io.BytesIO(await word(found))).tables[0].cell(0, 0).text
    assert f'"brief.{said}-en.xlf"' in disposition(found, "xlf", both_languages=True)


async def test_an_empty_document_is_a_whole_file() -> None:
    assert len(list((await xliff(document())).iter(f"{XLIFF}unit"))) == 1
    assert len(docx.Document(io.BytesIO(await word(document()))).tables[0].rows) == 1


async def test_a_word_file_has_both_sides_and_the_doubts() -> None:
    content = await word(document(filename="Brief.docx"), *SENTENCES)
    opened = docx.Document(io.BytesIO(content))
    assert opened.core_properties.title == "Brief.docx"
    assert opened.paragraphs[0].text == "Brief.docx"
    rows = [[[one.text for one in cell.paragraphs] for cell in row.cells] for row in opened.tables[0].rows]
    assert rows[0] == [["Source (de)"], ["Translation (en)"]]
    assert rows[1] == [["Guten Tag."], ["Hello."]]
    assert rows[2][1][:2] == ["Here are 4.", DOUBT]
    assert rows[2][1][2].startswith("low confidence (20): ")
    assert rows[3][0] == ['a < b & "c" \ufffd\ud7ff\ufffd\n\tEnde 😀']
    assert rows[4] == [["Noch nicht."], ["", "not translated yet"]]
    assert rows[5][1] == ["Misslungen.", "doubtful: no translation could be made: this is the source"]
    shaded = ["<w:shd " in row.cells[1]._tc.xml for row in opened.tables[0].rows[1:]]
    assert shaded == [False, True, False, True, True]
    assert content == await word(document(filename="Brief.docx"), *SENTENCES)


async def test_terms_that_a_translation_has_and_misses_are_told_in_every_form() -> None:
    hits = (TermHit("Verträge", "contract", True), TermHit("Kaution <2>", "deposit", False))
    both = sentence(0, "Verträge mit Kaution <2>", "Contracts with bail", terms=hits)
    waiting = sentence(1, "Ein Vertrag", None, terms=(TermHit("Vertrag", "contract", None),))
    units = list((await xliff(document(), both, waiting)).iter(f"{XLIFF}unit"))
    notes = [[(note.get("category"), note.text) for note in unit.iter(f"{XLIFF}note")] for unit in units]
    kept, left = ("Verträge → contract", "Kaution <2> → deposit")
    assert notes == [[("term", kept), ("term-missed", left)], []]
    unit = ElementTree.fromstring("".join([one async for one in write_tmx(document(), parts(both))])).find("body/tu")
    assert unit is not None
    assert [(one.get("type"), one.text) for one in unit.iter("prop")] == [("x-term", kept), ("x-term-missed", left)]
    page = "".join([piece async for piece in write_page(document(), parts(both, waiting))])
    said = "not as in the glossary: Kaution &lt;2&gt; → deposit"
    assert (page.count(said), page.count("not as in the glossary")) == (1, 1)
    rows = docx.Document(io.BytesIO(await word(document(), both))).tables[0].rows
    assert "not as in the glossary: Kaution <2> → deposit" in rows[1].cells[1].text


async def test_each_part_of_a_word_file_is_xml_of_its_type() -> None:
    with zipfile.ZipFile(io.BytesIO(await word(document(), *SENTENCES))) as package:
        assert package.testzip() is None
        for name in package.namelist():
            ElementTree.fromstring(package.read(name))
        types = ElementTree.fromstring(package.read("[Content_Types].xml"))
        assert {one.get("PartName", "").lstrip("/") for one in types if one.get("PartName")} <= set(package.namelist())


async def test_a_long_document_has_tables_that_word_can_take() -> None:
    many = [sentence(index, f"Satz {index}.", f"Sentence {index}.") for index in range(4500)]
    tables = docx.Document(io.BytesIO(await word(document(), *many))).tables
    assert [len(table._tbl.tr_lst) for table in tables] == [2001, 2001, 501]


async def test_text_from_right_to_left_is_said_to_be() -> None:
    content = await word(document(target="he"), sentence(0, "Guten Tag.", "שלום."))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))
    runs = {"".join(run.itertext()): run for run in body.iter(f"{WORD}r")}
    assert runs["שלום."].find(f"{WORD}rPr/{WORD}rtl") is not None
    assert runs["Guten Tag."].find(f"{WORD}rPr/{WORD}rtl") is None


async def test_a_file_is_sent_while_it_is_made() -> None:
    many = [sentence(index, f"Satz {index} {index * 7919}.", "x") for index in range(20_000)]
    pieces = [piece async for piece in write_word(document(), parts(*many, size=500))]
    assert len([piece for piece in pieces if piece]) > 5
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 3
