"""Files that are damaged, locked or hostile: refused in a sentence that says what to do, in little time and memory."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from formats.document import Notes, Options
from formats.errors import DocumentError
from formats.table import kind_of
from pipeline.errors import InputError

FOLDER = Path(__file__).parents[2] / "data" / "formats" / "bad"
SAYS = {
    "bomb.docx": "fill up memory",
    "broken-xml.docx": "word/document.xml is damaged",
    "empty.docx": "the file is empty",
    "entities.docx": "document type",
    "no-document-part.docx": "not a Word document",
    "not-a-zip.docx": "not a Word document",
    "old.doc": r"save it as \.docx, and send that$",
    "password.docx": "password",
    "truncated.docx": "breaks off",
    "drm.epub": r"\(DRM\).*send an edition without such protection$",
    "outside.epub": "leads out",
    "password.pdf": "password",
}
NAMES = sorted(path.name for path in FOLDER.iterdir() if kind_of(path.name) is not None)


def read(path: Path) -> None:
    kind = kind_of(path.name)
    assert kind is not None
    with path.open("rb") as file:
        list(kind.reader().read(file, Options(source="de", target="en"), Notes()))


def test_of_each_bad_file_something_is_said() -> None:
    assert SAYS.keys() == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_file_is_refused_with_a_sentence_that_says_what_to_do(name: str) -> None:
    with pytest.raises(InputError, match=SAYS[name]) as error:
        read(FOLDER / name)
    assert len(str(error.value)) > 40


MEASURE = """
import os, resource, sys
from pathlib import Path
from pipeline.errors import InputError
from tests.speed import Stopwatch
from tests.unit.formats.test_bad_files import NAMES, FOLDER, read
for name in NAMES:
    kind = __import__("formats.table").table.kind_of(name)
    kind.reader()
# Pages of a PDF are read by a process of its own.
def work():
    return sum(os.times()[:4])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in NAMES:
    watch = Stopwatch(work)
    try:
        read(FOLDER / name)
    except InputError:
        pass
    watch.check(1, name)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_all_bad_files_take_less_than_a_second_each_and_little_memory_and_write_nothing(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    # In a process of its own: memory that other tests took would hide what these take.
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    own, child = map(int, done.stdout.split())
    assert own < 200 * 1024
    assert 0 < child < 200 * 1024
    assert list(tmp_path.iterdir()) == []


def test_old_office_files_are_told_what_to_be_saved_as() -> None:
    from formats.archives.foreign import refuse

    with (FOLDER / "old.doc").open("rb") as file, pytest.raises(DocumentError, match=r"save it as \.docx"):
        refuse(file, "a Word document (.docx)")


def test_a_file_of_another_kind_with_the_name_of_a_word_document_is_refused() -> None:
    workbook = (FOLDER.parent / "xlsx" / "01-cells.xlsx").read_bytes()
    kind = kind_of("a.docx")
    assert kind is not None
    with pytest.raises(DocumentError, match="not a Word document"):
        list(kind.reader().read(io.BytesIO(workbook), Options(), Notes()))
