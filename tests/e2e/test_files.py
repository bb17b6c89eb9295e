"""Files of other kinds than text, through the command line and back."""

import io
import json
import re
from pathlib import Path

import docx

from tests.conftest import ROOT
from tests.e2e.conftest import CommandLine
from tests.unit.formats.test_bad_files import SAYS

FORMATS = ROOT / "tests" / "data" / "formats"


def test_files_come_back_as_what_they_are(pipeline: CommandLine, tmp_path: Path) -> None:
    for name in ("epub/01-epub3.epub", "docx/03-notes-comments.docx", "srt/01-film.srt"):
        source, output = FORMATS / name, tmp_path / f"back{Path(name).suffix}"
        pipeline.run("submit", str(source), "--id", f"back{source.suffix}", "--wait", "-o", str(output), "-q")
        # The engine gives texts as they are.
        assert output.read_bytes() == source.read_bytes()
        assert pipeline.run("get", f"back{source.suffix}").stdout == source.read_bytes()
        assert pipeline.run("get", f"back{source.suffix}", "--format", "source").stdout == source.read_bytes()
    assert pipeline.run("get", "back.docx", "--format", "text").stdout.decode().strip()
    status = json.loads(pipeline.run("status", "back.docx", "--json").stdout)
    assert (status["format"], status["read"] > 5) == ("docx", True)
    assert b"docx: " in pipeline.run("status", "back.docx").stdout


def test_a_pdf_comes_back_as_the_name_says(pipeline: CommandLine, tmp_path: Path) -> None:
    source = str(FORMATS / "pdf/02-two-columns.pdf")
    word, page = tmp_path / "bericht.docx", tmp_path / "bericht.html"
    pipeline.run("submit", source, "--id", "bericht", "-o", str(word), "-q")
    assert "Der Brand von 1908" in [one.text for one in docx.Document(io.BytesIO(word.read_bytes())).paragraphs]
    pipeline.run("get", "bericht", "-o", str(page))
    assert "<h1>Der Brand von 1908</h1>" in page.read_text(encoding="utf-8")
    assert "a PDF is given back as docx or html, not as odt" in pipeline.fails(
        "submit", source, "-o", str(tmp_path / "x.odt"), status=2
    )
    assert "ocrmypdf" in pipeline.fails("submit", str(FORMATS / "pdf/03-scan.pdf"), "--wait")


def test_bad_files_are_refused_in_words(pipeline: CommandLine) -> None:
    names = sorted(set(SAYS) - {"old.doc"})
    files = [str(FORMATS / "bad" / name) for name in names]
    done = pipeline.run("submit", *files, "--batch", "bad", "-q", check=False)
    assert done.returncode == 1
    *lines, last = done.stderr.decode().splitlines()
    for name, file, line in zip(names, files, lines, strict=True):
        assert re.match(rf"{re.escape(file)}: .*{SAYS[name]}", line), line
    assert last.endswith(f"{len(files)} of {len(files)} files have no translation")
    assert re.search(SAYS["old.doc"], pipeline.fails("submit", str(FORMATS / "bad" / "old.doc"), status=2))


def test_files_of_every_kind_are_one_batch_and_come_back_as_they_are(pipeline: CommandLine, tmp_path: Path) -> None:
    files = [path for path in sorted(FORMATS.glob("*/*")) if path.parent.name not in ("bad", "pdf")]
    assert len(files) > 45
    pdf = FORMATS / "pdf/01-contract.pdf"
    pipeline.run("submit", *map(str, [*files, pdf]), "--batch", "kinds", "--wait", "-o", str(tmp_path), "-q")
    assert [path.name for path in files if (tmp_path / path.name).read_bytes() != path.read_bytes()] == []
    assert docx.Document(io.BytesIO((tmp_path / "01-contract.docx").read_bytes())).paragraphs
    picture = tmp_path / "bild.jpg"
    picture.write_bytes(b"x")
    assert "is of no kind that is translated" in pipeline.fails("submit", str(files[0]), str(picture), status=2)
