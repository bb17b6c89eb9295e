"""Reads pages with PDFium, in a process of its own (`formats.pdf.child`): it is C++ that reads what strangers send."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from formats.pdf.layout import BOLD, DIVIDED, ITALIC, Chunk, Failure, Line, Page, Run

PAGES = 10_000
"""How many a file may have."""
_CHARACTERS = 200_000
_LINKS = 2_000
_ADDRESS = 2_000
# Flags of a font's description (ISO 32000-1, table 123).
_ITALIC_FLAG, _FORCE_BOLD_FLAG = 1 << 6, 1 << 18
_LETTERS = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# Bullets of fonts of symbols come as characters of private use.
_BULLETS = dict.fromkeys((61623, 61607, 61656, 61558, 61692, 8729, 9679, 9642, 9632), "•")
_KINDS = {pdfium.FPDF_ANNOT_WIDGET: "form fields", pdfium.FPDF_ANNOT_TEXT: "comments",
          pdfium.FPDF_ANNOT_FREETEXT: "comments", pdfium.FPDF_ANNOT_STAMP: "stamps"}  # fmt: skip


class _Look(NamedTuple):
    """How the characters of one piece of text look."""

    size: float
    style: int
    level: bool
    """Whether it is written from left to right on the page as it is shown."""


class _Link(NamedTuple):
    left: float
    bottom: float
    right: float
    top: float
    number: int


def pages(file: IO[bytes]) -> Iterator[Line]:
    """Yield the pages of a file, or why there are none."""
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
        yield Line(failure=Failure("password" if locked else "damaged"))
        return
    if len(document) > PAGES:
        yield Line(failure=Failure("pages"))
        return
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            yield Line(page=Page(0, 0, [], [], {"pages that are damaged": 1}, 0, 0))
            continue
        yield Line(page=_Reading(document, page).page())
        page.close()


class _Reading:
    """Reads one page."""

    def __init__(self, document: Any, page: Any) -> None:
        self._document, self._page = document, page
        self._text = page.get_textpage()
        self._turn = pdfium.FPDFPage_GetRotation(page) % 4
        self._width, self._height = page.get_size()
        self._left: Counter[str] = Counter()
        self._addresses: list[str] = []
        self._fonts: dict[int, int] = {}

    def page(self) -> Page:
        """Return what stands on it."""
        links = list(self._links())
        self._count_annotations()
        chunks = _Chunks()
        unreadable = 0
        count = self._text.count_chars()
        if count > _CHARACTERS:
            self._left["characters beyond 200,000 of a page"] += count - _CHARACTERS
        object_, look = None, _Look(0, 0, level=True)
        box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        for index in range(min(count, _CHARACTERS)):
            code = pdfium.FPDFText_GetUnicode(self._text, index)
            if pdfium.FPDFText_IsGenerated(self._text, index) == 1:
                chunks.space()
                continue
            mine = ctypes.cast(pdfium.FPDFText_GetTextObject(self._text, index), ctypes.c_void_p).value
            if mine != object_:
                object_, look = mine, self._look(index)
            if not look.level:
                self._left["turned text"] += code > 32
                continue
            if pdfium.FPDFText_HasUnicodeMapError(self._text, index) == 1 or code in {0, 0xFFFD}:
                unreadable += 1
                continue
            character = _character(code)
            if not character:
                continue
            if character.isspace():
                chunks.space()
                continue
            pdfium.FPDFText_GetLooseCharBox(self._text, index, box)
            pdfium.FPDFText_GetCharOrigin(self._text, index, x, y)
            link = _link_at(links, (box.left + box.right) / 2, (box.bottom + box.top) / 2) if links else -1
            left, right, base = self._shown(box, x.value, y.value)
            chunks.add(character, left, right, base, look, link)
        self._text.close()
        return Page(
            round(self._width, 1), round(self._height, 1), chunks.done(), self._addresses, dict(self._left),
            self._pictures(), unreadable,
        )  # fmt: skip

    def _shown(self, box: Any, x: float, y: float) -> tuple[float, float, float]:
        """Return left, right and base line of a character, on the page as it is shown."""
        if self._turn == 0:
            return box.left, box.right, self._height - y
        if self._turn == 1:
            return box.bottom, box.top, x
        if self._turn == 2:
            return self._width - box.right, self._width - box.left, y
        return self._width - box.top, self._width - box.bottom, self._height - x

    def _look(self, index: int) -> _Look:
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._text, index, matrix)
        size = pdfium.FPDFText_GetFontSize(self._text, index) * math.hypot(matrix.c, matrix.d)
        angle = pdfium.FPDFText_GetCharAngle(self._text, index) + self._turn * math.pi / 2
        turned = abs(math.remainder(angle, 2 * math.pi)) > 0.1 and angle >= 0
        found = pdfium.FPDFText_GetTextObject(self._text, index)
        return _Look(size, self._style(pdfium.FPDFTextObj_GetFont(found)) if found else 0, level=not turned)

    def _style(self, font: Any) -> int:
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self._fonts:
            flags = max(pdfium.FPDFFont_GetFlags(font), 0) if key else 0
            name = _font_name(font) if key else ""
            weight = pdfium.FPDFFont_GetWeight(font) if key else 0
            bold = weight >= 600 or flags & _FORCE_BOLD_FLAG or any(word in name for word in ("bold", "black", "heavy"))
            italic = flags & _ITALIC_FLAG or "italic" in name or "oblique" in name
            self._fonts[key] = (BOLD if bold else 0) | (ITALIC if italic else 0)
        return self._fonts[key]

    def _links(self) -> Iterator[_Link]:
        place, link, box = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
        while len(self._addresses) < _LINKS and pdfium.FPDFLink_Enumerate(self._page, place, link):
            action = pdfium.FPDFLink_GetAction(link)
            if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
                continue
            length = pdfium.FPDFAction_GetURIPath(self._document, action, None, 0)
            if not 0 < length <= _ADDRESS or not pdfium.FPDFLink_GetAnnotRect(link, box):
                continue
            address = ctypes.create_string_buffer(length)
            pdfium.FPDFAction_GetURIPath(self._document, action, address, length)
            found = address.value.decode("utf-8", "replace")
            if found.lower().startswith(("http://", "https://", "mailto:", "tel:")):
                low, high = sorted((box.bottom, box.top))
                yield _Link(box.left, low, box.right, high, len(self._addresses))
                self._addresses.append(found)

    def _count_annotations(self) -> None:
        for index in range(min(pdfium.FPDFPage_GetAnnotCount(self._page), _LINKS)):
            annotation = pdfium.FPDFPage_GetAnnot(self._page, index)
            kind = _KINDS.get(pdfium.FPDFAnnot_GetSubtype(annotation)) if annotation else None
            if kind:
                self._left[kind] += 1
            if annotation:
                pdfium.FPDFPage_CloseAnnot(annotation)

    def _pictures(self) -> int:
        count = min(pdfium.FPDFPage_CountObjects(self._page), 20_000)
        objects = (pdfium.FPDFPage_GetObject(self._page, index) for index in range(count))
        return sum(pdfium.FPDFPageObj_GetType(one) == pdfium.FPDF_PAGEOBJ_IMAGE for one in objects if one)


class _Chunks:
    """Puts characters together that stand beside each other."""

    def __init__(self) -> None:
        self._chunks: list[Chunk] = []
        self._runs: list[Run] = []
        self._space = False
        self._left = 0.0

    def space(self) -> None:
        """Note that there is a space before what comes."""
        self._space = True

    def add(self, character: str, left: float, right: float, base: float, look: _Look, link: int) -> None:
        """Add a character."""
        size = look.size or 1.0
        last = self._chunks[-1] if self._chunks else None
        larger = max(last.size, size) if last else size
        raised = False
        if last:
            gap, lift = left - last.right, last.base - base
            # Numbers of notes and indices are smaller, and a little above or below.
            raised = size < 0.85 * last.size and 0.12 * last.size < lift < 0.7 * last.size
            beside = abs(lift) < 0.25 * larger or raised or (size < 0.85 * last.size and abs(lift) < 0.4 * last.size)
            # Letters of a ligature have its place all; what begins further left is another line.
            if not (beside and left > self._left - 0.3 * larger and gap < 0.9 * larger):
                last = None
            elif gap > 0.18 * larger:
                self._space = True
        if last is None:
            last = Chunk(round(left, 1), right, round(base, 1), round(size, 1), [])
            self._chunks.append(last)
        elif self._space:
            _append(last.runs, " ", last.runs[-1] if last.runs else Run(""))
        self._space, self._left = False, left
        _append(last.runs, character, Run("", look.style, link, raised))
        last.right = round(max(last.right, right), 1)
        if not raised and size > last.size:
            last.size, last.base = round(size, 1), round(base, 1)

    def done(self) -> list[Chunk]:
        """Return what came together."""
        return self._chunks


def _append(runs: list[Run], text: str, like: Run) -> None:
    if runs and (runs[-1].style, runs[-1].link, runs[-1].raised) == (like.style, like.link, like.raised):
        runs[-1] = Run(runs[-1].text + text, like.style, like.link, like.raised)
    else:
        runs.append(Run(text, like.style, like.link, like.raised))


def _character(code: int) -> str:
    if code in {2, 0xFFFE}:
        return DIVIDED
    if code in _LETTERS or code in _BULLETS:
        return _LETTERS.get(code) or _BULLETS[code]
    if code < 32 or 0x7F <= code < 0xA0:
        return " " if code in {9, 10, 13} else ""
    # Halves of characters beyond the first plane, and what is no character.
    return "" if 0xD800 <= code < 0xE000 or code in {0xFFFF, 0xFEFF} or code > 0x10FFFF else chr(code)


def _font_name(font: Any) -> str:
    name = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(font, name, 200)
    return name.value.decode("latin-1").lower()


def _link_at(links: list[_Link], x: float, y: float) -> int:
    return next((one.number for one in links if one.left <= x <= one.right and one.bottom <= y <= one.top), -1)
