"""Every suffix of the table: those of which there is no test document are tried with one of their family."""

import io
import re
import zipfile
from pathlib import PurePath

import pytest

from formats.document import SEPARATOR, Piece
from formats.joining import by_text
from formats.table import KINDS, kind_of, suffixes
from tests.unit.formats.test_contract import BESIDE, EXPECTED, FOLDER, in_capitals, lines, texts_of, written

_OFFICE, _OASIS = "application/vnd.openxmlformats-officedocument", "application/vnd.oasis.opendocument"
_WORD, _SLIDES, _SHEETS = "docx/02-headers-footers.docx", "pptx/01-slides.pptx", "xlsx/01-cells.xlsx"
_TEXT, _TALK, _TABLE = "odt/01-text.odt", "odp/01-slides.odp", "ods/01-sheet.ods"
# Of which document each is, and what its main part, or the file, is called.
PACKAGES = {
    ".dotx": (_WORD, f"{_OFFICE}.wordprocessingml.template"),
    ".dotm": (_WORD, "application/vnd.ms-word.template.macroEnabledTemplate"),
    ".pptm": (_SLIDES, "application/vnd.ms-powerpoint.presentation.macroEnabled"),
    ".ppsx": (_SLIDES, f"{_OFFICE}.presentationml.slideshow"),
    ".ppsm": (_SLIDES, "application/vnd.ms-powerpoint.slideshow.macroEnabled"),
    ".potx": (_SLIDES, f"{_OFFICE}.presentationml.template"),
    ".potm": (_SLIDES, "application/vnd.ms-powerpoint.template.macroEnabled"),
    ".xlsm": (_SHEETS, "application/vnd.ms-excel.sheet.macroEnabled"),
    ".xltx": (_SHEETS, f"{_OFFICE}.spreadsheetml.template"),
    ".xltm": (_SHEETS, "application/vnd.ms-excel.template.macroEnabled"),
}
OPEN = {
    ".ott": (_TEXT, f"{_OASIS}.text-template"),
    ".otp": (_TALK, f"{_OASIS}.presentation-template"),
    ".ots": (_TABLE, f"{_OASIS}.spreadsheet-template"),
    ".odg": (_TALK, f"{_OASIS}.graphics"),
}
FLAT = {
    ".fodt": (_TEXT, f"{_OASIS}.text"),
    ".fodp": (_TALK, f"{_OASIS}.presentation"),
    ".fods": (_TABLE, f"{_OASIS}.spreadsheet"),
    ".fodg": (_TALK, f"{_OASIS}.graphics"),
}
SAME_FILE = {
    ".htm": "html/01-inline.html", ".xht": "html/04-application.xhtml", ".pot": "po/01-app.po",
    ".xliff": "xliff/01-xliff12.xlf", ".sdlxliff": "xliff/01-xliff12.xlf", ".mqxliff": "xliff/01-xliff12.xlf",
    ".tab": "csv/02-keys.tsv",
}  # fmt: skip
SAMPLES = {suffix: sample for suffix, (sample, _) in (PACKAGES | OPEN | FLAT).items()} | SAME_FILE
MACROS = bytes(range(256)) * 4


def packed(content: bytes, suffix: str) -> bytes:
    """Return a package of Office Open XML as one of another suffix, with macros where it may have them."""
    main, out = PACKAGES[suffix][1], io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for one in before.infolist():
            data = before.read(one)
            if one.filename == "[Content_Types].xml":
                data, count = re.subn(
                    rb'ContentType="[^"]*(?:wordprocessingml\.document|presentation|sheet)\.main\+xml"',
                    f'ContentType="{main}.main+xml"'.encode(),
                    data,
                )
                assert count == 1
            after.writestr(one, data)
        if suffix.endswith("m"):
            after.writestr(f"{before.namelist()[2].partition('/')[0]}/vbaProject.bin", MACROS)
    return out.getvalue()


def opened(content: bytes, suffix: str) -> bytes:
    """Return an OpenDocument file as one of another suffix."""
    was, media, out = kind_of(SAMPLES[suffix]), OPEN[suffix][1].encode(), io.BytesIO()
    assert was is not None
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for one in before.infolist():
            data = before.read(one)
            if one.filename in ("mimetype", "META-INF/manifest.xml"):
                data = data.replace(was.media_types[0].encode(), media)
                assert media in data
            after.writestr(one, as_drawing(data) if suffix == ".odg" else data)
    return out.getvalue()


def flat(content: bytes, suffix: str) -> bytes:
    """Return the content of an OpenDocument file as one XML file."""
    body = zipfile.ZipFile(io.BytesIO(content)).read("content.xml")
    mime = f'<office:document office:mimetype="{FLAT[suffix][1]}"'.encode()
    made = body.replace(b"<office:document-content", mime).replace(b"</office:document-content", b"</office:document")
    return as_drawing(made) if suffix == ".fodg" else made


def as_drawing(data: bytes) -> bytes:
    return re.sub(rb"(</?office:)presentation(?=[\s>])", rb"\1drawing", data)


def sample(suffix: str) -> bytes:
    content = (FOLDER / SAMPLES[suffix]).read_bytes()
    if suffix in SAME_FILE:
        return content
    return (packed if suffix in PACKAGES else opened if suffix in OPEN else flat)(content, suffix)


def test_every_suffix_is_tried() -> None:
    text = {suffix for kind in KINDS if kind.is_text for suffix in kind.suffixes}
    with_file = {PurePath(name).suffix for name in EXPECTED if not name.startswith("bad/")}
    assert set(suffixes()) - text - with_file == SAMPLES.keys() - with_file
    for suffix, (_, media) in (PACKAGES | OPEN).items():
        kind = kind_of(f"a{suffix}")
        assert kind is not None
        # Files have a version behind what their main part is called, and no second "Template".
        assert kind.media_types[0].removesuffix(".12") == media.removesuffix("Template")


@pytest.mark.parametrize("suffix", SAMPLES)
def test_a_file_of_every_suffix_comes_back_and_is_translated(suffix: str) -> None:
    name, content = f"a{suffix}", sample(suffix)
    texts = texts_of(name, content)
    if suffix not in FLAT:
        assert texts == texts_of(SAMPLES[suffix], (FOLDER / SAMPLES[suffix]).read_bytes())
    assert len(texts) > 1
    assert written(name, content, by_text(texts, [Piece(SEPARATOR.join(texts), None)])) == content
    loud = written(name, content, map(in_capitals, texts))
    assert loud != content
    if not SAMPLES[suffix].startswith(BESIDE):
        assert lines(texts_of(name, loud)) == lines([in_capitals(text).text for text in texts])
    if suffix in PACKAGES or suffix in OPEN:
        before, after = (zipfile.ZipFile(io.BytesIO(one)) for one in (content, loud))
        assert before.namelist() == after.namelist()
        for part in ("[Content_Types].xml", "mimetype", "META-INF/manifest.xml"):
            assert part not in before.namelist() or before.read(part) == after.read(part)


@pytest.mark.parametrize("suffix", [".docm", *(one for one in PACKAGES if one.endswith("m"))])
def test_macros_stay_to_the_byte_in_a_translation(suffix: str) -> None:
    content = (FOLDER / "docx/13-macro.docm").read_bytes() if suffix == ".docm" else sample(suffix)
    name = f"a{suffix}"
    loud = written(name, content, map(in_capitals, texts_of(name, content)))
    before, after = (zipfile.ZipFile(io.BytesIO(one)) for one in (content, loud))
    (project,) = (one for one in before.namelist() if one.endswith("/vbaProject.bin"))
    assert before.read(project) == after.read(project) != b""
    assert loud != content
