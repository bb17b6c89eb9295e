"""How large a compressed batch of records becomes, found out without unpacking more than a limit.

aiokafka unpacks a batch as a whole, and 4 MiB of it can become some gigabytes. Its header does not say how many.
"""

import struct
import zlib
from typing import Any

import cramjam
from aiokafka.record.default_records import DefaultRecordBatch

UNPACKED_LIMIT = 32 * 1024 * 1024
"""Bytes that a batch may have when it is unpacked; eight records of the largest size. Clients make batches of 1 MiB at most,
unless they are told otherwise."""

_XERIAL_MAGIC = b"\x82SNAPPY\0"
_XERIAL_HEADER = 16
_CHUNK = 1024 * 1024


def unpacks_to_more(codec: int, data: bytes, limit: int = UNPACKED_LIMIT) -> bool:
    """Whether the records of a batch have more than `limit` bytes when they are unpacked; `codec` as Kafka numbers them.

    False for what cannot be unpacked at all: whoever reads it says so.
    """
    match codec:
        case DefaultRecordBatch.CODEC_GZIP:
            return _gzip_exceeds(data, limit)
        case DefaultRecordBatch.CODEC_SNAPPY:
            return _snappy_size(data) > limit
        case DefaultRecordBatch.CODEC_LZ4:
            return _exceeds(cramjam.lz4, data, limit)
        case DefaultRecordBatch.CODEC_ZSTD:
            return _exceeds(cramjam.zstd, data, limit)
        case _:
            return False


def _gzip_exceeds(data: bytes, limit: int) -> bool:
    size = 0
    while data:
        unpacking = zlib.decompressobj(wbits=31)
        try:
            while not unpacking.eof:
                chunk = unpacking.decompress(data, _CHUNK)
                size += len(chunk)
                if size > limit:
                    return True
                data = unpacking.unconsumed_tail
                if not chunk and not data:
                    return False
        except zlib.error:
            return False
        # One stream may follow the other.
        data = unpacking.unused_data
    return False


def _snappy_size(data: bytes) -> int:
    """Return what the blocks say of themselves: snappy writes it in front of each."""
    try:
        if not data.startswith(_XERIAL_MAGIC):
            return int(cramjam.snappy.decompress_raw_len(data))
        size = 0
        place = _XERIAL_HEADER
        while place < len(data):
            (length,) = struct.unpack_from("!i", data, place)
            size += int(cramjam.snappy.decompress_raw_len(data[place + 4 : place + 4 + length]))
            place += 4 + max(0, length)
    except (cramjam.DecompressionError, struct.error):
        return 0
    else:
        return size


def _exceeds(codec: Any, data: bytes, limit: int) -> bool:
    try:
        codec.decompress_into(data, bytearray(limit))
    except cramjam.DecompressionError as error:
        # There is no other way to tell a buffer that is full from bytes that are damaged.
        return "whole buffer" in str(error)
    return False
