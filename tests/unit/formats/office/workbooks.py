"""Workbooks for tests: openpyxl makes them and reads them again."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl

from tests.unit.formats.office.test_slides import part, replaced

NAME = "liste.xlsx"
STRINGS = "xl/sharedStrings.xml"
RELATION = (
    b'<Relationship Id="rId99" Target="sharedStrings.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)


def workbook(fill: Callable[[Any], None]) -> bytes:
    made = openpyxl.Workbook()
    fill(made.active)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def shared(content: bytes) -> bytes:
    """Return a workbook whose cells share their strings, as Excel writes them; openpyxl may write them in the cells."""
    strings: list[bytes] = []

    def number(found: re.Match[bytes]) -> bytes:
        if found[1] not in strings:
            strings.append(found[1])
        return b't="s"><v>%d</v>' % strings.index(found[1])

    content = replaced(
        content,
        "xl/worksheets/sheet1.xml",
        lambda raw: re.sub(rb't="inlineStr"><is>(.*?)</is>', number, raw),
    )
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    for name, end, told in (
        ("[Content_Types].xml", b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="%b"/>' % kind),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", RELATION),
    ):
        if b"sharedStrings" not in part(content, name).encode():
            content = replaced(content, name, lambda raw, end=end, told=told: raw.replace(end, told + end))  # type: ignore[misc]  # bound here
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listed = b"".join(b"<si>%b</si>" % one for one in strings)
    return replaced(content, STRINGS, lambda _: b'<sst xmlns="%b">%b</sst>' % (space, listed))


def again(content: bytes, *, rich: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), rich_text=rich).active
