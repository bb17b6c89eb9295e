"""What Faust reads, as the pipeline's own loop takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from faust.types import Message


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A Faust message as a `pipeline.records.Record`."""

    message: Message
    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    @classmethod
    def of(cls, message: Message) -> "StreamRecord":
        """Return the record that Faust read."""
        headers = message.headers or ()
        pairs: Iterable[tuple[str, bytes | None]] = headers.items() if isinstance(headers, Mapping) else headers
        return cls(
            message,
            message.topic,
            message.partition,
            message.offset,
            round(message.timestamp * 1000),
            message.key,
            message.value,
            tuple(pairs),
        )

    @property
    def generation(self) -> int | None:
        """The rebalance since which it was read."""
        return self.message.generation_id

    @property
    def size(self) -> int:
        """Bytes of key and value."""
        return len(self.value or b"") + len(self.key or b"")
