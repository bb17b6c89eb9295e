import io
import struct
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formats.archives.archive import RATIO, TOTAL, Archive
from formats.errors import DocumentError


def zipped(members: dict[str, bytes], *, stored: tuple[str, ...] = (), comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name in stored else None)
        archive.comment = comment
    return out.getvalue()


class Stream(io.RawIOBase):
    """What cannot be sought, so that sizes come behind their members."""

    def __init__(self) -> None:
        self.content = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.content += bytes(data)  # type: ignore[call-overload]  # whatever zipfile gives
        return len(bytes(data))  # type: ignore[call-overload]  # the same


def streamed(members: dict[str, bytes]) -> bytes:
    out = Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return out.content


MEMBERS = {
    "mimetype": b"application/x",
    "a/eins.xml": b"<a>Hallo</a>" * 50,
    "b.bin": bytes(range(256)) * 40,
    "leer": b"",
}


@pytest.mark.parametrize(
    "content",
    [
        zipped(MEMBERS, stored=("mimetype",), comment=b"ein Kommentar"),
        streamed(MEMBERS),
        b"PK\x03\x04 davor" + zipped(MEMBERS),
    ],
    ids=["usual", "sizes behind", "something before"],
)
def test_only_what_changed_is_written_anew(content: bytes) -> None:
    archive = Archive(io.BytesIO(content))
    assert list(archive.names) == list(MEMBERS)
    assert {name: archive.read(name) for name in archive.names} == MEMBERS
    assert b"".join(archive.rewritten({})) == content
    new = b"<a>Hello</a>" * 70
    written = b"".join(archive.rewritten({"a/eins.xml": archive.pack("a/eins.xml", [new[:9], new[9:]])}))
    with zipfile.ZipFile(io.BytesIO(written)) as after, zipfile.ZipFile(io.BytesIO(content)) as before:
        assert after.testzip() is None
        assert after.comment == before.comment
        assert {name: after.read(name) for name in after.namelist()} == MEMBERS | {"a/eins.xml": new}
        for one, other in zip(before.infolist(), after.infolist(), strict=True):
            assert (one.filename, one.compress_type, one.date_time) == (
                other.filename,
                other.compress_type,
                other.date_time,
            )
    assert Archive(io.BytesIO(written)).read("a/eins.xml") == new


def test_dropped_members_are_gone_and_all_others_there() -> None:
    archive = Archive(io.BytesIO(zipped(MEMBERS)))
    written = b"".join(archive.rewritten({}, {"b.bin"}))
    with zipfile.ZipFile(io.BytesIO(written)) as after:
        assert after.testzip() is None
        assert after.namelist() == ["mimetype", "a/eins.xml", "leer"]


@given(st.dictionaries(st.text("abc/äß", min_size=1).filter(lambda name: name[0] != "/"), st.binary()), st.data())
def test_any_archive_can_be_written_with_any_members_changed(members: dict[str, bytes], data: st.DataObject) -> None:
    content = zipped(members)
    if not members:
        with pytest.raises(DocumentError):
            Archive(io.BytesIO(content))
        return
    archive = Archive(io.BytesIO(content))
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(members)), st.binary()))
    written = b"".join(archive.rewritten({name: archive.pack(name, [new]) for name, new in changed.items()}))
    after = Archive(io.BytesIO(written))
    assert {name: after.read(name) for name in after.names} == members | changed
    with zipfile.ZipFile(io.BytesIO(written)) as witness:
        assert witness.testzip() is None
    if not changed:
        assert written == content


def lying(content: bytes, size: int) -> bytes:
    """Return an archive of one member whose directory states another size of it."""
    place = content.rindex(b"PK\x01\x02") + 24
    return content[:place] + struct.pack("<I", size) + content[place + 4 :]


def bad_files() -> Iterator[tuple[str, bytes, str]]:
    good = zipped({"word/document.xml": b"<a/>" * 100})
    bomb = zipped({"a": bytes(RATIO * 100_000)})
    yield "empty", b"", "empty"
    yield "text", b"Dies ist kein Word.", "whatever its name says"
    yield "pdf", b"%PDF-1.7", "a PDF"
    yield "rtf", b"{\\rtf1 a}", "an RTF document"
    yield "xml", b"<?xml version='1.0'?><a/>", "single XML"
    yield "password", bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "password"
    yield (
        "doc",
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1 << 20) + "WordDocument".encode("utf-16-le"),
        "save it as .docx",
    )
    yield "old", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(100), "old office program"
    yield "truncated", good[:-30], "breaks off"
    yield "only a beginning", good[:40], "breaks off"
    yield "nothing in it", zipped({}), "nothing in it"
    yield "bomb", bomb, "fill up memory"
    yield "bomb that lies", lying(bomb, 100), "damaged"
    yield "more than it says", lying(good, 100), "damaged"
    yield "less than it says", lying(good, 100_000), "damaged"
    yield "sum", lying(good, TOTAL + 1), "divide"
    yield "many", zipped({f"{number}": b"" for number in range(10_001)}), "10,001 files"
    for name in ("../a", "a/../../b", "/etc/passwd", "..\\a", "C:\\a", "\\\\a\\b"):
        yield (
            name,
            zipped({name.replace("\\", "~"): b"x"}).replace(name.replace("\\", "~").encode(), name.encode()),
            "leads out",
        )
    locked = bytearray(good)
    locked[good.rindex(b"PK\x01\x02") + 8] |= 1
    yield "locked member", bytes(locked), "password"
    method = bytearray(good)
    method[good.rindex(b"PK\x01\x02") + 10] = 14
    yield "method", bytes(method), "compressed in a way"
    flipped = bytearray(good)
    flipped[60] ^= 0xFF
    yield "flipped", bytes(flipped), "damaged"
    yield "no member there", good.replace(b"PK\x03\x04", b"PK\x03\x05", 1).replace(b"PK", b"PK\x03\x04", 1), "damaged"
    twice = zipped({"ab": b"1", "ac": b"2"}).replace(b"ac", b"ab")
    yield "twice", twice, "twice"


@pytest.mark.parametrize(("name", "content", "says"), list(bad_files()), ids=[name for name, *_ in bad_files()])
def test_bad_files_are_refused_and_told_apart(name: str, content: bytes, says: str) -> None:
    tracemalloc.start()
    with pytest.raises(DocumentError, match=says):
        archive = Archive(io.BytesIO(content))
        for member in archive.names:
            archive.read(member)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


@given(st.binary(max_size=300), st.integers(0, 2000), st.sampled_from([zipped(MEMBERS), streamed(MEMBERS)]))
def test_whatever_is_damaged_raises_nothing_else(junk: bytes, place: int, content: bytes) -> None:
    content = content[:place] + junk + content[place + len(junk) :]
    with suppress(DocumentError):
        archive = Archive(io.BytesIO(content))
        for name in archive.names:
            archive.read(name)
