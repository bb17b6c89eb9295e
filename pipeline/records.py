"""Records as they come from Kafka."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from pipeline.events import Event

E = TypeVar("E", bound=Event)


class Record(Protocol):
    """One record of a topic; aiokafka's `ConsumerRecord` is one."""

    @property
    def topic(self) -> str:
        """Name of the topic, prefix included."""
        ...

    @property
    def partition(self) -> int:
        """Number of the partition."""
        ...

    @property
    def offset(self) -> int:
        """Position in the partition."""
        ...

    @property
    def timestamp(self) -> int:
        """Unix time in milliseconds."""
        ...

    @property
    def key(self) -> bytes | None:
        """The key as the broker keeps it."""
        ...

    @property
    def value(self) -> bytes | None:
        """The value as the broker keeps it."""
        ...

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """Headers, in order."""
        ...


class Received(NamedTuple, Generic[E]):
    """An event and the record that carried it."""

    event: E
    record: Record
