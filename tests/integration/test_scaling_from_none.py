"""Translators that are started by what waits: none runs when the first document comes."""

import asyncio
from contextlib import AsyncExitStack

from aiokafka import TopicPartition
from aiokafka.errors import GroupCoordinatorNotAvailableError

from pipeline.kafka import KafkaClients
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from tests.integration.flow import run_flow
from tests.waiting import eventually


async def lag(clients: KafkaClients, topics: Topics) -> int | None:
    """Return what the translators' groups have before them, as KEDA reckons it: without an offset all that is there.

    None while a Kafka that has just been made does not know its groups yet.
    """
    admin, consumer = clients.admin(), clients.consumer()
    await asyncio.gather(admin.start(), consumer.start())
    try:
        waiting = 0
        for group, names in topics.read_by().items():
            if not group.startswith(topics.group("translator")):
                continue
            try:
                committed = await admin.list_consumer_group_offsets(group)
            except GroupCoordinatorNotAvailableError:
                return None
            for name in names:
                (described,) = await admin.describe_topics([name])
                places = [TopicPartition(name, one["partition"]) for one in described["partitions"]]
                ends = await consumer.end_offsets(places)
                waiting += sum(end - max(0, _offset(committed, place)) for place, end in ends.items())
        return waiting
    finally:
        await asyncio.gather(admin.close(), consumer.stop())


def _offset(committed: dict[TopicPartition, object], place: TopicPartition) -> int:
    return int(getattr(committed.get(place), "offset", 0))


async def test_the_first_document_starts_the_first_translator(settings: StoreSettings) -> None:
    clients, topics = KafkaClients.of(settings), Topics(settings.topic_prefix)
    async with AsyncExitStack() as translators, run_flow(settings, ("segmenter", "sink", "api")) as flow:
        assert (await flow.http.get("/readyz")).status_code == 200, "or nobody could submit what starts a translator"

        async def idle() -> bool:
            return await lag(clients, topics) == 0

        await eventually(idle, within=30, what="a Kafka that is asked for the lag")
        answer = await flow.http.post("/v1/documents", json={"id": "first", "text": "Ich bin der Anfang. Ich warte."})
        assert answer.status_code == 202

        async def scaled() -> bool:
            return bool(await lag(clients, topics))

        await eventually(scaled, within=30, what="a reason to start a translator")
        await translators.enter_async_context(run_flow(settings, ("translator",)))
        assert await flow.text("first") == b"Ich bin der Anfang. Ich warte."
        await eventually(idle, within=30, what="a reason to stop it again")
        await translators.aclose()
        answer = await flow.http.post("/v1/documents", json={"id": "second", "text": "Noch einmal von vorn."})
        assert answer.status_code == 202, "and from none again"
        assert (await flow.http.get("/readyz")).status_code == 200
