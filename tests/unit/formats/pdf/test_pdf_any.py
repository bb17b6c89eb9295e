"""Any pages with any translation: each word is read once, and what is written has all of it and can be opened."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import IO, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.document import Notes, Options, Piece, Translated
from formats.pdf import extracting
from formats.pdf import reader as pdf
from formats.pdf.process import Pages
from formats.web import html
from pipeline.alignment import Link, words
from tests.unit.formats.pdf import pdfs
from tests.unit.formats.pdf.pdfs import FONTS, Line
from tests.unit.formats.pdf.test_pdf import in_word
from tests.unit.formats.test_contract import OPTIONS

# Without the letters of Roman numbers: alone at the edge of a page these are its number, which is left out.
LETTERS = "abefghjknopqrstuwyzäöüß"
ROWS = [40 + 24 * number for number in range(33)]
COLUMNS = (40, 220, 400)


@pytest.fixture(scope="module", autouse=True)
def in_this_process() -> Iterator[None]:
    """Read pages here, which is quicker."""

    def read_here(pages: Any, copy: IO[bytes]) -> None:
        for line in extracting.pages(copy):
            pages._lines.write(msgspec.json.encode(line) + b"\n")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pages, "_read", read_here)
        yield


@st.composite
def pages(draw: st.DrawFn) -> list[list[Line]]:
    """Return pages with lines anywhere on a grid, in any order; no word is there twice."""
    fresh = iter(draw(st.lists(st.text(LETTERS, min_size=2, max_size=7), min_size=60, max_size=60, unique=True)))

    def line(place: tuple[int, int]) -> Line:
        text = " ".join(next(fresh).capitalize() for _ in range(draw(st.integers(1, 3))))
        end = draw(st.sampled_from(["", ".", ",", ":"]))
        return Line(place[0], place[1], text + end, draw(st.integers(7, 11)), draw(st.sampled_from(sorted(FONTS))))

    place = st.tuples(st.sampled_from(COLUMNS), st.sampled_from(ROWS))
    return [
        [line(where) for where in draw(st.lists(place, min_size=number == 0, max_size=7, unique=True))]
        for number in range(draw(st.integers(1, 3)))
    ]


@st.composite
def translation(draw: st.DrawFn, text: str) -> Translated:
    """Return a text with its words in another order, some twice and some not at all, or as it was."""
    if draw(st.integers(0, 3)) == 0:
        return Translated([Piece(text, None)])
    found = text.split()
    order = draw(st.lists(st.sampled_from(found), min_size=1, max_size=len(found) + 1))
    new = " ".join(word.upper() for word in order)
    links = draw(st.lists(st.tuples(st.sampled_from(words(text)), st.sampled_from(words(new))), max_size=8))
    return Translated([Piece(text, new, [Link(one, other, 0.5) for one, other in links])])


def counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in text.split())


@settings(max_examples=40)
@given(pages(), st.sampled_from(["docx", "html"]), st.data())
def test_any_pages_with_any_translation(drawn: list[list[Line]], output: str, data: st.DataObject) -> None:
    file = pdfs.pdf(drawn)
    found = list(pdf.read(io.BytesIO(file), OPTIONS, Notes()))
    assert counted(found) == counted(line.text for page in drawn for line in page)
    translated = [data.draw(translation(text)) for text in found]
    options = Options(source="de", target="en", output=output)
    written = b"".join(pdf.write(io.BytesIO(file), iter(translated), options))
    texts = in_word(written) if output == "docx" else html.read(io.BytesIO(written), OPTIONS, Notes())
    assert counted(texts) == counted(one.text for one in translated)
