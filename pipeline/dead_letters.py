"""Records that cannot be used: where they go and what is written with them.

A record goes to the dead letters as it was: key, bytes and headers. Why it is there stands in further headers, named as
Kafka Connect names them (KIP-298), so that existing tools can read them.
"""

from collections.abc import Sequence

from pipeline.metrics import DEAD_LETTERS
from pipeline.publisher import Outgoing
from pipeline.records import Record
from pipeline.topics import RECORD_LIMIT

PREFIX = "__connect.errors."
_KEPT = 1024 * 1024


def reasons_of(record: Record) -> dict[str, str]:
    """Return why a record is a dead letter, by Kafka Connect's names without their prefix."""
    return {
        name.removeprefix(PREFIX): value.decode(errors="replace")
        for name, value in record.headers
        # Kafka lets a header have no value.
        if name.startswith(PREFIX) and value is not None
    }


def dead_letter(topic: str, record: Record, *, service: str, stage: str, error: BaseException) -> Outgoing:
    """Return the dead letter for `record`, and count it; `stage` is the step that failed: decode, handle, publish."""
    why = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp),
        "connector.name": service,
        "stage": stage,
        "exception.class.name": type(error).__name__,
        "exception.message": str(error),
    }
    DEAD_LETTERS.labels(service, why["exception.class.name"]).inc()
    key, value = record.key, record.value
    headers = [(name, value) for name, value in record.headers if not name.startswith(PREFIX)]
    size = size_of(key, value, headers)
    if size > RECORD_LIMIT:
        # It came compressed. Kafka takes no dead letter of its size, and waiting for that would stop everything.
        key, value, headers = (key or b"")[:_KEPT], (value or b"")[:_KEPT], []
        why["cut"] = f"the record has {size} bytes; the first {_KEPT} of its key and its value are here, no header"
    headers += [(PREFIX + name, text.encode()[:8192]) for name, text in why.items()]
    return Outgoing(topic=topic, value=value, key=key, headers=headers)


def size_of(key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]]) -> int:
    """Return the bytes of a record as Kafka writes it, or a few more."""
    inner = sum(len(name.encode()) + len(content or b"") + 10 for name, content in headers)
    return len(key or b"") + len(value or b"") + inner
