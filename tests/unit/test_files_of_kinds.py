"""Kinds of files, as the command line takes and gives them."""

from pathlib import Path

import pytest

from formats.table import KINDS
from pipeline.command_line import UsageError
from producer.batches import output_folder
from producer.kinds import kind_for, named, result_kind, result_name


@pytest.mark.parametrize(
    ("file", "name"),
    [("-", "txt"), ("brief", "txt"), ("a/b.c/Kapitel 1. Der Anfang", "txt"), ("notizen.2024", "txt"), ("BRIEF.DOCX", "docx"),
     ("seite.htm", "html"), ("./film.srt", "srt"), ("bericht.pdf", "pdf"), ("Localizable.stringsdict", "stringsdict")],
)  # fmt: skip
def test_a_name_says_the_kind(file: str, name: str) -> None:
    assert kind_for(file).name == name


@pytest.mark.parametrize("file", ["bild.jpg", "archiv.tar.gz", "lied.mp3"])
def test_other_kinds_are_refused_before_anything_is_sent(file: str) -> None:
    with pytest.raises(
        UsageError, match=rf"^{file} is of no kind that is translated \(\.txt, .*\.docx.*satzstrom submit - <"
    ):
        kind_for(file)


@pytest.mark.parametrize(("file", "wanted"), [("alt.doc", ".docx"), ("a/ALT.XLS", ".xlsx"), ("brief.rtf", ".docx")])
def test_what_can_be_saved_as_another_kind_is_told_so(file: str, wanted: str) -> None:
    with pytest.raises(
        UsageError, match=f"^{file} is of no kind that is translated; save it as {wanted}, and send that$"
    ):
        kind_for(file)


def test_where_there_is_a_choice_the_name_of_the_result_says_what_it_is() -> None:
    pdf, word = kind_for("a.pdf"), kind_for("a.docx")
    assert result_kind(pdf, None).name == "docx"
    assert result_kind(pdf, Path("out.html")).name == "html"
    assert result_kind(pdf, Path("out")).name == "docx"
    assert result_kind(word, Path("neu.docx")) is word
    assert result_kind(kind_for("a.txt"), Path("neu.html")).name == "txt"
    with pytest.raises(UsageError, match="is given back as docx, not as html"):
        result_kind(word, Path("neu.html"))


def test_results_in_a_folder_are_named_after_what_they_are(tmp_path: Path) -> None:
    assert [result_name(file) for file in ("x/a.docx", "b.PDF", "c.txt")] == ["a.docx", "b.docx", "c.txt"]
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(UsageError, match=r"several of the files are called a\.docx"):
        output_folder(["a.pdf", "a.docx"], folder, wait=True)
    assert output_folder([str(folder / "a.pdf"), "b.docx"], folder, wait=True) == folder
    with pytest.raises(UsageError, match="would be overwritten"):
        output_folder([str(folder / "a.docx"), "b.docx"], folder, wait=True)


def test_names_of_the_api_are_those_of_the_table() -> None:
    assert [named(kind.name) for kind in KINDS] == list(KINDS)
    assert named(None).is_text
