"""Documents straight onto the topic, without the API."""

from collections.abc import AsyncIterator, Iterator

from aiokafka.errors import KafkaError

from pipeline.backoff import describe
from pipeline.document_info import DocumentInfo
from pipeline.encodings import TextDecoder
from pipeline.errors import UnavailableError
from pipeline.kafka import KafkaClients
from pipeline.publisher import Publisher
from pipeline.settings import KafkaSettings, load
from pipeline.submission import PartSender
from pipeline.topics import Topics


def clients_at(address: str) -> KafkaClients:
    """Return clients for a Kafka that is set up as the services' is, at this address. Raises `SetupError`."""
    return KafkaClients.of(load(KafkaSettings).model_copy(update={"kafka": address}))


async def send(kafka: KafkaClients, info: DocumentInfo, chunks: Iterator[bytes], prefix: str = "") -> None:
    """Send a document in chunks of UTF-8 to Kafka, and return when Kafka has all of it.

    Raises `UnavailableError` if Kafka does not answer, `SetupError` if it refuses this client.
    """
    publisher = Publisher(kafka)
    try:
        await kafka.check()
        await publisher.start()
    except (KafkaError, OSError) as error:
        raise UnavailableError("Kafka", kafka.address, describe(error)) from None
    sender = PartSender(publisher, Topics(prefix))
    try:
        async for part in sender.parts(info, _decoded(chunks)):
            await sender.send(part)
    finally:
        await publisher.stop()


async def _decoded(chunks: Iterator[bytes]) -> AsyncIterator[str]:
    decoder = TextDecoder("utf-8")
    for chunk in chunks:
        yield decoder.feed(chunk)
    yield decoder.finish()
