"""Records without Kafka."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FakeRecord:
    """What a broker would hand out."""

    value: bytes | None
    topic: str = "documents"
    partition: int = 3
    offset: int = 42
    timestamp: int = 1_790_000_000_000
    key: bytes | None = None
    headers: tuple[tuple[str, bytes | None], ...] = ()
