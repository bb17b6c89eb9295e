"""Which kind a file is, and files that are read at two places at once."""

import re

import pytest

from api.files.kinds import kind_by_bytes, told_kind
from api.files.spooling import temporary, view
from formats.errors import KindError
from formats.table import KINDS, kind_of, saved_as, suffixes
from tests.conftest import ROOT

FORMATS = ROOT / "tests" / "data" / "formats"


@pytest.mark.parametrize(
    ("name", "media_type", "head", "kind"),
    [
        ("Brief.DOCX", "text/plain", b"%PDF-1.7", "docx"),
        ("Brief v1.2", "text/html; x".partition(";")[0], b"", "html"),
        ("Localizable.stringsdict", "application/octet-stream", b"<?xml", "stringsdict"),
        ("kapitel.1", "", b"Text", "txt"),
        ("Kapitel 1. Der Anfang", "", b"", "txt"),
        ("ohne", "application/octet-stream", b"PK\x03\x04...word/document.xml", "docx"),
        ("notiz.xyz", "text/plain", b"", "txt"),
        ("", "application/epub+zip", b"", "epub"),
        ("", "", b"\x89PNG\r\n\x1a\n", "txt"),
    ],
)
def test_name_type_and_bytes_tell_the_kind_in_this_order(name: str, media_type: str, head: bytes, kind: str) -> None:
    assert (told_kind(name, media_type) or kind_by_bytes(head)).name == kind


def test_whatever_can_be_told_by_its_bytes_is() -> None:
    files = [path for path in FORMATS.glob("*/*") if path.parent.name != "bad"]
    told = {path.suffix for path in files if kind_by_bytes(path.read_bytes()[:4096]) is kind_of(path.name)}
    assert told == {".docx", ".pptx", ".xlsx", ".odt", ".odp", ".ods", ".epub", ".pdf"}
    for kind in KINDS:
        # Each OpenDocument kind that is one archive; those of which nothing is translated are texts to nobody.
        if kind.module == "formats.office.opendocument":
            head = b"PK\x03\x04" + bytes(26) + b"mimetype" + kind.media_types[0].encode() + b"PK\x03\x04"
            assert kind_by_bytes(head) is kind


@pytest.mark.parametrize(("name", "media_type"), [("a.psd", ""), ("a.PSD", "image/x-psd"), ("", "image/png")])
def test_what_is_not_translated_is_named_with_what_is(name: str, media_type: str) -> None:
    with pytest.raises(KindError, match=r"^files of the (kind \.psd|type image/png) are not translated; send .*\.docx"):
        told_kind(name, media_type)


@pytest.mark.parametrize(
    ("name", "media_type", "wanted"),
    [
        ("alt.doc", "", ".docx"),
        ("ALT.XLS", "application/vnd.ms-excel", ".xlsx"),
        ("folien.pps", "", ".pptx"),
        ("brief.rtf", "application/rtf", ".docx"),
        ("brief.sxw", "", ".odt"),
        ("buch.mobi", "", ".epub"),
        ("", "application/msword", ".docx"),
        ("", "text/rtf", ".docx"),
    ],
)
def test_of_what_can_be_saved_as_another_kind_that_kind_is_named(name: str, media_type: str, wanted: str) -> None:
    with pytest.raises(KindError, match=f"are not translated; save it as {re.escape(wanted)}, and send that$"):
        told_kind(name, media_type)


def test_old_files_are_told_by_their_bytes_too() -> None:
    with pytest.raises(KindError, match=r"before 2007.*save it as \.docx, \.xlsx or \.pptx, and send that"):
        kind_by_bytes((FORMATS / "bad" / "old.doc").read_bytes()[:4096])
    with pytest.raises(KindError, match=r"an RTF document.*save it as \.docx, and send that"):
        kind_by_bytes(b"{\\rtf1\\ansi Guten Tag.}")


def test_what_is_translated_is_no_kind_that_is_to_be_saved_as_another_and_that_one_is_translated() -> None:
    assert [suffix for suffix in suffixes() if saved_as(suffix)] == []
    assert [media for kind in KINDS for media in kind.media_types if saved_as(media)] == []
    wanted = saved_as(".doc", ".xls", ".ppt", ".sxw", ".sxc", ".sxi", ".mobi", ".mht")
    assert {suffix for suffix in re.findall(r"\.\w+", wanted) if kind_of(f"x{suffix}") is None} == set()


def test_two_readers_of_a_file_do_not_move_each_other() -> None:
    file = temporary()
    file.write(b"0123456789")
    first, second = view(file), view(file)
    assert (first.read(3), second.read(2), first.read(2)) == (b"012", b"01", b"34")
    second.seek(-2, 2)
    file.close()
    assert (second.read(), first.tell()) == (b"89", 5)
