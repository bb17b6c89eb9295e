"""Records as they come from Kafka."""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from pipeline.errors import EventError, NewerVersionError
from pipeline.events import Event, decode

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
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Headers, in order; Kafka lets one have no value."""
        ...


class Received(NamedTuple, Generic[E]):
    """An event and the record that carried it."""

    event: E
    record: Record


def reader(kind: type[E]) -> Callable[[Record], E]:
    """Return the function that reads the value of a record as an event of `kind`, as `decode` does."""

    def read(record: Record) -> E:
        return decode(kind, record.value)

    return read


def public_reader(kind: type[E]) -> Callable[[Record], E]:
    """As `reader`, for a topic that anybody may write.

    A newer version is an error like others there: one record of a sender must not make the service wait.
    """

    def read(record: Record) -> E:
        try:
            return decode(kind, record.value)
        except NewerVersionError as error:
            raise EventError(str(error)) from None

    return read
