"""The records of a zip archive: where each of its members is, as its directory says. Nothing of what it says is believed."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from formats.errors import DocumentError

MEMBERS = 10_000
"""Members that an archive may have."""

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
LOCAL_HEAD = struct.Struct("<4s5H3I2H")
CENTRAL_HEAD = struct.Struct("<4s6H3I5H2I")
END_HEAD = struct.Struct("<4s4H2IH")
_END64_PLACE = struct.Struct("<4sIQI")
_END64 = struct.Struct("<4sQ2H2I4Q")
_COMMENT = 65_535
_FULL = 0xFFFFFFFF
_ZIP64 = 1
_LOCKED, _UTF8 = 0x1, 0x800
METHODS = {0: "stored", 8: "deflated"}
"""How members may be compressed; office documents and books use no other."""


@dataclass(frozen=True, slots=True)
class Record:
    """A member, as the directory says."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    """Bytes that it has in the archive."""
    size: int
    """Bytes that it has when it is unpacked."""
    offset: int
    """Where its own header begins."""
    raw: bytes
    """The whole record as it stands in the directory."""


@dataclass(frozen=True)
class Directory:
    """What stands at the end of an archive."""

    records: tuple[Record, ...]
    start: int
    """Where it begins in the file."""
    comment: bytes


def read_directory(file: BinaryIO) -> Directory:
    """Return the directory of an archive. Raises `DocumentError` if it has none that can be read, or too much in it."""
    length = file.seek(0, io.SEEK_END)
    tail_start = max(0, length - _COMMENT - END_HEAD.size)
    file.seek(tail_start)
    tail = file.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < END_HEAD.size:
        raise DocumentError(
            "the file breaks off before its end, as if it had not been copied or downloaded whole; copy it again, see that "
            "it opens, and send it again"
        )
    _, _, _, _, count, size, offset, comment_length = END_HEAD.unpack_from(tail, place)
    comment = tail[place + END_HEAD.size :][:comment_length]
    end = tail_start + place
    if place >= _END64_PLACE.size and tail[place - _END64_PLACE.size :].startswith(b"PK\x06\x07"):
        _, _, place64, _ = _END64_PLACE.unpack_from(tail, place - _END64_PLACE.size)
        if place64 + _END64.size > length:
            raise damaged("its directory lies outside of it")
        file.seek(place64)
        _, _, _, _, _, _, _, count, size, offset = _END64.unpack(file.read(_END64.size))
        end = place64
    if count > MEMBERS:
        raise DocumentError(f"the file has {count:,} files in it, more than the {MEMBERS:,} that one may have")
    if size > end:
        raise damaged("its directory is longer than the file")
    # What stands before the archive moves everything in it.
    shift = end - size - offset
    if shift < 0:
        raise damaged("its directory lies outside of it")
    file.seek(end - size)
    records = tuple(_records(file.read(size), count, shift, end - size))
    return Directory(records, end - size, comment)


def _records(raw: bytes, count: int, shift: int, limit: int) -> Iterator[Record]:
    position = 0
    for _ in range(count):
        if len(raw) - position < CENTRAL_HEAD.size or not raw.startswith(CENTRAL, position):
            raise damaged("its directory cannot be read")
        fields = CENTRAL_HEAD.unpack_from(raw, position)
        flags, method, crc, packed, size = fields[3], fields[4], *fields[7:10]
        name_length, extra_length, comment_length = fields[10:13]
        offset = fields[16]
        name_start = position + CENTRAL_HEAD.size
        name = raw[name_start : name_start + name_length].decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        extra = raw[name_start + name_length : name_start + name_length + extra_length]
        size, packed, offset = _wide(extra, [size, packed, offset])
        end = name_start + name_length + extra_length + comment_length
        if end > len(raw) or offset + shift + LOCAL_HEAD.size + packed > limit:
            raise damaged(f"{name!r} lies outside of it")
        _check(name, flags, method)
        yield Record(name, flags, method, crc, packed, size, offset + shift, raw[position:end])
        position = end


def _check(name: str, flags: int, method: int) -> None:
    steps = name.replace("\\", "/").split("/")
    if ".." in steps or not steps[0] or "\0" in name or steps[0].endswith(":"):
        raise DocumentError(
            f"the file has a part called {name!r}, a name that leads out of it, as files do that are made to do harm; "
            "it is not read"
        )
    if flags & _LOCKED:
        raise DocumentError("the file is locked with a password; save it without one, and send that")
    if method not in METHODS:
        raise DocumentError(
            f"{name!r} in the file is compressed in a way that documents do not use ({method}); save the document anew with "
            "the program that it was made with"
        )


def extras(extra: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the extra fields of a record: number, content, and both as they are written. What is no field comes as 0."""
    position = 0
    while position < len(extra):
        if len(extra) - position < 4:
            yield 0, b"", extra[position:]
            return
        number, length = struct.unpack_from("<2H", extra, position)
        raw = extra[position : position + 4 + length]
        yield number, raw[4:], raw
        position += 4 + length


def narrow(extra: bytes) -> bytes:
    """Return extra fields without sizes and places of 64 bits."""
    return b"".join(raw for number, _, raw in extras(extra) if number != _ZIP64)


def _wide(extra: bytes, values: list[int]) -> list[int]:
    """Return size, packed size and offset, from the extra field where they are too large for their own."""
    if _FULL not in values:
        return values
    content = next((content for number, content, _ in extras(extra) if number == _ZIP64), b"")
    if len(content) < 8 * values.count(_FULL):
        raise damaged("a size in its directory is missing")
    wide = iter(struct.unpack_from(f"<{values.count(_FULL)}Q", content))
    return [next(wide) if value == _FULL else value for value in values]


def damaged(reason: str) -> DocumentError:
    """Return the error of an archive that contradicts itself."""
    return DocumentError(
        f"the file is damaged ({reason}); open it with the program that it was made with, save it anew, and send that"
    )
