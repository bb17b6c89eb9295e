"""Small OpenDocument files for tests, and what a reader does with them."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping

from formats.document import Notes, Options, Piece, Translated
from formats.office import opendocument
from pipeline.alignment import Link, words

OPTIONS = Options(source="de", target="en")
URN = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "office": f"{URN}office:1.0",
        "text": f"{URN}text:1.0",
        "table": f"{URN}table:1.0",
        "draw": f"{URN}drawing:1.0",
        "presentation": f"{URN}presentation:1.0",
        "style": f"{URN}style:1.0",
        "fo": f"{URN}xsl-fo-compatible:1.0",
        "svg": f"{URN}svg-compatible:1.0",
        "form": f"{URN}form:1.0",
        "meta": f"{URN}meta:1.0",
        "chart": f"{URN}chart:1.0",
        "officeooo": "http://openoffice.org/2009/office",
        "xlink": "http://www.w3.org/1999/xlink",
        "math": "http://www.w3.org/1998/Math/MathML",
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)


def content(body: str, styles: str = "", kind: str = "text") -> bytes:
    """Return a content.xml."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {SPACES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    ).encode()


def packed(parts: Mapping[str, bytes], kind: str = "text", family: str = "vnd.oasis.opendocument.") -> bytes:
    """Return an archive with its mimetype first, and not compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), f"application/{family}{kind}")
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def odt(body: str, automatic: str = "", **parts: bytes) -> bytes:
    """Return a text document; `parts` by their names without the suffix."""
    more = {f"{name}.xml": data for name, data in parts.items()}
    return packed({"content.xml": content(body, automatic), **more})


def texts(file: bytes, notes: Notes | None = None) -> list[str]:
    """Return the texts of a file."""
    return list(opendocument.read(io.BytesIO(file), OPTIONS, notes or Notes()))


def parts(file: bytes) -> dict[str, str]:
    """Return the members of a file."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def write(file: bytes, translated: Iterable[Translated], options: Options = OPTIONS) -> bytes:
    """Return a file with translations."""
    return b"".join(opendocument.write(io.BytesIO(file), iter(translated), options))


def translate(file: bytes, how: Callable[[str], Translated], options: Options = OPTIONS) -> bytes:
    """Return a file with each text translated."""
    return write(file, map(how, texts(file)), options)


def body(file: bytes) -> str:
    """Return what is in the body of the content."""
    whole = parts(file)["content.xml"]
    return whole[whole.index("<office:text>") + len("<office:text>") : whole.index("</office:text>")]


def linked(source: str, translation: str, *pairs: tuple[int, int]) -> Translated:
    """Return a text whose words belong together as the pairs of their numbers say."""
    here, there = words(source), words(translation)
    return Translated([Piece(source, translation, [Link(here[one], there[other], 1.0) for one, other in pairs])])


def capitals(text: str) -> Translated:
    """Return a text with the same words in the same order, so that each is found, and names as they are."""
    loud = "".join(
        part if part.startswith("{") else part.upper()
        for part in text.replace("{", "\0{").replace("}", "}\0").split("\0")
    )
    return linked(text, loud, *((number, number) for number in range(len(words(text)))))
