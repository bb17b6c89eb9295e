"""What has to hold when all work is done."""

import asyncio
import base64
import time
from collections import Counter
from collections.abc import Collection, Iterable

from embedded.chaos.deletions import find_undeleted
from embedded.chaos.documents import Document
from embedded.chaos.fault import Ledger
from embedded.chaos.findings import Findings
from embedded.state import PipelineState
from pipeline.consumers import started
from pipeline.errors import EventError
from pipeline.events import Sentence, decode
from pipeline.kafka import KafkaClients
from pipeline.partitions import partitions_of
from pipeline.topics import Topics
from satzstrom import Client

# Offsets are committed half a second after the work; a rebalance may come in between.
_PATIENCE = 60.0


def check_all(
    client: Client, running: PipelineState, sent: Collection[Document], ledger: Ledger, findings: Findings
) -> None:
    """Add to the findings whatever disagrees: documents, counts in the store, deletions, offsets, dead letters.

    `sent`: all documents that nobody has deleted; they are done.
    """
    findings.problems += ledger.problems
    _check_offsets(running.kafka, findings)
    undeleted = find_undeleted(running.mongodb, ledger.deleted, findings.problems)
    findings.deleted = len(ledger.deleted) - len(undeleted)
    documents = [*sent, *undeleted]
    announced = asyncio.run(_announced(running.kafka))
    findings.problems += [f"nobody was told that {one.id} is done" for one in documents if one.id not in announced]
    _check_documents(client, {document.id: document for document in documents}, findings)
    _check_dead_letters(client, documents, ledger.letters, findings)


def _check_documents(client: Client, documents: dict[str, Document], findings: Findings) -> None:
    statuses = {status.id: status for status in client.documents()}
    for name in statuses.keys() ^ documents.keys():
        findings.problems.append(
            f"document {name} is {'not sent' if name in statuses else 'sent'}, but the store disagrees"
        )
    for name in statuses.keys() & documents.keys():
        document, status = documents[name], statuses[name]
        counts = status.sentences
        stored = (status.state, counts.total, counts.translated, counts.failed, status.characters)
        right = ("done", document.sentences, document.sentences, len(document.failing), len(document.source))
        if stored != right:
            findings.problems.append(
                f"document {name} has (state, sentences, translated, failed, characters) {stored}, not {right}"
            )
        if status.state == "done":
            # It was right when it was done. What came after that must not have changed it.
            findings.compare(document, b"".join(client.text(name)).decode())


def _check_dead_letters(
    client: Client, documents: Iterable[Document], records: Collection[bytes], findings: Findings
) -> None:
    """One for each sentence that cannot be translated and each of the hostile records, and no other.

    What went twice through a topic, because its service died, may lie there twice.
    """
    expected = {(document.id, sentence) for document in documents for sentence in document.failing}
    found: Counter[tuple[str, str]] = Counter()
    hostile: Counter[bytes] = Counter()
    for letter in client.dead_letters():
        value = base64.b64decode(client.dead_letter(letter.id).value_base64)
        if value in records:
            hostile[value] += 1
            continue
        try:
            sentence = decode(Sentence, value)
        except EventError as error:
            findings.problems.append(f"dead letter {letter.id} is no sentence: {error}")
        else:
            found[sentence.document, sentence.text] += 1
    findings.dead_letters = len(expected & found.keys())
    findings.hostile = len(hostile)
    findings.problems += [f"no dead letter for {sentence!r}" for _, sentence in sorted(expected - found.keys())]
    findings.problems += [f"a dead letter that should not be: {text!r}" for _, text in sorted(found.keys() - expected)]
    findings.problems += [f"no dead letter for {value[:80]!r}" for value in sorted(set(records) - hostile.keys())]


def _check_offsets(kafka: str, findings: Findings) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        behind = asyncio.run(_behind(kafka))
        if not any(behind.values()) or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    findings.groups = sum(not places for places in behind.values())
    for group, places in behind.items():
        findings.problems += [f"group {group} is not at the end of {place}" for place in places]


async def _behind(kafka: str) -> dict[str, list[str]]:
    """Return for each group the partitions whose end it has not committed."""
    topics = Topics()
    clients = KafkaClients(kafka)
    consumer = clients.consumer()
    admin = clients.admin()
    async with started(admin), started(consumer):
        behind = {}
        for group, names in topics.read_by(await admin.list_topics()).items():
            partitions = await partitions_of(admin, names)
            ends = await consumer.end_offsets(partitions)
            committed = await admin.list_consumer_group_offsets(group)
            offsets = {place: max(0, entry.offset) for place, entry in committed.items()}
            behind[group] = [
                f"{place.topic}-{place.partition}: {offsets.get(place, 0)} of {end}"
                for place, end in ends.items()
                if offsets.get(place, 0) != end
            ]
        return behind


async def _announced(kafka: str) -> set[str]:
    """Return the documents of which somebody was told that they are done."""
    clients = KafkaClients(kafka)
    consumer = clients.consumer()
    admin = clients.admin()
    async with started(admin), started(consumer):
        places = await partitions_of(admin, [Topics().documents_completed])
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        found = set()
        for place, end in ends.items():
            while await consumer.position(place) < end:
                for record in (await consumer.getmany(place, timeout_ms=1000)).get(place, []):
                    found.add((record.key or b"").decode())
    return found
