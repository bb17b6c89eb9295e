"""Books: what is read of them and in which order, and what they are with their translations."""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from formats.document import Notes, Options, Piece, Translated
from formats.epub import reader
from formats.errors import DocumentError
from pipeline.alignment import Link, words

FOLDER = Path(__file__).parents[3] / "data" / "formats"
OPTIONS = Options(source="de", target="en")
CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="{}" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = (
    '<?xml version="1.0"?><!DOCTYPE package PUBLIC "+//ISBN 0-9673008-1-9//DTD OEB 1.2 Package//EN" "oeb.dtd">'
    '<package xmlns="http://www.idpf.org/2007/opf" unique-identifier="i"><metadata xmlns:d="http://purl.org/dc/elements/1.1/">'
    "{}</metadata><manifest>{}</manifest><spine>{}</spine></package>"
)
PAGE = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title></title></head><body>{}</body></html>'
GERMAN = "<d:language>de</d:language>"


def book(
    members: dict[str, str | bytes],
    *,
    metadata: str = GERMAN,
    items: str | None = None,
    spine: str | None = None,
    package: str = "OEBPS/content.opf",
) -> bytes:
    pages = [name.removeprefix("OEBPS/") for name in members if name.endswith(("html", "htm"))]
    items = items or "".join(f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in pages)
    spine = spine or "".join(f'<itemref idref="{n}"/>' for n in pages)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", CONTAINER.format(package))
        archive.writestr(package, PACKAGE.format(metadata, items, spine))
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def read(content: bytes, options: Options = OPTIONS, notes: Notes | None = None) -> list[str]:
    texts = list(reader.read(io.BytesIO(content), options, notes or Notes()))
    assert written(content, {}, options) == content
    return texts


def written(content: bytes, given: dict[str, str], options: Options = OPTIONS) -> bytes:
    texts = reader.read(io.BytesIO(content), options, Notes())
    translated = (
        Translated([Piece(text, given.get(text, text), in_order(text, given.get(text, text)))]) for text in texts
    )
    return b"".join(reader.write(io.BytesIO(content), translated, options))


def in_order(text: str, translation: str) -> list[Link]:
    return [Link(one, other, 1.0) for one, other in zip(words(text), words(translation), strict=False)]


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        return {name: archive.read(name) for name in archive.namelist()}


def test_chapters_are_read_in_the_order_of_the_spine_after_the_contents() -> None:
    content = book(
        {
            "OEBPS/z.html": PAGE.format("<p>Erstens</p>"),
            "OEBPS/text/a b.xhtml": PAGE.format("<p>Zweitens</p>"),
            "OEBPS/notes.xhtml": PAGE.format("<p>Anmerkung</p>"),
            "OEBPS/nav.xhtml": PAGE.format("<nav><ol><li><a>Inhalt</a></li></ol></nav>"),
            "OEBPS/toc.ncx": '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/ncx.dtd"><ncx xmlns='
            '"http://www.daisy.org/z3986/2005/ncx/" xml:lang="de"><docTitle><text>Das Buch</text></docTitle><docAuthor>'
            "<text>Ilse Brandt</text></docAuthor><navMap><navPoint><navLabel><text>Erstens &uuml;ber</text></navLabel>"
            "</navPoint></navMap><pageList><pageTarget><navLabel><text>xii</text></navLabel></pageTarget></pageList></ncx>",
        },
        metadata="<d:title>Das Buch</d:title><d:creator>Ilse Brandt</d:creator><d:language>de-DE</d:language>"
        "<d:description>&lt;p&gt;Ein &lt;b&gt;altes&lt;/b&gt; Haus.&lt;/p&gt;</d:description>"
        "<d:subject>FIC000000</d:subject>"
        '<d:title xml:lang="fr">Le livre</d:title><d:identifier id="i">urn:isbn:3</d:identifier>',
        items='<item id="z" href="z.html" media-type="application/xhtml+xml"/><item id="n" href="notes.xhtml" '
        'media-type="application/xhtml+xml"/><item id="a" href="text/a%20b.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="t" href="toc.ncx" media-type="application/x-dtbncx+xml"/><item id="v" properties="nav" '
        'href="nav.xhtml" media-type="application/xhtml+xml"/><item id="f" href="fehlt.xhtml" '
        'media-type="application/xhtml+xml"/>',
        spine='<itemref idref="a"/><itemref idref="z"/>',
    )
    notes = Notes()
    assert read(content, notes=notes) == [
        *("Das Buch", "Ein altes Haus."),
        *("Das Buch", "Erstens über", "Inhalt"),
        *("Zweitens", "Erstens", "Anmerkung"),
    ]
    assert notes.warnings == ["'fehlt.xhtml', which the book names, is missing in it; the rest is translated."]
    new = members(
        written(content, {"Das Buch": "The & book", "Ein altes Haus.": "An old house.", "Erstens über": "First"})
    )
    package = new["OEBPS/content.opf"].decode()
    assert "<d:title>The &amp; book</d:title><d:creator>Ilse Brandt</d:creator><d:language>en</d:language>" in package
    assert "An &lt;b&gt;old&lt;/b&gt; house.&lt;/p&gt;</d:description>" in package
    assert '<d:title xml:lang="fr">Le livre</d:title><d:identifier id="i">urn:isbn:3</d:identifier>' in package
    ncx = new["OEBPS/toc.ncx"].decode()
    assert 'xml:lang="en"' in ncx
    assert "<text>First</text>" in ncx
    assert new["OEBPS/z.html"] == members(content)["OEBPS/z.html"]


def test_chapters_as_programs_make_them() -> None:
    calibre = (
        "<?xml version='1.0' encoding='utf-8'?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><body class=\"calibre\">"
        '<p class="block"><a id="p1" class="calibre3"></a><span class="b">A</span><small class="c">m Mor</small>gen.</p>'
        '<div class="mbp_pagebreak" id="calibre_pb_1"></div><p>Donau\u00addampf&#173;schiff</p></body></html>'
    )
    indesign = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body lang="de-DE" '
        'xml:lang="de-DE"><p class="a"><span class="o1">Das alte Ha</span><span class="o2">us am Meer</span>'
        '<span id="footnote-1-backlink"><a class="_idFootnoteLink" href="#footnote-1"><sup>1</sup></a></span> steht.</p>'
        '<p>Er<span epub:type="pagebreak" title="xii" id="p"/> ging<a epub:type="noteref" href="#n">12</a> fort.</p>'
        '<aside epub:type="footnote" id="n"><p><a href="#r">1</a>\tEine Anmerkung.</p></aside>'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="x"><image xlink:href="t.jpg"/><text>Das Titelbild</text></svg>'
        '<nav epub:type="page-list"><ol><li><a href="#p">xii</a></li></ol></nav></body></html>'
    )
    content = book({"OEBPS/a.xhtml": calibre, "OEBPS/b.xhtml": indesign})
    assert read(content) == [
        *("Am Morgen.", "Donaudampfschiff"),
        *("Das alte Haus am Meer steht.", "Er ging fort.", "Eine Anmerkung.", "Das Titelbild"),
    ]
    new = members(written(content, {text: text.upper() for text in read(content)}))
    ElementTree.fromstring(new["OEBPS/b.xhtml"])
    assert b'AM MEER</span><span id="footnote-1-backlink"><a' in new["OEBPS/b.xhtml"]
    assert b'lang="en"' in new["OEBPS/b.xhtml"]


def test_a_book_in_another_encoding_keeps_it() -> None:
    page = '<?xml version="1.0" encoding="iso-8859-1"?>' + PAGE.format("<p>Grüße</p><p>Ende</p>")
    content = book({"OEBPS/a.html": page.encode("latin-1")})
    assert read(content) == ["Grüße", "Ende"]
    assert "<p>Grüße</p><p>&#8364;</p>".encode("latin-1") in members(written(content, {"Ende": "€"}))["OEBPS/a.html"]


@pytest.mark.parametrize("name", ["a%20b.xhtml", "a b.xhtml"])
def test_a_chapter_may_be_named_as_its_address_is_written(name: str) -> None:
    items = '<item id="a" href="a%20b.xhtml" media-type="application/xhtml+xml"/>'
    made = book({f"OEBPS/{name}": PAGE.format("<p>Eins</p>")}, items=items, spine='<itemref idref="a"/>')
    assert read(made) == ["Eins"]


def test_a_guide_of_version_2_names_its_places_in_the_new_language() -> None:
    cover = '<reference type="cover" title="{}" href="a.xhtml"/>'
    guide = f'<guide>{cover.format("Der Umschlag &amp; mehr")}<reference type="toc" href="a.xhtml"/></guide>'
    made = book(
        {"OEBPS/a.xhtml": PAGE.format("<p>Eins</p>")}, spine='<itemref idref="a.xhtml"/></spine>' + guide + "<spine>"
    )
    assert read(made) == ["Der Umschlag & mehr", "Eins"]
    found = members(written(made, {"Der Umschlag & mehr": 'The "cover" & more'}))["OEBPS/content.opf"].decode()
    assert cover.format("The &quot;cover&quot; &amp; more") in found


def test_a_signature_is_dropped_with_a_warning() -> None:
    content = book({"OEBPS/a.html": PAGE.format("<p>Weg</p>"), "META-INF/signatures.xml": "<signatures/>"})
    notes = Notes()
    assert read(content, notes=notes) == ["Weg"]
    assert "signed" in notes.warnings[0]
    assert "META-INF/signatures.xml" not in members(written(content, {"Weg": "Way"}))


def encryption(*names: str) -> str:
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
        + "".join(
            f'<e:EncryptedData><e:CipherData><e:CipherReference URI="{n}"/></e:CipherData></e:EncryptedData>'
            for n in names
        )
        + "</encryption>"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ((FOLDER / "bad" / "drm.epub").read_bytes(), "encrypted"),
        ((FOLDER / "bad" / "outside.epub").read_bytes(), "leads out"),
        (b"", "empty"),
        (b"PK\x03\x04" + b"x" * 100, "breaks off"),
        ((FOLDER / "epub" / "01-epub3.epub").read_bytes()[:1500], "breaks off"),
        (
            book(
                {
                    "OEBPS/a b.html": PAGE.format("<p>Weg</p>"),
                    "META-INF/encryption.xml": encryption("OEBPS/f.otf", "OEBPS/a%20b.html"),
                }
            ),
            "encrypted",
        ),
        (book({"OEBPS/a.html": ""}, items='<item id="a" href="../../a.html" media-type="text/html"/>'), "outside"),
        (book({"a.txt": ""}), "no chapters"),
        (book({"OEBPS/a.html": b"<p>\xff\xfe\xfa</p>"}), "OEBPS/a.html"),
        (book({"OEBPS/a.html": ""}, metadata="<d:title>"), "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        list(reader.read(io.BytesIO(content), OPTIONS, Notes()))


def test_fonts_may_be_encrypted() -> None:
    content = book(
        {
            "OEBPS/a.html": PAGE.format("<p>Weg</p>"),
            "OEBPS/f.otf": b"\0",
            "META-INF/encryption.xml": encryption("OEBPS/f.otf"),
        }
    )
    assert read(content) == ["Weg"]


def test_the_first_chapters_come_before_the_last_are_read() -> None:
    """A book whose end is damaged is read to there."""
    content = book(
        {"OEBPS/a.html": PAGE.format("<p>Weg</p>"), "OEBPS/b.html": PAGE.format("<p>Ende</p>").encode("utf-16-le")[:-1]}
    )
    texts = reader.read(io.BytesIO(content), OPTIONS, Notes())
    assert next(texts) == "Weg"
    with pytest.raises(DocumentError):
        list(texts)
