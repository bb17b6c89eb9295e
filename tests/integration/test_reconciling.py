"""Records are lost on their way: every document ends, and none that merely waits is touched."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from aiokafka import TopicPartition
from aiokafka.admin import RecordsToDelete
from prometheus_client import REGISTRY

from api.reconciler import Reconciler
from api.watermark import next_watermark
from pipeline.consumers import started
from pipeline.events import DocumentPart, SegmentedPart, Sentence, Translation, decode, encode
from pipeline.kafka import KafkaClients
from pipeline.lanes import Lanes
from pipeline.publisher import Outgoing
from pipeline.revisions import revision
from pipeline.roster import Roster
from pipeline.settings import StoreSettings
from pipeline.topics import Topics
from sink.handler import group
from store.collections import Collections
from store.documents.deleting import DocumentDeletion
from store.documents.lifecycle import DocumentLifecycle
from store.documents.reading import DocumentReader
from store.documents.reconciling import StalledDocuments
from store.ownership import EVERYBODY
from store.writing.writer import DocumentWriter
from tests.integration.flow import Flow, run_flow
from tests.integration.storing import part, write
from tests.waiting import eventually

SOON = {"stalled_after": 1}
TEXT = {"Content-Type": "text/plain"}
BOOK = "".join(f"Satz {number} steht hier.\n\n" for number in range(100))


def counted(action: str) -> float:
    return REGISTRY.get_sample_value("satzstrom_reconciled_documents_total", {"action": action}) or 0.0


async def sentences(flow: Flow) -> int:
    return await flow.count(flow.topics.sentences_interactive) + await flow.count(flow.topics.sentences_bulk)


async def status(flow: Flow, document: str, state: str) -> dict[str, Any]:
    """Wait for a state of a document."""

    async def check() -> dict[str, Any] | None:
        found: dict[str, Any] = (await flow.http.get(f"/v1/documents/{document}")).json()
        return found if found.get("state") == state else None

    return await eventually(check, within=60, what=f"{document} {state}")


async def lose_sentences(flow: Flow) -> None:
    """Do what retention does with sentences that nobody has translated in time."""
    admin = flow.kafka.admin()
    async with started(admin):
        names = (flow.topics.sentences_interactive, flow.topics.sentences_bulk)
        gone = {
            TopicPartition(name, number): RecordsToDelete(-1)
            for name in names
            for number in range(flow.topics[name].partitions)
        }
        await admin.delete_records(gone)


async def test_sentences_that_retention_removed_are_sent_again(settings: StoreSettings) -> None:
    again = counted("sent again")
    async with run_flow(settings, ("segmenter", "sink", "api"), api=SOON) as flow:
        await flow.http.post("/v1/documents?id=book", content=BOOK, headers=TEXT)
        await status(flow, "book", "translating")

        async def dealt() -> bool:
            return await sentences(flow) == 100

        await eventually(dealt, what="the sentences")
        await lose_sentences(flow)

        async def sent_again() -> bool:
            return await sentences(flow) == 200

        await eventually(sent_again, within=60, what="the sentences once more")
        async with run_flow(settings, ("translator",)):
            assert await flow.text("book") == BOOK.encode()
        assert await sentences(flow) == 200
    assert counted("sent again") == again + 1


async def test_a_document_that_waits_for_translators_is_left_alone(settings: StoreSettings) -> None:
    async with run_flow(settings, ("segmenter", "sink", "api"), api=SOON) as flow:
        await flow.http.post("/v1/documents?id=book", content=BOOK, headers=TEXT)
        await status(flow, "book", "translating")
        kafka = KafkaClients.of(settings)
        admin = kafka.admin()
        consumer = kafka.consumer()
        async with started(admin), started(consumer):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(5):
                    await next_watermark(admin, consumer, flow.topics, 0.1)
            assert await sentences(flow) == 100
            async with run_flow(settings, ("translator",)):
                assert await flow.text("book") == BOOK.encode()
                # Behind it: what there was to be done about the book has been done.
                async with asyncio.timeout(30):
                    await next_watermark(admin, consumer, flow.topics, 0.1)
        assert await sentences(flow) == 100


async def test_documents_of_which_parts_are_missing_end_and_go_on(settings: StoreSettings) -> None:
    async with run_flow(settings, api=SOON) as flow:

        def put(document: str, number: int, *, last: bool = False, text: str = "") -> Any:
            text = text or f"Das ist Teil {number}. "
            return flow.put(encode(DocumentPart(id=document, part=number, last=last, text=text)))

        await put("open", 0)
        await put("hole", 0)
        await put("hole", 3, last=True)
        await put("letter", 0)
        await put("letter", 1, text="zu groß " * 10_000)
        await put("letter", 2, last=True)
        # Parts and sentences of one text came apart: as if it was lost on the way to or in a translator.
        await flow.put(_segmented("lost", "Nur der Teil ist da. "), topic=flow.topics.parts, key=b"lost")

        assert (await status(flow, "open", "incomplete"))["reason"] == "parts are missing, counted from 0: the last one"
        found = await status(flow, "hole", "incomplete")
        assert found["reason"] == "parts are missing of 4, counted from 0: 1 to 2"
        reason = (await status(flow, "letter", "incomplete"))["reason"]
        (letter,) = (await flow.http.get("/v1/dead-letters?document=letter")).json()["items"]
        assert reason == (
            f"parts are missing of 3, counted from 0: 1; part 1 is the dead letter {letter['id']} (PartTooLargeError)"
        )
        assert await flow.text("lost") == b"Nur der Teil ist da. "

        await put("open", 1)
        await put("hole", 1)
        # More of it came, so it is under way again; and given up again, because still more is missing.
        await status(flow, "hole", "translating")
        assert (await status(flow, "hole", "incomplete"))["reason"] == "parts are missing of 4, counted from 0: 2"
        await put("hole", 2)
        await put("open", 2, last=True)
        await put("letter", 1)
        assert await flow.text("hole") == b"Das ist Teil 0. Das ist Teil 1. Das ist Teil 2. Das ist Teil 3. "
        assert await flow.text("open") == b"Das ist Teil 0. Das ist Teil 1. Das ist Teil 2. "
        assert await flow.text("letter") == b"Das ist Teil 0. Das ist Teil 1. Das ist Teil 2. "


def _segmented(document: str, text: str, **more: Any) -> bytes:
    digest = revision(DocumentPart(text=text))
    fields: dict[str, Any] = {"document": document, "part": 0, "last": True, "revision": digest, "text": text}
    spans = [0, len(text.rstrip())]
    return encode(SegmentedPart(**fields, spans=spans, source="de", target="en", created=1_790_000_000_000, **more))


class Sent:
    """Takes what is published."""

    def __init__(self) -> None:
        self.records: list[Outgoing] = []

    async def publish_within(self, _: float, records: list[Outgoing]) -> None:
        # Others have their turn, as while Kafka is asked.
        await asyncio.sleep(0)
        self.records += records

    def sentences(self, topics: Topics) -> list[Sentence]:
        mine = (topics.sentences_interactive, topics.sentences_bulk)
        return [decode(Sentence, record.value) for record in self.records if record.topic in mine]


TOPICS = Topics()


def reconciler(collections: Collections, sent: Sent) -> Reconciler:
    # Only its watermark comes from Kafka.
    nowhere = KafkaClients("127.0.0.1:1")
    stalled, deletion = StalledDocuments(collections), DocumentDeletion(collections)
    lanes = Lanes(TOPICS, Roster(300.0))
    return Reconciler(nowhere, stalled, deletion, sent, TOPICS, lanes, timedelta(seconds=1))  # type: ignore[arg-type]


async def test_what_is_sent_again_is_what_was_sent(collections: Collections) -> None:
    terms = {"alte $Vertrag": "old. deal"}
    value = _segmented(
        "d",
        "Der alte $Vertrag gilt.",
        terms=terms,
        alternatives=3,
        priority="high",
        model="m",
        detected="fr",
        pinned="m@1",
    )
    await DocumentWriter(collections).write(group([decode(SegmentedPart, value)]))
    sent = Sent()
    await reconciler(collections, sent).reconcile(datetime.now(UTC))
    (record,) = sent.records
    assert record.topic == TOPICS.sentences_interactive
    (sentence,) = sent.sentences(TOPICS)
    assert sentence == Sentence(
        document="d",
        part=0,
        index=0,
        revision=revision(DocumentPart(text="Der alte $Vertrag gilt.")),
        text="Der alte $Vertrag gilt.",
        source="fr",
        target="en",
        model="m",
        detected=True,
        terms=terms,
        alternatives=3,
        pinned="m@1",
    )


async def test_several_at_once_send_each_missing_sentence_once(collections: Collections) -> None:
    for number in range(20):
        segmented, _, *rest = part(0, "eins zwei drei", last=True, document=f"d{number}")
        await write(collections, [segmented, rest[0]])
    sent = Sent()
    # What was claimed counts as looked at until the watermark is behind the claim.
    before = datetime.now(UTC)
    await asyncio.gather(*(reconciler(collections, sent).reconcile(before) for _ in range(4)))
    found = Counter((sentence.document, sentence.text) for sentence in sent.sentences(TOPICS))
    assert found == {(f"d{number}", word): 1 for number in range(20) for word in ("eins", "drei")}


async def test_what_is_never_translated_is_given_up_and_can_still_be_done(collections: Collections) -> None:
    segmented, first, second = part(0, "eins zwei", last=True)
    await write(collections, [segmented, first])
    sent, reader = Sent(), DocumentReader(collections)
    for _ in range(5):
        await reconciler(collections, sent).reconcile(datetime.now(UTC))
        assert await reader.state(EVERYBODY, "d") == "translating"
    assert [sentence.text for sentence in sent.sentences(TOPICS)] == ["zwei"] * 5
    await reconciler(collections, sent).reconcile(datetime.now(UTC))
    document = await reader.get(EVERYBODY, "d")
    assert document is not None
    assert document.state == "incomplete"
    assert document.reason == "sentences without a translation: 1; they were sent 5 times, and none came back"
    assert len(sent.records) == 5
    await write(collections, [second])
    assert await reader.state(EVERYBODY, "d") == "done"


async def test_progress_counts_tries_anew(collections: Collections) -> None:
    segmented, *made = part(0, "eins zwei drei vier fünf sechs sieben acht", last=True)
    await write(collections, [segmented])
    for translation in made[:-1]:
        await reconciler(collections, Sent()).reconcile(datetime.now(UTC))
        await write(collections, [translation])
    assert await DocumentReader(collections).state(EVERYBODY, "d") == "translating"


async def test_a_complete_document_that_nobody_marked_is_marked(collections: Collections) -> None:
    await write(collections, part(0, "eins", last=True))
    await collections.documents.update_one({"_id": "d"}, {"$set": {"state": "translating"}})
    sent = Sent()
    await reconciler(collections, sent).reconcile(datetime.now(UTC))
    assert await DocumentReader(collections).state(EVERYBODY, "d") == "done"
    assert [record.topic for record in sent.records] == [TOPICS.documents_completed]


async def test_a_document_that_was_taken_and_of_which_nothing_came_ends(collections: Collections) -> None:
    lifecycle = DocumentLifecycle(collections)
    for name in ("taken", "arriving"):
        await lifecycle.register(EVERYBODY, name, source="de", target="en", model=None, metadata={}, revision="0" * 16)
    await lifecycle.received(EVERYBODY, "taken")
    # All of its text came with the request that began it, so nobody says later that it is all.
    await lifecycle.register(
        EVERYBODY, "whole", source="de", target="en", model=None, metadata={}, revision="0" * 16, whole=True
    )
    await reconciler(collections, Sent()).reconcile(datetime.now(UTC))
    reader = DocumentReader(collections)
    for name in ("taken", "whole"):
        found = await reader.get(EVERYBODY, name)
        assert found is not None
        assert (found.state, found.reason) == ("incomplete", "nothing of it has arrived")
    assert await reader.state(EVERYBODY, "arriving") == "receiving", "whose upload goes on"


async def test_what_is_new_is_left_alone(collections: Collections) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    await write(collections, part(0, "eins zwei")[:1])
    await collections.documents.update_one({"_id": "d"}, {"$set": {"created": long_ago, "touched": datetime.now(UTC)}})
    sent = Sent()
    await reconciler(collections, sent).reconcile(datetime.now(UTC) - timedelta(minutes=10))
    assert (sent.records, await DocumentReader(collections).state(EVERYBODY, "d")) == ([], "receiving")


async def test_a_repeated_part_begins_nothing_anew(collections: Collections) -> None:
    events = part(0, "eins zwei")
    await write(collections, events)
    await reconciler(collections, Sent()).reconcile(datetime.now(UTC))
    reader = DocumentReader(collections)
    assert await reader.state(EVERYBODY, "d") == "incomplete"
    await write(collections, events)
    assert await reader.state(EVERYBODY, "d") == "incomplete"
    (newer, *_) = part(1, "drei")
    await write(collections, [newer])
    assert await reader.state(EVERYBODY, "d") == "receiving"


async def test_many_missing_parts_are_named_briefly(collections: Collections) -> None:
    for number in range(0, 60, 2):
        await write(collections, part(number, "eins"))
    await write(collections, part(99, "ende", last=True))
    await reconciler(collections, Sent()).reconcile(datetime.now(UTC))
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert found.reason == ("parts are missing of 100, counted from 0: 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 59 more")


async def test_translations_that_came_alone_are_no_part(collections: Collections) -> None:
    first, made = part(0, "eins", last=False)[0], part(1, "zwei", last=True)
    assert isinstance(made[1], Translation)
    await write(collections, [first, msgspec.structs.replace(made[1], text="ZWEI")])
    await reconciler(collections, Sent()).reconcile(datetime.now(UTC))
    found = await DocumentReader(collections).get(EVERYBODY, "d")
    assert found is not None
    assert found.reason == "parts are missing, counted from 0: the last one"


async def test_nothing_stays_of_a_text_that_somebody_waited_for(
    settings: StoreSettings, collections: Collections
) -> None:
    texts = {"target_lang": "EN", "text": ["Guten Tag.", "Wie geht es Ihnen?"]}
    async with run_flow(settings, api=SOON) as flow:
        answer = await flow.http.post("/v2/translate", json=texts | {"source_lang": "DE"})
        assert [one["text"] for one in answer.json()["translations"]] == texts["text"]
        await flow.put(encode(DocumentPart(id="kept", text="Bleibt.")))
        await flow.text("kept")
        assert (await flow.http.delete("/v1/documents/kept")).status_code == 204

        async def gone() -> bool:
            names = await collections.documents.distinct("_id")
            return bool(names == ["kept"])

        # The trace of a document whose id somebody has chosen stays: its sender may send it again.
        await eventually(gone, within=60, what="the trace")
    for collection in (collections.parts, collections.search, collections.charges, collections.dead_letters):
        assert await collection.find().to_list(None) == []
