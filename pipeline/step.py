"""What a stage does with records, whoever reads them from Kafka: decode, handle, publish."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from aiokafka.errors import KafkaError

from pipeline import logs
from pipeline.backoff import Backoff, describe
from pipeline.brake import Brake
from pipeline.consumers import OVERSIZED
from pipeline.dead_letters import dead_letter, size_of
from pipeline.errors import (
    AbandonedError,
    BatchTooLargeError,
    BrakeError,
    EngineError,
    InputError,
    NewerVersionError,
    OutputTooLargeError,
    RecordTooLargeError,
    SetupError,
    UnavailableError,
)
from pipeline.events import Event
from pipeline.monitoring import LIVENESS
from pipeline.publisher import Outgoing, Publisher, blames_record
from pipeline.records import Received, Record
from pipeline.topics import RECORD_LIMIT
from pipeline.unpacking import UNPACKED_LIMIT

logger = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
T = TypeVar("T")

# These are nobody's records' fault: nothing more is handled, nothing is committed.
_ENDING = (AbandonedError, BrakeError, EngineError, SetupError)


class Refused(NamedTuple):
    """A record that a handler cannot use, and why; the others of its round are not concerned."""

    record: Record
    error: InputError


Output = Sequence[Outgoing | Refused]

Handler = Callable[[Sequence[Received[E]]], AsyncIterator[Output]]
"""Events in; what comes of them, in chunks that are published one after the other.

It yields `Refused` for a record that can never be handled, or raises `InputError`: then halving finds out which one that is,
which is dear. `UnavailableError`: it is called again, with the same events, until it works. `EngineError`: the stage ends.
"""


def at_once(handle: Callable[[Sequence[Received[E]]], Awaitable[Output]]) -> Handler[E]:
    """Return a handler of which all output comes in one chunk."""

    async def handler(received: Sequence[Received[E]]) -> AsyncIterator[Output]:
        yield await handle(received)

    return handler


class Step(Generic[E]):
    """Takes records through decoding, handling and publishing; `events` has a reader for the records of each topic.

    When a call returns, everything that came of its records is acknowledged by Kafka, and the caller may commit their
    offsets. Of each record either its output was published, or a dead letter with the reason:

    - it is larger than a record may be once it is unpacked, or cannot be read as its event;
    - the handler refuses it, or fails on it alone (a round that fails is halved until that record is found);
    - Kafka will never take what comes of it.

    None is dropped: a dead letter that Kafka does not take ends the stage. Too many records that fail for no reason of
    their own end it as well (`Brake`). While a server is away, or a record was written by a newer release, it waits, for as
    long as the records are wanted.
    """

    def __init__(
        self,
        service: str,
        *,
        events: Mapping[str, Callable[[Record], E]],
        handler: Handler[E],
        publisher: Publisher,
        dead_letters: str,
    ) -> None:
        self.topics = list(events)
        self._service = service
        self._events = events
        self._handler = handler
        self._publisher = publisher
        self._dead_letters = dead_letters
        self._brake = Brake(service)

    async def __call__(self, records: Sequence[Record], wanted: Callable[[], bool]) -> None:
        """Return when everything that comes of the records is safe.

        `wanted` says whether this process still has to do with them; it is asked while there is something to wait for.
        Raises `AbandonedError` when it says no, `BrakeError`, `EngineError`, `SetupError`, and aiokafka's `KafkaError` for
        a dead letter that Kafka refuses.
        """
        with LIVENESS.work():
            await self._handle(await self._readable(records, wanted), wanted)

    async def _readable(self, records: Sequence[Record], wanted: Callable[[], bool]) -> list[Received[E]]:
        readable: list[Received[E]] = []
        unreadable: list[Outgoing] = []
        backoff = Backoff(logger, "reading what a newer release wrote")
        for record in records:
            while True:
                try:
                    readable.append(Received(self._read(record), record))
                except NewerVersionError as error:
                    await _wait(backoff, error, wanted)
                    continue
                except Exception as error:  # noqa: BLE001 (it is logged where it is nobody's fault)
                    unreadable.append(self._bury(record, "decode", error))
                break
        if unreadable:
            await self._publisher.publish(unreadable)
        return readable

    def _read(self, record: Record) -> E:
        for name, value in record.headers:
            if name == OVERSIZED:
                raise BatchTooLargeError((value or b"").decode(errors="replace"), UNPACKED_LIMIT)
        if (size := len(record.value or b"")) > RECORD_LIMIT:
            raise RecordTooLargeError(size, RECORD_LIMIT)
        return self._events[record.topic](record)

    async def _handle(self, received: Sequence[Received[E]], wanted: Callable[[], bool]) -> None:
        """Handle what can be handled; halve a round that fails until the record is found that makes it fail."""
        if not received:
            return
        try:
            await self._attempt(received, wanted)
        except _ENDING:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, the other records of the round go on)
            if len(received) == 1:
                stage = "publish" if isinstance(error, OutputTooLargeError | KafkaError) else "handle"
                await self._publisher.publish([self._bury(received[0].record, stage, error)])
                return
            middle = len(received) // 2
            await self._handle(received[:middle], wanted)
            await self._handle(received[middle:], wanted)
        else:
            for place, count in Counter((record.topic, record.partition) for _, record in received).items():
                self._brake.went_well(*place, count)

    async def _attempt(self, received: Sequence[Received[E]], wanted: Callable[[], bool]) -> None:
        backoff = Backoff(logger, f"the work of the {self._service}")
        while True:
            try:
                async for output in self._handler(received):
                    await self._publish(output)
                    LIVENESS.moved()
            except UnavailableError as error:
                await _wait(backoff, error, wanted)
            else:
                backoff.succeeded()
                return

    async def _publish(self, output: Output) -> None:
        out = [one if isinstance(one, Outgoing) else self._bury(one.record, "handle", one.error) for one in output]
        for one in out:
            # Before anything of it is sent, so that a part does not come without its sentences.
            size = size_of(one.key, one.value, one.headers)
            if size > RECORD_LIMIT and one.topic != self._dead_letters:
                raise OutputTooLargeError(one.topic, size, RECORD_LIMIT)
        await self._publisher.publish(out)

    def _bury(self, record: Record, stage: str, error: Exception) -> Outgoing:
        own_fault = isinstance(error, InputError) or (isinstance(error, KafkaError) and blames_record(error))
        if not own_fault:
            logger.error("cannot %s a record of %s", stage, record.topic, exc_info=error)
            self._brake.failed(record.topic, record.partition, error)
        logger.warning(
            "dead letter: %s-%d at %d: %s",
            record.topic,
            record.partition,
            record.offset,
            describe(error),
            extra=logs.about(record.key),
        )
        return dead_letter(self._dead_letters, record, service=self._service, stage=stage, error=error)


async def _wait(backoff: Backoff, error: Exception, wanted: Callable[[], bool]) -> None:
    """Wait after an error that passes. Raises `AbandonedError` when nobody waits for the records any more."""
    if not wanted():
        raise AbandonedError(describe(error))
    await backoff.wait(error)
    if not wanted():
        raise AbandonedError(describe(error))
