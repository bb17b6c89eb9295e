"""Office documents with other texts open in LibreOffice, which has to be installed, and show every one of them."""

import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from tests.unit.formats.test_contract import EXPECTED, FOLDER, GOOD, in_capitals, texts_of, written

NAMES = [name for name in GOOD if name.startswith(("docx/", "odt/", "pptx/", "odp/"))]


def close(text: str) -> str:
    """Return a text without white space and hyphens, which a page has where its lines end."""
    return re.sub(r"[\s\u00ad\u2010-\u2012\ufffe-]", "", text).upper().replace("ẞ", "SS")


def shown(pdf: Path) -> str:
    return close("".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)))


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_and_shows_what_was_written_wherever_the_text_was_shown(name: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    assert office, "install LibreOffice: libreoffice-writer-nogui, libreoffice-impress-nogui"
    content = (FOLDER / name).read_bytes()
    suffix = Path(name).suffix
    before, after = tmp_path / f"before{suffix}", tmp_path / f"after{suffix}"
    before.write_bytes(content)
    after.write_bytes(written(name, content, map(in_capitals, texts_of(name, content))))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    subprocess.run(
        [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(before), str(after)],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    first, second = shown(before.with_suffix(".pdf")), shown(after.with_suffix(".pdf"))
    # Word by word: notes, deleted words and narrow columns stand between them on a page.
    wanted = [word for text in EXPECTED[name].get("translate", []) for word in text.split() if close(word) in first]
    assert [word for word in wanted if close(word) not in second] == []
    assert wanted or "empty" in name
