"""The consume loop of a stage, on aiokafka."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from pipeline.backoff import describe
from pipeline.ending import within
from pipeline.records import Record
from pipeline.rounds import Rounds, cut
from pipeline.step import Step

logger = logging.getLogger(__name__)

_POLL_MS = 200


@dataclass(frozen=True)
class StageOptions:
    """What differs between stages.

    `round_size` and `round_bytes`: how many records, of how many bytes together, are handled as one at most. `depth`: how
    many rounds are under way at once, so that the engine has the next round at hand while the last one is being published.
    """

    round_size: int = 500
    round_bytes: int = 1024 * 1024
    depth: int = 2


class Stage:
    """Reads the topics of a step in rounds and hands them to it.

    Guarantee: at least once, and nothing is skipped. Each round goes through these steps, in this order:

    1. poll records, in equal shares from all partitions;
    2. decode them; what cannot be read becomes a dead letter;
    3. handle them; what the handler refuses, or fails on alone, becomes a dead letter, and the others go on
       (`EngineError`: none of them is to blame, and the stage ends);
    4. publish what came out, dead letters too, and wait for every acknowledgement; a record whose output Kafka will never
       take becomes a dead letter;
    5. commit the round's offsets, after those of every earlier round.

    2 to 4 are `pipeline.step.Step`, the order of 5 is `pipeline.rounds.Rounds`; the segmenter has the same two under Faust.

    A crash between any two steps repeats work and loses none. It must not commit before step 4 is complete, handle
    records of a partition after giving it up, or drop a record that it cannot write to the dead letters.

    Back-pressure: while `depth` rounds are under way nothing is polled, so the consumer stops fetching; heartbeats go on.
    """

    def __init__(self, consumer: Any, step: Step[Any], options: StageOptions) -> None:
        self._consumer = consumer
        self._step = step
        self._options = options
        self._rounds: Rounds[Record] = Rounds(step, self._commit, depth=options.depth)
        self._stopping = asyncio.Event()
        self._generation = 0
        self._turn = 0

    async def run(self) -> None:
        """Work until `stop` is called; then finish the rounds under way, commit, and leave the group.

        Rounds that wait for a server are left to others then. Raises what `Step` raises, and aiokafka's `KafkaError` when
        the group cannot be joined.
        """
        tasks: list[asyncio.Task[Any]] = []
        try:
            await self._consumer.start()
            self._consumer.subscribe(self._step.topics, listener=_Listener(self))
            polling = asyncio.create_task(self._poll_rounds())
            tasks = [polling, asyncio.create_task(self._rounds.run()), asyncio.create_task(self._stopping.wait())]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if self._stopping.is_set():
                # It polls no more, but what it has polled last may not be under way yet.
                await asyncio.wait([polling], timeout=2 * _POLL_MS / 1000)
                await self._rounds.drain()
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await within(5.0, self._consumer.stop(), what="leaving the group")
        for result in results:
            if isinstance(result, Exception):
                raise result

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()

    async def _poll_rounds(self) -> None:
        while not self._stopping.is_set():
            await self._rounds.room()
            records, generation = await self._poll()

            def wanted(generation: int = generation) -> bool:
                # After a rebalance whoever owns them now reads them again.
                return generation == self._generation and not self._stopping.is_set()

            for one in cut(records, self._options.round_bytes):
                await self._rounds.put(one, wanted)

    async def _poll(self) -> tuple[list[Record], int]:
        """Return up to a round of records, in equal shares of the partitions, so that no document overtakes another.

        All of them belong to partitions that this stage owns in the generation that is returned with them.
        """
        limit = self._options.round_size
        assignment = sorted(self._consumer.assignment())
        share = max(1, -(-limit // max(1, len(assignment))))
        records = _flatten(await self._consumer.getmany(timeout_ms=_POLL_MS, max_records=share))
        # aiokafka gives out no records while a rebalance is under way, so these were owned when they came.
        generation = self._generation
        if len(records) < share:
            # There are no others: a consumer gives out all that it has, up to the limit.
            return records, generation
        self._turn += 1
        start = self._turn % max(1, len(assignment))
        # Again and again: where most partitions are empty, their shares are left over for the others.
        found = True
        while found and len(records) < limit:
            found = False
            for partition in assignment[start:] + assignment[:start]:
                if len(records) >= limit:
                    break
                size = min(share, limit - len(records))
                more = _flatten(await self._consumer.getmany(partition, timeout_ms=0, max_records=size))
                if generation != self._generation:
                    # A rebalance came in between. What was polled before it is read again by whoever owns it now; what was
                    # polled after it is ours.
                    return more, self._generation
                records += more
                found = found or bool(more)
        return records, generation

    async def _commit(self, records: Sequence[Record]) -> None:
        assignment = self._consumer.assignment()
        owned = {partition: offset for partition, offset in _offsets(records).items() if partition in assignment}
        if not owned:
            return
        try:
            await self._consumer.commit(owned)
        except (CommitFailedError, IllegalStateError) as error:
            logger.info("offsets not committed, the new owner repeats this work (%s)", describe(error))
        except KafkaError as error:
            logger.warning("offsets not committed, a later commit will cover them (%s)", describe(error))

    async def give_up_partitions(self) -> None:
        """Finish and commit what is under way, before somebody else may own the partitions; what waits is left to them."""
        self._generation += 1
        await self._rounds.join()


async def run_stages(stop: asyncio.Event, *stages: Stage) -> None:
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
    offsets: dict[tuple[str, int], int] = {}
    for record in records:
        place = (record.topic, record.partition)
        offsets[place] = max(offsets.get(place, 0), record.offset + 1)
    return {TopicPartition(*place): offset for place, offset in offsets.items()}


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Ties a stage to the rebalances of its group."""

    def __init__(self, stage: Stage) -> None:
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
