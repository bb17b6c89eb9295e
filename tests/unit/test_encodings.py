"""Bytes into text: encodings that are stated, declared or marked, and files that are not text."""

import codecs
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encodings import DETECT, TextDecoder, browser_name
from pipeline.errors import EncodingError, FormatError, InputError
from pipeline.signatures import kind_of
from tests.conftest import ROOT
from tests.texts import CORNER_CASES

TEXT = "Die Tür ist groß.\r\n\r\nSchöne Grüße aus Köln, 20 °C.\r\n"


def read(data: bytes, stated: str | None = None, *, declared: str | None = None, size: int = 7000) -> tuple[str, str]:
    """Return what bytes were read as, and the text."""
    decoder = TextDecoder(stated, declared=declared)
    pieces = [decoder.feed(data[at : at + size]) for at in range(0, len(data), size)]
    return "".join([*pieces, decoder.finish()]), decoder.encoding


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), st.lists(st.integers(1, 4)))
def test_bytes_in_any_chunks_are_decoded(text: str, sizes: list[int]) -> None:
    data = text.encode()
    decoder = TextDecoder()
    pieces = []
    for size in sizes:
        pieces.append(decoder.feed(data[:size]))
        data = data[size:]
    pieces += [decoder.feed(data), decoder.finish()]
    assert "".join(pieces) == text


@pytest.mark.parametrize(
    ("chunks", "offset"),
    [([b"\xff"], 0), ([b"abc", b"d\xc3", b"\x28"], 4), ([b"ab\xe2\x82"], 2), ([b"\xed\xa0\x80"], 0)],
)
def test_wrong_bytes_are_named_by_their_offset(chunks: list[bytes], offset: int) -> None:
    decoder = TextDecoder()
    with pytest.raises(EncodingError) as caught:
        for chunk in chunks:
            decoder.feed(chunk)
        decoder.finish()
    assert caught.value.offset == offset
    assert f"byte {offset} " in str(caught.value)


def test_other_encodings() -> None:
    decoder = TextDecoder("iso-8859-1")
    assert decoder.feed("Müller".encode("latin-1")) + decoder.finish() == "Müller"


@pytest.mark.parametrize("name", ["utf-8", "UTF-16", "latin1", "windows-1252", "cp437", "koi8-r", "gb18030", "shift_jis",
                                  "big5", "euc-kr", "iso-2022-jp", "macintosh", "tis-620", "us-ascii"])  # fmt: skip
def test_encodings_of_texts_are_read(name: str) -> None:
    decoder = TextDecoder(name)
    assert decoder.feed("Tag".encode(name)) + decoder.finish() == "Tag"


# Codecs of Python that are for other things than texts; of some of them reading 200 KB takes seconds.
@pytest.mark.parametrize("name", ["klingon", "base64", "zip", "punycode", "idna", "utf-7", "unicode_escape",
                                  "raw_unicode_escape", "quopri", "rot13", "palmos", "undefined", "hex", "uu", "bz2",
                                  "x" * 10_000, "\ud800"])  # fmt: skip
def test_codecs_that_are_no_encodings_of_texts_are_refused_by_name(name: str) -> None:
    with pytest.raises(InputError, match="no encoding of texts") as caught:
        TextDecoder(name)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("encoding", ["undefined", "idna", "a\0b", " ", "\u00fc"])
def test_encodings_that_are_none_are_refused(encoding: str) -> None:
    with pytest.raises(InputError):
        TextDecoder(encoding).feed(b"\xff..")


@pytest.mark.parametrize("name", CORNER_CASES)
def test_utf_8_comes_back_to_the_last_character_with_its_mark(name: str) -> None:
    assert read(CORNER_CASES[name].encode()) == (CORNER_CASES[name], "utf-8")


@pytest.mark.parametrize("said", [None, "utf-8", "cp1252", DETECT])
@pytest.mark.parametrize("text", [TEXT, "x", TEXT * 500])
@pytest.mark.parametrize("size", [1, 3, 100_000])
def test_a_byte_order_mark_decides(text: str, said: str | None, size: int) -> None:
    if size == 1:
        text = text[:200]
    for mark, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    ):  # fmt: skip
        assert read(mark + text.encode(encoding), said, size=size) == (text, encoding)
    assert read(text.encode("utf-8-sig"), said, size=size) == ("\ufeff" + text, "utf-8")


def test_what_is_stated_goes_before_what_is_declared() -> None:
    xml = '<?xml version="1.0" encoding="ISO-8859-2"?>\n<p>Łódź</p>'
    for page, encoding in (
        (xml, "iso8859-2"),
        ('<!DOCTYPE html><html><head><title>x</title><meta charset="koi8-r"><p>Да', "koi8-r"),
        ('<html><META HTTP-EQUIV=Content-Type CONTENT="text/html; charset=windows-1251"><p>Да', "cp1251"),
    ):
        assert read(page.encode(encoding)) == (page, encoding)
        assert read(page.encode(encoding), DETECT) == (page, encoding)
        assert read(page.encode(), declared="utf-8") == (page, "utf-8")
        assert read(page.encode("utf-16-le"), "utf-16-le") == (page, "utf-16-le")
    assert read(TEXT.encode("cp1252"), "cp1252", declared="utf-8") == (TEXT, "cp1252")
    assert read("„Köln“ – 5 €".encode("cp1252"), declared="ISO-8859-1")[0] == "„Köln“ – 5 €", "as browsers read it"
    for text in ("Die Angabe encoding='latin-1' und <meta charset=koi8-r> im Text: ü.", "<p>charset=koi8-r: ü"):
        assert read(text.encode()) == (text, "utf-8")
    with pytest.raises(InputError, match="klingon"):
        read(b"<meta charset=klingon>")


@pytest.mark.parametrize(
    "encoding", ["cp1252", "iso8859-2", "koi8-r", "cp1251", "shift_jis", "utf-16-le", "utf-32-be", "utf-8"]
)
def test_an_encoding_is_guessed_only_if_that_is_asked_for(encoding: str) -> None:
    sample = {
        "iso8859-2": "Zażółć gęślą jaźń. Dzień dobry państwu, proszę usiąść. ",
        "koi8-r": "Привет, мир! Как твои дела сегодня? Все хорошо, спасибо большое. Мы пришли домой поздно вечером. ",
        "cp1251": "Привет, мир! Как твои дела сегодня? Все хорошо, спасибо большое. Мы пришли домой поздно вечером. ",
        "shift_jis": "これは日本語のテキストです。今日はいい天気ですね。",
    }.get(encoding, TEXT) * 20
    data = sample.encode(encoding)
    assert read(data, DETECT)[0] == sample
    if encoding != "utf-8":
        with pytest.raises(EncodingError, match="detect"):
            read(data)


def test_what_cannot_be_guessed_is_refused() -> None:
    with pytest.raises((EncodingError, FormatError)):
        read(bytes(range(255, 127, -1)) * 3 + b"\xff\x81\x8d\x00\x01" * 40, DETECT)


def archive(*names: str, stored: str = "") -> bytes:
    """Return a ZIP archive with these files, the first of which may say its kind."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        if stored:
            opened.writestr("mimetype", stored)
        for name in names:
            opened.writestr(name, "<x/>" * 200, zipfile.ZIP_DEFLATED)
    return made.getvalue()


FILES = {
    "a Word document": archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
    "an Excel workbook": archive("[Content_Types].xml", "xl/workbook.xml"),
    "a PowerPoint presentation": archive("[Content_Types].xml", "ppt/presentation.xml"),
    "an OpenDocument text": archive("content.xml", stored="application/vnd.oasis.opendocument.text"),
    "an EPUB book": archive("META-INF/container.xml", stored="application/epub+zip"),
    "a ZIP archive": archive("brief.txt"),
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "an RTF document": b"{\\rtf1\\ansi Guten Tag.}",
    "an Office file": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500),
    "a PNG image": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a JPEG image": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "a GIF image": b"GIF89a\1\0\1\0",
    "a WebP image": b"RIFF\x24\0\0\0WEBPVP8 ",
    "a TIFF image": b"II*\0\x08\0\0\0",
    "a BMP image": b"BM\x36\0\x0c\0\0\0\0\0\x36",
    "a sound": b"ID3\3\0\0\0\0\0\x21",
    "a film": b"\0\0\0\x18ftypmp42",
    "a gzip archive": b"\x1f\x8b\x08\0\0\0\0\0",
    "a 7z archive": b"7z\xbc\xaf\x27\x1c\0\4",
    "a tar archive": b"brief.txt".ljust(257, b"\0") + b"ustar\x0000",
    "a program": b"\x7fELF\2\1\1\0",
    "an SQLite database": b"SQLite format 3\0",
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("said", [None, "utf-8", "cp1252", "utf-16-le", DETECT])
def test_a_file_that_is_not_text_is_refused_by_name_whatever_is_said_of_it(kind: str, said: str | None) -> None:
    for size in (1, 10_000):
        with pytest.raises(FormatError, match=f"this is {kind}.* save its text"):
            read(FILES[kind], said, size=size)


def test_an_unknown_binary_is_refused_even_where_every_byte_is_a_character() -> None:
    with pytest.raises(FormatError, match="binary"):
        read(bytes(range(256)) * 20, "latin-1")


@pytest.mark.parametrize(
    "text",
    ["BMW fährt vor.", "MZ ist Mainz.", "GIF ist ein Format.", "PK heißt Personalkosten.", "II. Teil", "ID3 steht da.",
     "%PDF ist ein Format.", "RIFF", "Rar! sagte er.", "wOFür?", "PAR 1", "7z", "BZh", "\x00", "OTTO kam.", "7zip."],
)  # fmt: skip
def test_texts_that_begin_like_other_files_are_text(text: str) -> None:
    assert read(text.encode())[0] == text


def test_all_texts_of_the_project_are_text() -> None:
    for path in [*ROOT.glob("docs/*.md"), *ROOT.glob("examples/*"), *ROOT.glob("api/**/*.py")]:
        assert kind_of(path.read_bytes()[:4096]) is None, path
    assert kind_of((ROOT / "docs/page.png").read_bytes()) == "a PNG image"


@pytest.mark.parametrize(
    ("name", "browsers"),
    [
        ("utf-8", "utf-8"),
        ("utf-16-le", "utf-16le"),
        ("cp1252", "windows-1252"),
        ("iso8859-2", "iso-8859-2"),
        ("mac-roman", "macintosh"),
    ],
)
def test_names_as_browsers_know_them(name: str, browsers: str) -> None:
    assert browser_name(name) == browsers
