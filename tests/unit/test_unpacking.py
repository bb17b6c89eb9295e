"""Compressed batches that become huge."""

from collections.abc import Callable
from typing import Any

import cramjam
import pytest
from aiokafka import codec
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from pipeline.consumers import OVERSIZED, read_any_header_name
from pipeline.unpacking import UNPACKED_LIMIT, unpacks_to_more

GZIP, SNAPPY, LZ4, ZSTD = 1, 2, 3, 4
CODECS: list[tuple[int, Callable[..., bytes]]] = [
    (GZIP, codec.gzip_encode),
    (SNAPPY, codec.snappy_encode),
    (SNAPPY, lambda data: bytes(cramjam.snappy.compress_raw(data))),
    (LZ4, codec.lz4_encode),
    (ZSTD, codec.zstd_encode),
]


@pytest.mark.parametrize(("number", "encode"), CODECS)
def test_the_limit_is_exact_for_every_codec(number: int, encode: Callable[..., bytes]) -> None:
    limit = 100_000
    assert not unpacks_to_more(number, encode(b"a" * limit), limit)
    assert unpacks_to_more(number, encode(b"a" * (limit + 1)), limit)


def test_gzip_streams_that_follow_each_other_count_together() -> None:
    packed = codec.gzip_encode(b"a" * 60_000)
    assert not unpacks_to_more(GZIP, packed, 100_000)
    assert unpacks_to_more(GZIP, packed * 2, 100_000)


@pytest.mark.parametrize("number", [GZIP, SNAPPY, LZ4, ZSTD])
@pytest.mark.parametrize("data", [b"", b"\x00", b"garbage" * 100, b"\x82SNAPPY\0" + b"\x01" * 9])
def test_damaged_bytes_are_left_to_whoever_reads_them(number: int, data: bytes) -> None:
    assert not unpacks_to_more(number, data, 1000)


def test_bytes_that_break_off_are_left_to_whoever_reads_them() -> None:
    assert not unpacks_to_more(GZIP, codec.gzip_encode(bytes(range(256)) * 100)[:-20], 100_000)


def batch(value: bytes, count: int) -> bytes:
    builder: Any = _DefaultRecordBatchBuilderPy(
        magic=2,
        compression_type=ZSTD,
        is_transactional=False,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=0,
        batch_size=1 << 30,
    )
    for offset in range(count):
        builder.append(offset, timestamp=7, key=b"k", value=value, headers=[])
    return bytes(builder.build())


def test_one_record_stands_for_a_batch_that_would_become_too_large() -> None:
    read_any_header_name()
    huge, small = batch(b"a" * (UNPACKED_LIMIT // 2), 3), batch(b"b", 2)
    assert len(huge) < 10_000
    reader: Any = fetcher.MemoryRecords(huge + small)
    (stand_in,) = reader.next_batch()
    assert (stand_in.offset, stand_in.timestamp, stand_in.key) == (2, 7, None)
    assert dict(stand_in.headers) == {OVERSIZED: b"3 records in %d bytes" % len(stand_in.value)}
    assert huge.endswith(stand_in.value)
    assert [record.value for record in reader.next_batch()] == [b"b", b"b"]
