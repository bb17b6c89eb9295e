"""The consume loop of a stage."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from pipeline.backoff import describe
from pipeline.dead_letters import dead_letter
from pipeline.errors import EngineError, InputError
from pipeline.events import Event
from pipeline.monitoring import LIVENESS
from pipeline.publisher import Outgoing, Publisher
from pipeline.records import Received, Record

logger = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)

Handler = Callable[[Sequence[Received[E]]], Awaitable[Sequence[Outgoing]]]
"""Events in, records out. It raises `InputError` for an event that can never be handled."""

_POLL_MS = 200


@dataclass(frozen=True)
class StageOptions:
    """What differs between stages.

    `round_size`: how many records are handled together at most. `depth`: how many rounds are under way at once, so that
    the engine has the next round at hand while the last one is being published; memory is bounded by their product.
    """

    service: str
    round_size: int = 500
    depth: int = 2


class _Round(NamedTuple):
    task: "asyncio.Task[None]"
    offsets: dict[TopicPartition, int]


class Stage(Generic[E]):
    """Reads topics in rounds and hands them to a handler; `events` has a reader for the values of each topic.

    Guarantee: at least once, and nothing is skipped. Each round goes through these steps, in this order:

    1. poll records, in equal shares from all partitions;
    2. decode them; what cannot be read becomes a dead letter;
    3. handle them; what the handler refuses, or fails on alone, becomes a dead letter, and the others go on
       (`EngineError`: none of them is to blame, and the stage ends);
    4. publish what came out, dead letters too, and wait for every acknowledgement;
    5. commit the round's offsets, after those of every earlier round.

    A crash between any two steps repeats work and loses none. It must not commit before step 4 is complete, handle
    records of a partition after giving it up, or drop a record that it cannot write to the dead letters.

    Back-pressure: while `depth` rounds are under way nothing is polled, so the consumer stops fetching; heartbeats go on.
    """

    def __init__(
        self,
        consumer: Any,
        *,
        events: Mapping[str, Callable[[bytes | None], E]],
        handler: Handler[E],
        publisher: Publisher,
        dead_letters: str,
        options: StageOptions,
    ) -> None:
        self._consumer = consumer
        self._events = events
        self._handler = handler
        self._publisher = publisher
        self._dead_letters = dead_letters
        self._options = options
        self._rounds: asyncio.Queue[_Round | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(options.depth)
        self._stopping = False
        self._generation = 0
        self._turn = 0

    async def run(self) -> None:
        """Work until `stop` is called; then finish the rounds under way, commit, and leave the group.

        Raises aiokafka's `KafkaError` when the group cannot be joined or a dead letter can never be written.
        """
        try:
            await self._consumer.start()
            self._consumer.subscribe(list(self._events), listener=_Listener(self))
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._poll_rounds())
                tasks.create_task(self._commit_rounds())
        except ExceptionGroup as group:
            raise group.exceptions[0] from None
        finally:
            await self._consumer.stop()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping = True

    async def _poll_rounds(self) -> None:
        while not self._stopping:
            await self._room.acquire()
            if records := await self._poll():
                self._rounds.put_nowait(_Round(asyncio.create_task(self._process(records)), _offsets(records)))
            else:
                self._room.release()
        self._rounds.put_nowait(None)

    async def _poll(self) -> list[Record]:
        """Return up to a round of records, in equal shares of the partitions, so that no document overtakes another.

        All of them belong to partitions that this stage owns when it returns.
        """
        limit = self._options.round_size
        assignment = sorted(self._consumer.assignment())
        share = max(1, -(-limit // max(1, len(assignment))))
        records = _flatten(await self._consumer.getmany(timeout_ms=_POLL_MS, max_records=share))
        if not records:
            return records
        # aiokafka gives out no records while a rebalance is under way, so these were owned when they came.
        generation = self._generation
        self._turn += 1
        start = self._turn % max(1, len(assignment))
        for partition in assignment[start:] + assignment[:start]:
            if len(records) >= limit:
                break
            size = min(share, limit - len(records))
            more = _flatten(await self._consumer.getmany(partition, timeout_ms=0, max_records=size))
            if generation != self._generation:
                # A rebalance came in between. What was polled before it is read again by whoever owns it now; what was
                # polled after it is ours.
                return more
            records += more
        return records

    async def _process(self, records: Iterable[Record]) -> None:
        with LIVENESS.work():
            await self._process_round(records)

    async def _process_round(self, records: Iterable[Record]) -> None:
        readable: list[Received[E]] = []
        out: list[Outgoing] = []
        for record in records:
            try:
                readable.append(Received(self._events[record.topic](record.value), record))
            except Exception as error:
                if not isinstance(error, InputError):
                    logger.exception("cannot read a record of %s", record.topic)
                out.append(self._bury(record, "decode", error))
        out += await self._handle(readable)
        await self._publisher.publish(out)

    async def _handle(self, received: Sequence[Received[E]]) -> list[Outgoing]:
        """Handle what can be handled; halve a round that fails until the record is found that makes it fail."""
        if not received:
            return []
        try:
            return list(await self._handler(received))
        except EngineError:
            # Not the records' fault: nothing is committed, and the process ends.
            raise
        except Exception as error:
            if len(received) == 1:
                if not isinstance(error, InputError):
                    logger.exception("cannot handle a record of %s", received[0].record.topic)
                return [self._bury(received[0].record, "handle", error)]
            middle = len(received) // 2
            return await self._handle(received[:middle]) + await self._handle(received[middle:])

    def _bury(self, record: Record, stage: str, error: Exception) -> Outgoing:
        logger.warning("dead letter: %s-%d at %d: %s", record.topic, record.partition, record.offset, describe(error))
        return dead_letter(self._dead_letters, record, service=self._options.service, stage=stage, error=error)

    async def _commit_rounds(self) -> None:
        try:
            while current := await self._rounds.get():
                try:
                    await current.task
                    await self._commit(current.offsets)
                finally:
                    self._rounds.task_done()
                self._room.release()
            self._rounds.task_done()
        finally:
            # After a failure nobody may wait for rounds that will not be committed any more.
            while not self._rounds.empty():
                if left := self._rounds.get_nowait():
                    left.task.cancel()
                self._rounds.task_done()

    async def _commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        owned = {partition: offset for partition, offset in offsets.items() if partition in self._consumer.assignment()}
        if not owned:
            return
        try:
            await self._consumer.commit(owned)
        except (CommitFailedError, IllegalStateError) as error:
            logger.info("offsets not committed, the new owner repeats this work (%s)", describe(error))
        except KafkaError as error:
            logger.warning("offsets not committed, a later commit will cover them (%s)", describe(error))

    async def give_up_partitions(self) -> None:
        """Finish and commit what is under way, before somebody else may own the partitions."""
        self._generation += 1
        await self._rounds.join()


async def run_stages(stop: asyncio.Event, *stages: Stage[Any]) -> None:
    """Run stages until `stop` is set; if one of them fails, the others end in order and its error is raised."""

    async def stop_all() -> None:
        await stop.wait()
        for stage in stages:
            stage.stop()

    stopping = asyncio.create_task(stop_all())
    running = [asyncio.create_task(stage.run()) for stage in stages]
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION)
        for stage in stages:
            stage.stop()
        await asyncio.gather(*running)
    finally:
        stopping.cancel()


def _flatten(batches: Mapping[TopicPartition, Sequence[Record]]) -> list[Record]:
    return [record for batch in batches.values() for record in batch]


def _offsets(records: Iterable[Record]) -> dict[TopicPartition, int]:
    """Return the offset after the last record of each partition."""
    offsets: dict[TopicPartition, int] = {}
    for record in records:
        partition = TopicPartition(record.topic, record.partition)
        offsets[partition] = max(offsets.get(partition, 0), record.offset + 1)
    return offsets


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Ties a stage to the rebalances of its group."""

    def __init__(self, stage: Stage[Any]) -> None:
        self._stage = stage

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        await self._stage.give_up_partitions()
        if revoked:
            logger.info("gave up %d partitions", len(revoked))

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        if assigned:
            logger.info("works on %d partitions", len(assigned))
        else:
            logger.warning(
                "no partition is left for this process: there are more processes in its group than partitions"
            )
