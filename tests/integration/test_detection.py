"""Documents that do not say their language, through all services with the German model."""

from collections.abc import AsyncIterator

import pytest

from pipeline.events import DocumentPart, encode
from pipeline.parts import cut
from pipeline.settings import StoreSettings
from tests.integration.flow import Flow, run_flow
from tests.integration.test_api import TEXT, problem

GERMAN = "Der Hund schläft vor dem Haus.\n\n"
FRENCH = "Le chien dort devant la maison.\n\n"
ENGLISH = "The cat sleeps behind the house.\n\n"


@pytest.fixture
async def flow(settings: StoreSettings) -> AsyncIterator[Flow]:
    async with run_flow(settings, engine="ctranslate2") as running:
        yield running


async def test_each_part_is_translated_from_its_own_language(flow: Flow) -> None:
    # So long that the German ends before the second part begins.
    text = GERMAN * 1000 + ENGLISH * 4000
    first, *others = cut(text)
    assert first.startswith("Der")
    assert others
    answer = await flow.http.post("/v1/documents?id=mixed&source=auto", content=text.encode(), headers=TEXT)
    assert answer.status_code == 202, answer.text
    status = await flow.done("mixed", within=90)
    assert (status["source"], status["detected"], status["target"]) == ("auto", "de", "en")
    assert (await flow.text("mixed")).decode().endswith("".join(others))


async def test_over_http_and_from_kafka(flow: Flow) -> None:
    answer = await flow.http.post("/v1/documents", json={"id": "http", "text": GERMAN, "source": "auto"})
    assert answer.status_code == 202, answer.text
    again = await flow.http.post("/v1/documents", json={"id": "http", "text": GERMAN, "source": "auto"})
    assert again.status_code == 202, "the same document may be sent again"
    await flow.put(encode(DocumentPart(id="kafka", text=GERMAN, source="auto")))
    for document in ("http", "kafka"):
        status = await flow.done(document)
        assert (status["source"], status["detected"], status["model"]) == ("auto", "de", "de-en-tiny@1")
        assert b"dog" in await flow.text(document)
    await problem(flow, "POST", "/v1/documents", 409, "conflict", json={"id": "http", "text": GERMAN})


async def test_what_no_model_translates_is_kept_and_marked(flow: Flow) -> None:
    parts = (GERMAN, FRENCH, ENGLISH)
    for number, text in enumerate(parts):
        last = number == len(parts) - 1
        await flow.put(encode(DocumentPart(id="mixed", text=text, part=number, last=last, source="auto")), key=b"mixed")
    status = await flow.done("mixed")
    assert (status["detected"], status["model"]) == ("de", "de-en-tiny@1")
    counts = status["sentences"]
    assert (counts["total"], counts["translated"], counts["suspect"], counts["failed"]) == (2, 2, 1, 0)
    assert (await flow.text("mixed")).decode().endswith(FRENCH + ENGLISH)
    sentences = (await flow.http.get("/v1/documents/mixed/sentences")).json()["items"]
    assert [one["suspect"] for one in sentences] == [[], ["language"]]


async def test_into_a_language_that_no_model_makes(flow: Flow) -> None:
    body = {"text": GERMAN, "source": "auto", "target": "fr"}
    found = await problem(flow, "POST", "/v1/documents", 422, "unknown-pair", json=body)
    assert found["pairs"] == [{"source": "de", "target": "en"}]


async def test_in_parts_one_after_the_other(flow: Flow) -> None:
    # As the page sends it, and again as after a broken connection.
    for _ in range(2):
        for number, text in enumerate((GERMAN, "Haus.", FRENCH)):
            path = f"/v1/documents/parts/parts/{number}?source=auto&target=en&last={number == 2}"
            answer = await flow.http.put(path, content=text.encode(), headers=TEXT)
            assert answer.status_code == 202, answer.text
    status = await flow.done("parts")
    assert (status["source"], status["detected"], status["model"]) == ("auto", "de", "de-en-tiny@1")
    made = (await flow.text("parts")).decode()
    assert "dog" in made
    assert "ouse" in made, "a word is taken for one of the languages that can be translated"
    assert made.endswith(FRENCH)
    # Of another language than it began with.
    path = "/v1/documents/parts/parts/0?source=de&target=en"
    assert (await flow.http.put(path, content=GERMAN.encode(), headers=TEXT)).status_code == 202
    await problem(
        flow, "PUT", "/v1/documents/new/parts/0?source=auto&target=fr", 422, "unknown-pair", content=b"x", headers=TEXT
    )
