r"""Consumers of Kafka that read every record that Kafka takes, and that can be closed at any moment.

aiokafka wants the names of headers in UTF-8, as Java's client writes them. Other clients write any bytes; such a record
would make each poll of its partition raise `UnicodeDecodeError`, for ever. Here bytes that are not UTF-8 become `\xff` in
the name, and the record is read like every other.

aiokafka unpacks a compressed batch as a whole, however large it becomes. Here one that becomes too large is not unpacked:
one record stands for it, at its last offset, whose value are the bytes as they came and whose header `OVERSIZED` says what
it is.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

from pipeline.unpacking import unpacks_to_more

# Base offset and length of a batch, https://kafka.apache.org/documentation/#recordbatch: the length counts what follows it.
_LENGTH_AT = 8
_LENGTH_BEFORE = 12
_RECORDS_AT = 61

OVERSIZED = "__connect.errors.oversized-batch"
"""Header of a record that stands for a batch; its value says what was in it. Named as the reasons of dead letters, so that
it does not stay on the dead letter."""


@asynccontextmanager
async def started(client: Any) -> AsyncIterator[None]:
    """Start a consumer or an admin client, and close it in the end.

    A cancellation that comes while it closes is raised when all is closed. In a task of its own, because aiokafka takes the
    cancellation of the task that closes for that of its own tasks and drops it: a loop that opens one consumer after the
    other would never end; or it stops half-way, and connections stay open.
    """
    try:
        await client.start()
        yield
    finally:
        closing = asyncio.create_task(client.close() if isinstance(client, AIOKafkaAdminClient) else client.stop())
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await asyncio.wait([closing])
            raise


def read_any_header_name() -> None:
    """Make all consumers of this process read records as this module says; for those that are made elsewhere."""
    # aiokafka has no setting for it.
    fetcher.MemoryRecords = _Records


class _Records:
    """Fetched batches, as aiokafka's fetcher goes through them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._records: Any = MemoryRecords(data)
        self._position = 0

    def size_in_bytes(self) -> int:
        return len(self._data)

    def has_next(self) -> bool:
        return bool(self._records.has_next())

    def next_batch(self) -> "_Batch":
        start = self._position
        length = self._data[start + _LENGTH_AT : start + _LENGTH_BEFORE]
        self._position = start + _LENGTH_BEFORE + int.from_bytes(length, "big")
        return _Batch(self._records.next_batch(), self._data, slice(start, self._position))


@dataclass(frozen=True, slots=True)
class _StandIn:
    """Stands for a batch that is not unpacked, as aiokafka's fetcher looks at a record."""

    offset: int
    timestamp: int
    value: bytes
    headers: list[tuple[str, bytes]]
    timestamp_type: int | None = None
    key: bytes | None = None
    checksum: int | None = None


class _Batch:
    """A batch that is read once more, in plain Python, if a name cannot be read; one that is too large is not read."""

    def __init__(self, batch: Any, data: bytes, place: slice) -> None:
        self._batch = batch
        self._data = data
        self._place = place

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        given = 0
        packed = self._data[self._place][_RECORDS_AT:]
        if unpacks_to_more(getattr(self._batch, "compression_type", 0), packed):
            what = f"{self._batch.next_offset - self._batch.base_offset} records in {len(packed)} bytes"
            yield _StandIn(self._batch.next_offset - 1, self._batch.max_timestamp, packed, [(OVERSIZED, what.encode())])
            return
        try:
            for record in self._batch:
                yield record
                given += 1
        except UnicodeDecodeError:
            batch = _DefaultRecordBatchPy(self._data[self._place])
            # This decompresses.
            iter(batch)
            batch._buffer = _Lenient(batch._buffer)  # noqa: SLF001 (aiokafka has no setting for it)
            yield from islice(batch, given, None)


class _Lenient(bytearray):
    """Bytes of which every slice can be decoded."""

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return _Lenient(found) if isinstance(place, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)
