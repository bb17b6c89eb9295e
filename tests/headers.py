"""Headers as only some clients can write them."""

from collections.abc import Sequence

from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy


class Name(str):
    """A header's name in Latin-1, as a client writes it that takes names for bytes."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        del encoding, errors
        return super().encode("latin-1")


def batch_builder(compression: int = 0) -> _DefaultRecordBatchBuilderPy:
    """Return what writes such names; aiokafka's faster builder takes nothing but `str`."""
    return _DefaultRecordBatchBuilderPy(
        magic=2,
        compression_type=compression,
        is_transactional=False,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=0,
        batch_size=1_000_000,
    )


def batch(records: Sequence[Sequence[tuple[str, bytes | None]]], compression: int = 0) -> bytes:
    """Return a batch with a record for each list of headers; its value is the place in the list."""
    builder = batch_builder(compression)
    for place, headers in enumerate(records):
        builder.append(place, timestamp=1, key=b"key", value=b"%d" % place, headers=list(headers))
    return bytes(builder.build())
