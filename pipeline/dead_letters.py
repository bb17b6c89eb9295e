"""Records that cannot be used: where they go and what is written with them.

A record goes to the dead letters as it was: key, bytes and headers. Why it is there stands in further headers, named as
Kafka Connect names them (KIP-298), so that existing tools can read them.
"""

from pipeline.metrics import DEAD_LETTERS
from pipeline.publisher import Outgoing
from pipeline.records import Record

PREFIX = "__connect.errors."


def reasons_of(record: Record) -> dict[str, str]:
    """Return why a record is a dead letter, by Kafka Connect's names without their prefix."""
    return {
        name.removeprefix(PREFIX): value.decode(errors="replace")
        for name, value in record.headers
        if name.startswith(PREFIX)
    }


def dead_letter(topic: str, record: Record, *, service: str, stage: str, error: BaseException) -> Outgoing:
    """Return the dead letter for `record`, and count it; `stage` is the step that failed: "decode" or "handle"."""
    why = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "connector.name": service,
        "stage": stage,
        "exception.class.name": type(error).__name__,
        "exception.message": str(error),
    }
    DEAD_LETTERS.labels(service, why["exception.class.name"]).inc()
    headers = [(name, value) for name, value in record.headers if not name.startswith(PREFIX)]
    headers += [(PREFIX + name, text.encode()[:8192]) for name, text in why.items()]
    return Outgoing(topic=topic, value=record.value, key=record.key, headers=headers)
