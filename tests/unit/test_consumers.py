"""Batches of records whose headers have names that are not UTF-8."""

import inspect
from typing import Any

import pytest
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

from pipeline.consumers import read_any_header_name
from tests.headers import Name, batch

GZIP = 1


@pytest.fixture
def read() -> Any:
    """Whatever reads what consumers fetch."""
    read_any_header_name()
    return fetcher.MemoryRecords


def test_aiokafka_still_has_what_is_replaced() -> None:
    told = "see docs/decisions/0022-header-names.md: aiokafka has changed, "
    source = inspect.getsource(fetcher)
    assert "MemoryRecords(" in source, told + "its fetcher makes no MemoryRecords by that name"
    for method in ("has_next", "next_batch", "size_in_bytes"):
        assert f".{method}(" in source, told + f"its fetcher does not call {method}, which is what is wrapped"
        assert hasattr(MemoryRecords, method), told + f"MemoryRecords has no {method}"
    plain = _DefaultRecordBatchPy(batch([[]]))
    assert isinstance(plain._buffer, bytes | bytearray | memoryview), told + "a batch has no _buffer of bytes"
    reading = inspect.getsource(_DefaultRecordBatchPy._read_msg)
    assert "= self._buffer" in reading, told + "a batch does not read its records from _buffer"


def records(reader: Any) -> list[tuple[bytes, list[tuple[str, bytes | None]]]]:
    found = []
    while reader.has_next():
        found += [(record.value, list(record.headers)) for record in reader.next_batch()]
    return found


@pytest.mark.parametrize("compression", [0, GZIP])
def test_a_name_that_is_not_utf8_is_read_with_its_bytes_spelt_out(read: Any, compression: int) -> None:
    good, bad = [("größe", b"1"), ("leer", None)], [("gut", b"2"), (Name("größe"), b"\xff"), (Name("ß"), None)]
    data = batch([good], compression) + batch([good, bad, good, bad], compression) + batch([bad])
    spelt = [("gut", b"2"), (r"gr\xf6\xdfe", b"\xff"), (r"\xdf", None)]
    assert records(read(data)) == [
        (b"0", good),
        (b"0", good),
        (b"1", spelt),
        (b"2", good),
        (b"3", spelt),
        (b"0", spelt),
    ]
    with pytest.raises(UnicodeDecodeError):
        records(MemoryRecords(data))


def test_what_else_is_known_of_a_batch_stays(read: Any) -> None:
    data = batch([[], [(Name("ö"), b"")]])
    reader, plain = read(data), MemoryRecords(data)
    assert reader.size_in_bytes() == plain.size_in_bytes() == len(data)
    ours, theirs = reader.next_batch(), plain.next_batch()
    assert ours.validate_crc()
    for name in ("base_offset", "next_offset", "is_control_batch", "is_transactional", "producer_id"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert not reader.has_next()


def test_a_batch_of_which_a_part_is_missing_is_left(read: Any) -> None:
    data = batch([[]]) + batch([[]])
    reader = read(data[:-1])
    assert records(reader) == [(b"0", [])]
    assert reader.size_in_bytes() == len(data) - 1
