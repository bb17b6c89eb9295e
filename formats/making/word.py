"""Word files (docx): paragraphs and tables, for every program that opens such files."""

import re
import zipfile
from collections.abc import Sequence
from typing import Literal, NamedTuple

from formats.making.xml import content, quoted

Edge = Literal["header", "footer"]
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

_TYPES = (
    f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/word/header.xml" ContentType="{_TYPE}.header+xml"/>'
    f'<Override PartName="/word/footer.xml" ContentType="{_TYPE}.footer+xml"/>'
    f'<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
_RELATIONS = (
    f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
# In half points.
_HEADINGS = (32, 28, 26, 24, 22, 22)
_STYLES = (
    f'{_DECLARATION}<w:styles xmlns:w="{_WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>'
    '<w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="{level - 1}"/></w:pPr>'
        f'<w:rPr><w:b/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
        for level, size in enumerate(_HEADINGS, 1)
    )
    + '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    '<w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    "<w:tblPr><w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A6A6A6"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr></w:style></w:styles>"
)
_BREAKS = re.compile(r"(\r\n?|\n|\t)")
# A4: width and height without margins of 2 cm, in twentieths of a point.
_LONG, _SHORT, _MARGIN = 16838, 11906, 1134


class Look(NamedTuple):
    """How a run looks; `language` is a BCP 47 tag, `right_to_left` its direction."""

    bold: bool = False
    italic: bool = False
    language: str = ""
    right_to_left: bool = False
    small: bool = False
    raised: bool = False
    style: str = ""


def run(text: str, look: Look = Look()) -> str:  # noqa: B008 (it cannot be changed)
    """Return a run; line breaks and tabs in it are those of Word."""
    # In the order that the schema asks for.
    properties = f"<w:rStyle w:val={quoted(look.style)}/>" if look.style else ""
    properties += ("<w:b/><w:bCs/>" if look.bold else "") + ("<w:i/><w:iCs/>" if look.italic else "")
    properties += '<w:sz w:val="18"/><w:szCs w:val="18"/>' if look.small else ""
    properties += '<w:vertAlign w:val="superscript"/>' if look.raised else ""
    properties += "<w:rtl/>" if look.right_to_left else ""
    if look.language:
        which = "bidi" if look.right_to_left else "val"
        properties += f"<w:lang w:{which}={quoted(look.language)}/>"
    pieces = "".join(map(_piece, _BREAKS.split(text)))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{pieces}</w:r>"


def paragraph(runs: str, *, style: str = "", right_to_left: bool = False, hanging: bool = False) -> str:
    """Return a paragraph of runs; `hanging`: what comes before its first tab stands out."""
    properties = f"<w:pStyle w:val={quoted(style)}/>" if style else ""
    properties += "<w:bidi/>" if right_to_left else ""
    properties += '<w:ind w:left="425" w:hanging="425"/>' if hanging else ""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def row(cells: Sequence[str], shades: Sequence[str], *, head: bool = False) -> str:
    """Return a row of a table; a cell is its paragraphs, a shade a colour or empty. A head stands again on every page."""
    properties = "<w:cantSplit/>" + ("<w:tblHeader/>" if head else "")
    width = f'<w:tcW w:w="{5000 // len(cells)}" w:type="pct"/>'
    shaded = [f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else "" for shade in shades]
    return (
        f"<w:tr><w:trPr>{properties}</w:trPr>"
        + "".join(
            f"<w:tc><w:tcPr>{width}{shade}</w:tcPr>{cell}</w:tc>" for cell, shade in zip(cells, shaded, strict=True)
        )
        + "</w:tr>"
    )


def table_start(columns: int, width: int) -> str:
    """Return the beginning of a table of columns of the same width, which `</w:tbl>` ends; `width` as `WordFile.width`."""
    grid = f'<w:gridCol w:w="{width // columns}"/>' * columns
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )


class WordFile:
    """A Word file that is written from its beginning to its end: `write` what its body holds, then `finish`.

    Each gives the bytes that are there so far; the same body makes the same bytes.
    """

    def __init__(self, title: str, *, landscape: bool = False) -> None:
        self._wide, self._high = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
        self.width = self._wide - 2 * _MARGIN
        """Of a line, in twentieths of a point."""
        self._sent = _Sent()
        self._zip = zipfile.ZipFile(self._sent, "w", zipfile.ZIP_DEFLATED)
        self._links: dict[str, str] = {}
        self._edges: dict[Edge, str] = {"header": "", "footer": ""}
        core = (
            f'{_DECLARATION}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{content(title)}</dc:title></cp:coreProperties>'
        )
        for name, part in (
            ("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("docProps/core.xml", core),
            ("word/styles.xml", _STYLES),
        ):  # fmt: skip
            self._zip.writestr(_entry(name), part)
        self._body = self._zip.open(_entry("word/document.xml"), "w")
        self._body.write(f'{_DECLARATION}<w:document xmlns:w="{_WORD}" xmlns:r="{_OFFICE}"><w:body>'.encode())

    def link(self, address: str, runs: str) -> str:
        """Return runs as a link to an address."""
        known = self._links.setdefault(address, f"rId{len(self._links) + 2}")
        return f'<w:hyperlink r:id="{known}">{runs}</w:hyperlink>'

    def write(self, body: str) -> bytes:
        """Add paragraphs and (parts of) tables."""
        self._body.write(body.encode())
        return self._sent.take()

    def on_every_page(self, edge: Edge, paragraphs: str) -> None:
        """Add paragraphs (without links) to the head or the foot of all pages."""
        self._edges[edge] += paragraphs

    def finish(self) -> bytes:
        """End the file."""
        # The body must not end with a table.
        self._body.write(
            '<w:sectPr><w:headerReference w:type="default" r:id="header"/>'
            '<w:footerReference w:type="default" r:id="footer"/>'
            f'<w:pgSz w:w="{self._wide}" w:h="{self._high}"'
            f"{' w:orient=' + quoted('landscape') if self._wide > self._high else ''}/>"
            f'<w:pgMar w:top="{_MARGIN}" w:right="{_MARGIN}" w:bottom="{_MARGIN}" w:left="{_MARGIN}" '
            'w:header="709" w:footer="709" w:gutter="0"/></w:sectPr></w:body></w:document>'.encode()
        )
        self._body.close()
        links = "".join(
            f'<Relationship Id="{name}" Type="{_OFFICE}/hyperlink" Target={quoted(address)} TargetMode="External"/>'
            for address, name in self._links.items()
        )
        self._zip.writestr(
            _entry("word/_rels/document.xml.rels"),
            f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
            f'<Relationship Id="header" Type="{_OFFICE}/header" Target="header.xml"/>'
            f'<Relationship Id="footer" Type="{_OFFICE}/footer" Target="footer.xml"/>{links}</Relationships>',
        )
        edges: tuple[tuple[Edge, str], ...] = (("header", "hdr"), ("footer", "ftr"))
        for edge, element in edges:
            body = self._edges[edge] or paragraph("")
            self._zip.writestr(
                _entry(f"word/{edge}.xml"), f'{_DECLARATION}<w:{element} xmlns:w="{_WORD}">{body}</w:{element}>'
            )
        self._zip.close()
        return self._sent.take()


class _Sent:
    """Where the zip is written to; it goes back to nothing in it."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def write(self, data: bytes, /) -> int:
        self._bytes += data
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        taken = bytes(self._bytes)
        self._bytes.clear()
        return taken


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _piece(piece: str) -> str:
    if piece == "\t":
        return "<w:tab/>"
    if piece in {"\r", "\n", "\r\n"}:
        return "<w:br/>"
    return f'<w:t xml:space="preserve">{content(piece)}</w:t>' if piece else ""
