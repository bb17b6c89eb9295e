"""PDF files for tests, written by hand: lines of text at places."""

import zlib
from collections.abc import Sequence
from typing import NamedTuple

FONTS = {"plain": "Helvetica", "bold": "Helvetica-Bold", "italic": "Helvetica-Oblique"}


class Line(NamedTuple):
    """A line of text, so many points from the left and from the top."""

    left: float
    top: float
    text: str
    size: float = 11
    font: str = "plain"


class Link(NamedTuple):
    """A link over a box, measured as lines are."""

    box: tuple[float, float, float, float]
    address: str


def pdf(pages: Sequence[Sequence[Line | Link]], *, turn: int = 0, upright: bool = False) -> bytes:
    """Return a file with these pages; `turn` is how far each is turned when it is shown, `upright` turns the text back."""
    width, height = 595, 842
    objects: list[bytes] = [b"", b""]
    fonts = []
    for number, (name, base) in enumerate(FONTS.items(), 3):
        objects.append(f"<</Type/Font/Subtype/Type1/BaseFont/{base}/Encoding/WinAnsiEncoding>>".encode())
        fonts.append(f"/{name} {number} 0 R")
    kids = []
    for page in pages:
        lines = [one for one in page if isinstance(one, Line)]
        drawn = b"".join(_drawn(line, turn if upright else 0) for line in lines)
        objects.append(stream(drawn))
        content = len(objects)
        links = [
            f"<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect[{one.box[0]} {height - one.box[3]} {one.box[2]} "
            f"{height - one.box[1]}]/A<</S/URI/URI({one.address})>>>>"
            for one in page
            if isinstance(one, Link)
        ]
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width} {height}]/Rotate {turn}/Contents {content} 0 R"
            f"/Resources<</Font<<{' '.join(fonts)}>>>>/Annots[{' '.join(links)}]>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    return whole(objects)


def whole(objects: Sequence[bytes]) -> bytes:
    """Return a file of objects, numbered from 1; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    return bytes(out + f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode())


def stream(content: bytes) -> bytes:
    """Return an object with content."""
    packed = zlib.compress(content)
    return f"<</Length {len(packed)}/Filter/FlateDecode>>stream\n".encode() + packed + b"\nendstream"


def column(left: float, top: float, text: str, leading: float = 14, size: float = 11) -> list[Line]:
    """Return lines below each other, one for each line of a text."""
    return [Line(left, top + number * leading, line, size) for number, line in enumerate(text.strip().split("\n"))]


def _drawn(line: Line, turn: int) -> bytes:
    text = line.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    width, height = 595, 842
    matrix = {
        0: f"1 0 0 1 {line.left} {height - line.top}",
        90: f"0 1 -1 0 {line.top} {line.left}",
        180: f"-1 0 0 -1 {width - line.left} {line.top}",
        270: f"0 -1 1 0 {width - line.top} {height - line.left}",
    }[turn]
    return f"BT /{line.font} {line.size} Tf {matrix} Tm (".encode() + text + b") Tj ET\n"
