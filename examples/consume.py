"""Prints every document that is done, as it is announced on Kafka: python examples/consume.py localhost:9092."""

import asyncio
import contextlib
import json
import signal
import sys

from aiokafka import AIOKafkaConsumer


async def consume(bootstrap: str, topic: str = "documents.completed") -> None:
    """Print announcements until interrupted; each one is printed at least once, also across restarts."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id="my-service",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    async with consumer:
        async for record in consumer:
            headers = {name: value.decode() for name, value in record.headers}
            event = json.loads(record.value)
            print(headers["ce_id"], event["document"], event["state"], event["sentences"]["translated"], flush=True)
            await consumer.commit()


if __name__ == "__main__":
    # A closed pipe (… | head) and Ctrl-C end it without a word.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(consume(*sys.argv[1:]))
