"""Sentences that are lost on Kafka."""

import asyncio
import logging
import signal
import time
from collections.abc import Sequence

from aiokafka import TopicPartition
from aiokafka.admin import RecordsToDelete
from aiokafka.errors import KafkaError

from embedded.chaos.fault import Fault, Target
from embedded.chaos.workload import STUCK_AFTER
from pipeline.backoff import wait_for
from pipeline.consumers import started
from pipeline.errors import SatzstromError
from pipeline.kafka import KafkaClients
from pipeline.topics import Topics
from satzstrom import Client

logger = logging.getLogger(__name__)

_TRANSLATORS = ("translator-1", "translator-2")
# Seconds in which sentences come that no translator takes.
_PILE_UP = 1.5
_LOOK_EVERY = 0.1


class LostSentences:
    """Loses the sentences that wait, but those of one document once only.

    A document of which the same sentences are lost five times in a row is `incomplete`, and says so: that is what has to
    become of it (`api.reconciler`). This fault could do that to it. It strikes again as soon as the document that was sent
    after the last loss is done, which is when sentences have just been sent again: of a longer document they wait then.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._struck: set[str] = set()

    def kinds(self) -> list[Fault]:
        """Return the only kind."""
        return [Fault("lose the sentences that wait", self._lose)]

    def _lose(self) -> None:
        """Do what retention does with sentences that nobody has translated in time."""
        running = self._target.running()
        with Client(running.api, timeout=30) as client:
            self._wait_for_those_struck(client)
            groups = Topics().read_by().items()
            names = [name for group, names in groups if group.startswith("translator") for name in names]
            # Some have to wait, or there is nothing to lose.
            self._target.signal(signal.SIGSTOP, _TRANSLATORS)
            try:
                time.sleep(_PILE_UP)
                asyncio.run(_remove_records(KafkaClients(running.kafka), names))
                self._struck = _under_way(client)
            finally:
                self._target.signal(signal.SIGCONT, _TRANSLATORS)

    def _wait_for_those_struck(self, client: Client) -> None:
        deadline = time.monotonic() + STUCK_AFTER
        while still := self._struck & _under_way(client):
            if time.monotonic() > deadline:
                raise SatzstromError(f"what was lost of {', '.join(still)} has not come back after {STUCK_AFTER:.0f} s")
            time.sleep(_LOOK_EVERY)


def _under_way(client: Client) -> set[str]:
    return {status.id for status in client.documents(state="translating")}


async def _remove_records(kafka: KafkaClients, names: Sequence[str]) -> None:
    admin = kafka.admin()

    async def attempt() -> None:
        topics = await admin.describe_topics(list(names))
        places = [TopicPartition(one["topic"], place["partition"]) for one in topics for place in one["partitions"]]
        await admin.delete_records(dict.fromkeys(places, RecordsToDelete(-1)))

    async with started(admin):
        # Kafka may just have come back from the fault before.
        await wait_for(attempt, server="Kafka", address=kafka.address, patience=30, errors=(KafkaError,), logger=logger)
