"""Documents through all services, on real servers; the identity engine shows every byte that changes."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.events import DocumentPart, Translation, decode, encode
from pipeline.examples import EXAMPLES
from tests.integration.flow import Flow
from tests.texts import CORNER_CASES, generated
from tests.waiting import eventually


async def test_every_corner_case_comes_back_byte_for_byte(flow: Flow) -> None:
    async def submit(name: str) -> str:
        answer = await flow.http.post("/v1/documents", json={"text": CORNER_CASES[name]})
        assert answer.status_code == 202, (name, answer.text)
        return str(answer.json()["id"])

    ids = dict(zip(CORNER_CASES, await asyncio.gather(*map(submit, CORNER_CASES)), strict=True))
    for name, document in ids.items():
        assert await flow.text(document) == CORNER_CASES[name].encode(), name


@pytest.fixture(scope="module")
def generated_texts() -> list[str]:
    """Texts made before a pipeline runs: its threads use `random`, which Hypothesis takes for the strategy's doing."""
    texts: list[str] = []

    @given(st.lists(generated, min_size=1, max_size=30))
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    def collect(found: list[str]) -> None:
        texts.append("\n\n".join(found))

    collect()
    return texts


async def test_generated_texts_come_back_byte_for_byte(generated_texts: list[str], flow: Flow) -> None:
    for number, text in enumerate(generated_texts):
        event = DocumentPart(text=text, id=f"generated-{number}", source="de" if number % 2 else "fr")
        await flow.put(encode(event))
    for number, text in enumerate(generated_texts):
        assert await flow.text(f"generated-{number}") == text.encode()


async def test_a_large_text_without_a_newline(flow: Flow) -> None:
    text = "Ein Wort nach dem anderen und kein Ende in Sicht; " * 100_000
    assert len(text) == 5_000_000

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(text), 100_000):
            yield text[start : start + 100_000].encode()

    answer = await flow.http.post("/v1/documents?id=large", content=chunks(), headers={"Content-Type": "text/plain"})
    assert answer.status_code == 202, answer.text
    await flow.done("large", within=100)
    assert await flow.text("large") == text.encode()


async def test_one_line_of_json_on_the_topic_makes_a_document(flow: Flow) -> None:
    await flow.put(b'{"text": "Guten Tag. Auf Wiedersehen."}')
    await flow.put(b'{"id": "mine", "text": "Hallo.", "source": "de", "target": "en", "author": "ich"}')
    status = await flow.done("mine")
    assert (status["model"], status["metadata"], status["sentences"]["total"]) == ("identity@1", {"author": "ich"}, 1)

    async def both() -> list[str] | None:
        items = (await flow.http.get("/v1/documents?state=done")).json()["items"]
        names = [item["id"] for item in items]
        return names if len(names) == 2 else None

    names = await eventually(both)
    derived = next(name for name in names if name != "mine")
    assert await flow.text(derived) == b"Guten Tag. Auf Wiedersehen."


@pytest.mark.parametrize("compression", ["gzip", "lz4", "snappy", "zstd"])
async def test_records_may_be_compressed(flow: Flow, compression: str) -> None:
    text = "Ein Satz, der sich oft wiederholt. " * 100
    producer = flow.kafka.producer(compression_type=compression)
    await producer.start()
    try:
        sent = encode(DocumentPart(id=compression, text=text))
        await producer.send_and_wait(flow.topics.documents, sent)
        await producer.send_and_wait(flow.topics.documents, b"no document")
    finally:
        await producer.stop()
    assert await flow.text(compression) == text.encode()
    assert b"no document" in [letter.value for letter in await flow.dead_letters(1)]


async def test_parts_in_any_order_and_twice_give_the_same_document(flow: Flow) -> None:
    texts = [f"Hier beginnt Absatz {number} des Textes. Noch ein Satz.\n\n" for number in range(9)]
    events = [
        encode(DocumentPart(text=text, id="shuffled", part=number, last=number == 8))
        for number, text in enumerate(texts)
    ]
    for number in (8, 3, 3, 0, 7, 5, 1, 8, 4, 2, 6, 0):
        topic = flow.topics.documents_bulk if number % 2 else flow.topics.documents
        await flow.put(events[number], topic=topic)
    assert await flow.text("shuffled") == "".join(texts).encode()
    status = await flow.done("shuffled")
    assert status["sentences"]["total"] == status["sentences"]["translated"] == 18


async def test_the_same_submission_twice_is_one_document(flow: Flow) -> None:
    body = {"id": "twice", "text": "Einmal ist keinmal. Zweimal ist einmal zu viel."}
    for _ in range(2):
        assert (await flow.http.post("/v1/documents", json=body)).status_code == 202
    assert await flow.text("twice") == body["text"].encode()
    again = await flow.http.post("/v1/documents", json=body)
    assert (again.status_code, again.json()["state"]) == (202, "done")
    other = await flow.http.post("/v1/documents", json=body | {"text": "Etwas ganz anderes."})
    assert other.status_code == 409
    assert "another text" in other.json()["detail"]
    longer = await flow.http.post("/v1/documents", json=body | {"text": body["text"] * 3000})
    assert longer.status_code == 409
    assert await flow.text("twice") == body["text"].encode()


async def test_bad_records_are_dead_letters_and_good_ones_between_them_are_done(flow: Flow) -> None:
    bad = [
        b"no json",
        b"{}",
        b'{"text": 7}',
        b'{"text": "x", "id": "not an id"}',
        b'{"text": "x", "source": "xx"}',
        encode(DocumentPart(text="x" * 70_000, id="large", part=3)),
        b'{"text": "x", "metadata": {"n": 123456789012345678901234567890}}',
        b"\x00\xff",
    ]
    for number, value in enumerate(bad):
        await flow.put(value, key=str(number).encode())
        await flow.put(b'{"id": "good-%d", "text": "Gut."}' % number)
    for number in range(len(bad)):
        await flow.done(f"good-{number}")
    letters = {letter.key: letter for letter in await flow.dead_letters(len(bad))}
    assert [letters[str(number).encode()].value for number in range(len(bad))] == bad
    reasons = [
        dict(letters[str(number).encode()].headers)["__connect.errors.exception.message"].decode()
        for number in range(len(bad))
    ]
    expected = [
        "malformed",
        "`text`",
        "$.text",
        "$.id",
        "unknown language 'xx'",
        "cut the text",
        "64 bits",
        "malformed",
    ]
    assert all(part in reason for part, reason in zip(expected, reasons, strict=True)), reasons


async def test_garbage_on_the_inner_topics_does_not_stop_the_stages(flow: Flow) -> None:
    inner = [
        flow.topics.parts,
        flow.topics.translations,
        flow.topics.sentences_bulk,
        flow.topics.sentences_interactive,
        flow.topics.translators,
    ]
    for topic in inner:
        for value in (b"", b"{", b"[1]", b'{"document": 1}'):
            await flow.put(value, topic=topic, key=b"k")
    await flow.put(b'{"id": "after", "text": "Danach. Noch etwas."}')
    assert await flow.text("after") == b"Danach. Noch etwas."
    assert len(await flow.dead_letters(16)) == 16


async def test_others_may_follow_the_translations(flow: Flow) -> None:
    await flow.put(b'{"id": "followed", "text": "Hier ist eins. Dort ist zwei. Da ist drei."}')
    records = await flow.records(flow.topics.translations, 3)
    events = sorted((decode(Translation, record.value) for record in records), key=lambda event: event.index)
    assert [(event.document, event.text) for event in events] == [
        ("followed", "Hier ist eins."),
        ("followed", "Dort ist zwei."),
        ("followed", "Da ist drei."),
    ]


async def test_a_conflicting_part_is_a_dead_letter(flow: Flow) -> None:
    await flow.put(encode(DocumentPart(text="Das Original.", id="held")))
    assert await flow.text("held") == b"Das Original."
    await flow.put(encode(DocumentPart(text="Die Kopie.", id="held")))
    (letter,) = await flow.dead_letters(1)
    assert b"already there with another text" in dict(letter.headers)["__connect.errors.exception.message"]
    assert await flow.text("held") == b"Das Original."


async def test_notes_go_before_books(flow: Flow) -> None:
    book = "Dies ist ein langer Satz aus einem langen Buch, der gelesen werden will. " * 30_000
    await flow.http.post("/v1/documents?id=book", content=book.encode(), headers={"Content-Type": "text/plain"})
    await flow.put(b'{"id": "note", "text": "Eine kurze Notiz."}')
    await flow.done("note")
    progress = (await flow.http.get("/v1/documents/book")).json()
    assert progress["state"] != "done"
    await flow.done("book", within=100)


async def test_every_published_example_is_taken_by_everybody_who_reads_it(flow: Flow) -> None:
    # Of two translations the first is kept; so that it is the example's, it goes before what makes the other one.
    for topic in sorted(flow.topics, key=lambda topic: topic.event is not Translation):
        for example in EXAMPLES.get(topic.event, []) if topic.event else []:
            await flow.put(encode(example), topic=flow.topics.prefix + topic.name, key=b"example")
        groups = {"segmenter": "segmenter", "translator": topic.name.replace("sentences", "translator"), "sink": "sink"}
        # Compacted topics are read by everybody from the beginning, without a group; by the sink with one.
        for reader in groups.keys() & topic.readers & ({"sink"} if topic.compacted else groups.keys()):
            await flow.consumed(flow.topics.prefix + topic.name, groups[reader])
    await flow.done("verwandlung")
    answer = await flow.http.get("/v1/documents/verwandlung/sentences")
    assert [(item["source"], item["translation"]) for item in answer.json()["items"]][-1] == (
        "Es war kein Traum.",
        "It was not a dream.",
    )
    assert await flow.count(flow.topics.dead_letters) == 0
