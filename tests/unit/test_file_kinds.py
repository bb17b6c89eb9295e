"""Which kind a file is, and files that are read at two places at once."""

import pytest

from api.files.kinds import told_kind
from api.files.spooling import temporary, view
from formats.errors import KindError


@pytest.mark.parametrize(
    ("name", "media_type", "head", "kind"),
    [
        ("Brief.DOCX", "text/plain", b"", "docx"),
        ("Brief v1.2", "text/html; x".partition(";")[0], b"", "html"),
        ("Localizable.stringsdict", "application/octet-stream", b"<?xml", "stringsdict"),
        ("kapitel.1", "", b"Text", "txt"),
        ("ohne", "application/octet-stream", b"PK\x03\x04...word/document.xml", "docx"),
        ("notiz.xyz", "text/plain", b"", "txt"),
        ("", "application/epub+zip", b"", "epub"),
    ],
)
def test_name_type_and_bytes_tell_the_kind_in_this_order(name: str, media_type: str, head: bytes, kind: str) -> None:
    assert told_kind(name, media_type, head).name == kind


@pytest.mark.parametrize(("name", "media_type"), [("a.psd", ""), ("a.rtf", "application/rtf"), ("", "image/png")])
def test_what_is_not_translated_is_named_with_what_is(name: str, media_type: str) -> None:
    with pytest.raises(KindError, match=r"are not translated; send .*\.docx"):
        told_kind(name, media_type)


def test_two_readers_of_a_file_do_not_move_each_other() -> None:
    file = temporary()
    file.write(b"0123456789")
    first, second = view(file), view(file)
    assert (first.read(3), second.read(2), first.read(2)) == (b"012", b"01", b"34")
    second.seek(-2, 2)
    file.close()
    assert (second.read(), first.tell()) == (b"89", 5)
