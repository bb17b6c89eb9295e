"""Zip archives that may be damaged or hostile, and the same archives with some members changed."""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from formats.archives.directory import (
    CENTRAL_HEAD,
    END,
    END_HEAD,
    LOCAL,
    LOCAL_HEAD,
    Record,
    damaged,
    narrow,
    read_directory,
)
from formats.archives.foreign import refuse
from formats.errors import DocumentError

TOTAL = 1_000_000_000
"""Bytes that all members of an archive may have when they are unpacked."""
RATIO = 200
"""How many times its packed size a member may have; no text or picture that people see comes near it."""
FREE = 4_000_000
"""Bytes below which the ratio is of no account: a small member can do no harm."""
PART = 256_000_000
"""Bytes of a member that can be read whole."""

_CHUNK = 1 << 16
_DESCRIPTOR = 0x8


@dataclass(frozen=True)
class Packed:
    """What a member becomes, compressed already, so that large ones can be kept until their turn."""

    content: bytes
    crc: int
    size: int


class Archive:
    """A zip archive. Nothing is unpacked before it is asked for, and never more of it than its directory said."""

    def __init__(self, file: BinaryIO, kind: str = "an office document or a book") -> None:
        """`kind`: what the file should be, with its article. Raises `DocumentError` for one that is none, or harms."""
        refuse(file, kind)
        self._file = file
        self.directory = read_directory(file)
        self._records = {record.name: record for record in self.directory.records}
        if len(self._records) < len(self.directory.records):
            raise damaged("a name stands in it twice")
        if sum(record.size for record in self.directory.records) > TOTAL:
            raise DocumentError(
                f"the file has more than {TOTAL:,} bytes when it is unpacked; divide the document, or make its "
                "pictures smaller"
            )
        for record in self.directory.records:
            if record.size > max(FREE, RATIO * record.packed):
                raise DocumentError(
                    f"{record.name!r} in the file is {record.size:,} bytes made from {record.packed:,}, as in files "
                    "that are made to fill up memory; it is not read. Save the document anew, without that part"
                )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members, in the order of the directory."""
        return tuple(self._records)

    def __contains__(self, name: object) -> bool:
        return name in self._records

    def size(self, name: str) -> int:
        """Return how many bytes a member has when it is unpacked, at most."""
        return self._records[name].size

    def read(self, name: str) -> bytes:
        """Return a member whole.

        Raises `KeyError` if there is none of that name, `DocumentError` if it is damaged or larger than `PART`.
        """
        if self._records[name].size > PART:
            raise DocumentError(
                f"{name!r} in the file has more than {PART:,} bytes; divide the document, and send its parts"
            )
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a member piece by piece; its last piece comes when it is known that all were right."""
        record = self._records[name]
        crc = size = 0
        waiting = b""
        for chunk in _stored(self._file, record) if record.method == 0 else _inflated(self._file, record):
            size += len(chunk)
            if size > record.size:
                break
            crc = zlib.crc32(chunk, crc)
            if waiting:
                yield waiting
            waiting = chunk
        if size != record.size or crc != record.crc:
            raise damaged(f"{name!r} in it is not what it was when it was saved")
        yield waiting

    def pack(self, name: str, chunks: Iterable[bytes]) -> Packed:
        """Return new content of a member, compressed as it is now."""
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15) if self._records[name].method else None
        content, crc, size = bytearray(), 0, 0
        for chunk in chunks:
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            content += deflate.compress(chunk) if deflate else chunk
        if deflate:
            content += deflate.flush()
        return Packed(bytes(content), crc, size)

    def rewritten(self, changed: Mapping[str, Packed], dropped: Collection[str] = ()) -> Iterator[bytes]:
        """Yield the archive with new content of some members, and without others.

        All else is copied as it stands: compressed bytes, order, times, extra fields, comments. Where nothing is changed or
        dropped that is the whole file.
        """
        if not changed and not dropped:
            yield from _copied(self._file, 0, None)
            return
        physical = sorted(self.directory.records, key=lambda record: record.offset)
        ends = [record.offset for record in physical[1:]] + [self.directory.start]
        position = physical[0].offset
        yield from _copied(self._file, 0, position)
        places: dict[str, int] = {}
        for record, end in zip(physical, ends, strict=True):
            if record.name in dropped:
                continue
            places[record.name] = position
            new = changed.get(record.name)
            chunks = _copied(self._file, record.offset, end) if new is None else _member(self._file, record, new)
            for chunk in chunks:
                position += len(chunk)
                yield chunk
        yield from self._directory(changed, places, position)

    def _directory(self, changed: Mapping[str, Packed], places: Mapping[str, int], start: int) -> Iterator[bytes]:
        length = 0
        for record in self.directory.records:
            if record.name in places:
                raw = _central(record, changed.get(record.name), places[record.name])
                length += len(raw)
                yield raw
        count, comment = len(places), self.directory.comment
        yield END_HEAD.pack(END, 0, 0, count, count, length, start, len(comment)) + comment


def _copied(file: BinaryIO, start: int, end: int | None) -> Iterator[bytes]:
    position = start
    while end is None or position < end:
        file.seek(position)
        chunk = file.read(_CHUNK if end is None else min(_CHUNK, end - position))
        if not chunk:
            return
        yield chunk
        position += len(chunk)


def _content(file: BinaryIO, record: Record) -> Iterator[bytes]:
    """Yield the compressed bytes of a member."""
    file.seek(record.offset)
    head = file.read(LOCAL_HEAD.size)
    if len(head) < LOCAL_HEAD.size or not head.startswith(LOCAL):
        raise damaged(f"{record.name!r} is not where its directory says")
    *_, name_length, extra_length = LOCAL_HEAD.unpack(head)
    start = record.offset + LOCAL_HEAD.size + name_length + extra_length
    return _copied(file, start, start + record.packed)


def _stored(file: BinaryIO, record: Record) -> Iterator[bytes]:
    return _content(file, record)


def _inflated(file: BinaryIO, record: Record) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-15)
    try:
        for chunk in _content(file, record):
            rest = chunk
            while rest and not inflate.eof:
                yield inflate.decompress(rest, _CHUNK)
                rest = inflate.unconsumed_tail
        while not inflate.eof and (chunk := inflate.decompress(inflate.unconsumed_tail, _CHUNK)):
            yield chunk
    except zlib.error as error:
        raise damaged(f"{record.name!r} in it cannot be unpacked") from error


def _member(file: BinaryIO, record: Record, new: Packed) -> Iterator[bytes]:
    """Yield header and content of a member that has changed."""
    file.seek(record.offset)
    fields = list(LOCAL_HEAD.unpack(file.read(LOCAL_HEAD.size)))
    name, extra = file.read(fields[-2]), narrow(file.read(fields[-1]))
    fields[2] &= ~_DESCRIPTOR
    fields[6:11] = [new.crc, len(new.content), new.size, len(name), len(extra)]
    yield LOCAL_HEAD.pack(*fields) + name + extra
    yield new.content


def _central(record: Record, new: Packed | None, place: int) -> bytes:
    """Return the record of a member at its new place."""
    fields = list(CENTRAL_HEAD.unpack_from(record.raw))
    name_length, extra_length = fields[10:12]
    extra_start = CENTRAL_HEAD.size + name_length
    name = record.raw[CENTRAL_HEAD.size : extra_start]
    extra = narrow(record.raw[extra_start : extra_start + extra_length])
    comment = record.raw[extra_start + extra_length :]
    if new is not None:
        fields[3] &= ~_DESCRIPTOR
        fields[7:10] = [new.crc, len(new.content), new.size]
    else:
        fields[8:10] = [record.packed, record.size]
    fields[11], fields[16] = len(extra), place
    return CENTRAL_HEAD.pack(*fields) + name + extra + comment
