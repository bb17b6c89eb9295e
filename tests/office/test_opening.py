"""Office documents with other texts open in LibreOffice, which has to be installed, and show every one of them."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pypdfium2
import pytest

from formats.document import Piece, Translated
from pipeline.alignment import Link, words
from tests.unit.formats.test_contract import EXPECTED, FOLDER, GOOD, in_capitals, texts_of, written
from tests.unit.test_exports import SENTENCES, document, word

NAMES = [name for name in GOOD if name.startswith(("docx/", "odt/", "ods/", "pptx/", "odp/", "xlsx/"))]


def close(text: str) -> str:
    """Return a text without white space and hyphens, which a page has where its lines end."""
    return re.sub(r"[\s\u00ad\u2010-\u2012\ufffe-]", "", text).replace("ẞ", "SS")


# Of slides and sheets a page cuts off what is wider than its box: there it counts what LibreOffice has read.
PAGES = dict.fromkeys([".pptx", ".odp"], "fodp") | dict.fromkeys([".xlsx", ".ods"], "fods")


def shown(made: Path) -> str:
    if made.suffix == ".pdf":
        return close("".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made)))
    return close("".join(ET.parse(made).getroot().itertext()))


def opened(form: str, *files: Path) -> list[str]:
    """Return what LibreOffice shows of files that lie in one folder."""
    office = shutil.which("soffice")
    assert office, "install LibreOffice: libreoffice-writer-nogui, libreoffice-calc-nogui, libreoffice-impress-nogui"
    folder = files[0].parent
    home = f"-env:UserInstallation=file://{folder}/home"
    subprocess.run(
        [office, home, "--headless", "--convert-to", form, "--outdir", folder, *files],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    return [shown(path.with_suffix(f".{form}")) for path in files]


def both(name: str, folder: Path, change: Callable[[str], Translated]) -> tuple[Path, Path]:
    """Write a document as it is, and with each of its texts changed."""
    content = (FOLDER / name).read_bytes()
    before, after = (folder / f"{what}{Path(name).suffix}" for what in ("before", "after"))
    before.write_bytes(content)
    after.write_bytes(written(name, content, map(change, texts_of(name, content))))
    return before, after


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_and_shows_what_was_written_wherever_the_text_was_shown(name: str, tmp_path: Path) -> None:
    before, after = both(name, tmp_path, in_capitals)
    form = PAGES.get(before.suffix, "pdf")
    first, second = opened(form, before, after)
    # Word by word: notes, deleted words and narrow columns stand between them on a page.
    words_ = [
        (word, loud)
        for text in EXPECTED[name].get("translate", ())
        for word, loud in zip(text.split(), in_capitals(text).text.split(), strict=True)
        if close(word) in first
    ]
    assert [loud for _, loud in words_ if close(loud) not in second] == []
    # So a file that has not been translated fails.
    assert any(close(loud) not in first for _, loud in words_) or "empty" in name


def turned(text: str) -> Translated:
    """Return a text whose translation has the letters of each word turned round, so that lines stay about as long."""
    new = re.sub(r"(?<!\{)\b[^\W\d_]+\b(?!\})", lambda found: found.group()[::-1], text)
    links = [Link(one, other, 1.0) for one, other in zip(words(text), words(new), strict=False)]
    return Translated([Piece(text, new, links)])


# Beside the letters: underlines, and edges that are smoothed.
_AROUND = 4


def without_text(page: pypdfium2.PdfPage, texts: list[pypdfium2.PdfTextPage]) -> Any:
    """Return the picture of a page without what is where one of some pages has text."""
    picture = page.render(scale=1).to_numpy().copy()
    height = page.get_height()
    for text in texts:
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            rows = slice(max(0, int(height - top) - _AROUND), int(height - bottom) + _AROUND)
            picture[rows, max(0, int(left) - _AROUND) : int(right) + _AROUND] = 0
    return picture


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("docx/", "odt/", "pptx/", "odp/"))])
def test_pages_look_otherwise_only_where_they_have_text(name: str, tmp_path: Path) -> None:
    before, after = both(name, tmp_path, turned)
    opened("pdf", before, after)
    pairs = list(
        zip(*(pypdfium2.PdfDocument(one.with_suffix(".pdf")) for one in (before, after)), strict=True),
    )
    for first, second in pairs:
        texts = [first.get_textpage(), second.get_textpage()]
        one, other = without_text(first, texts), without_text(second, texts)
        assert one.shape == other.shape
        assert not (abs(one.astype(int) - other.astype(int)) > 40).any()


@pytest.mark.parametrize("name", ["pdf/01-contract.pdf", "pdf/02-two-columns.pdf", "pdf/04-form.pdf"])
def test_a_word_file_that_was_made_of_a_pdf_opens_and_shows_all_texts(name: str, tmp_path: Path) -> None:
    content = (FOLDER / name).read_bytes()
    made = tmp_path / "made.docx"
    made.write_bytes(written(name, content, map(in_capitals, texts_of(name, content))))
    (page,) = opened("pdf", made)
    assert [text for text in EXPECTED[name]["translate"] if close(in_capitals(text).text) not in page] == []


async def test_a_word_file_of_two_columns_opens_and_shows_both_sides(tmp_path: Path) -> None:
    made = tmp_path / "made.docx"
    made.write_bytes(await word(document(filename="Brief.docx"), *SENTENCES))
    (page,) = opened("pdf", made)
    assert [
        text for one in SENTENCES[:2] for text in (one.source, one.translation or "") if close(text) not in page
    ] == []
