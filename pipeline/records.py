"""Records as they come from Kafka."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from pipeline.events import Event

E = TypeVar("E", bound=Event)


class Record(Protocol):
    """One record of a topic; aiokafka's `ConsumerRecord` is one."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int:
        """Unix time in milliseconds."""
        ...

    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


class Received(NamedTuple, Generic[E]):
    """An event and the record that carried it."""

    event: E
    record: Record
