"""Texts of files on their way to Kafka."""

import io
from typing import Any

import pytest

from api.files.reading import FileTexts
from formats.document import Options
from formats.table import kind_of
from pipeline.document_info import DocumentInfo
from pipeline.events import PART_LIMIT
from pipeline.kafka import KafkaClients
from pipeline.publisher import Publisher
from pipeline.submission import PartSender
from pipeline.topics import Topics


@pytest.mark.parametrize(("paragraphs", "waits"), [(10, 0), (9_000, 1)])
async def test_the_rest_of_a_long_file_waits_for_its_first_part_alone(paragraphs: int, waits: int) -> None:
    page = "".join(f"<p>Das ist der Absatz {number}.</p>\n" for number in range(paragraphs))
    kind = kind_of("a.html")
    assert kind is not None
    texts = FileTexts(kind, io.BytesIO(page.encode()), Options(source="de"))
    read: list[tuple[int, int]] = []
    parts: list[str] = []

    async def tell(found: dict[str, Any]) -> None:
        pass

    async def first_sent() -> None:
        read.append((len(parts), texts.found["characters"]))

    sender = PartSender(Publisher(KafkaClients("127.0.0.1:9")), Topics())
    async for part in sender.parts(DocumentInfo("d"), texts.pieces(tell, first_sent)):
        parts.append(part.text)  # noqa: PERF401  # it is asked how many there are meanwhile
    assert len(read) == waits
    for sent, characters in read:
        assert sent == 1
        assert characters < 2 * PART_LIMIT
    assert sum(map(len, parts)) == texts.found["characters"]
