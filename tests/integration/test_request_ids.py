"""Each request has an id, and can be found by it."""

import json
import logging

import pytest

from pipeline.logs import JsonFormatter, TextFormatter
from store.documents.reading import DocumentReader
from tests.integration.flow import Flow


async def test_an_id_is_taken_or_made_and_stands_in_answers_and_problems(flow: Flow) -> None:
    answer = await flow.http.get("/v1/documents", headers={"X-Request-ID": "abc-123"})
    assert answer.headers["X-Request-ID"] == "abc-123"
    made = [(await flow.http.get("/v1/documents")).headers["X-Request-ID"] for _ in range(2)]
    assert made[0] != made[1]
    for unusable in ("a b", "", "x" * 129, "a\tb"):
        answer = await flow.http.get("/livez", headers={"X-Request-ID": unusable})
        assert answer.headers["X-Request-ID"] not in ("", unusable)
    refused = await flow.http.get("/v1/documents/nobody", headers={"X-Request-ID": "abc-124"})
    assert (refused.json()["request_id"], refused.headers["X-Request-ID"]) == ("abc-124", "abc-124")


async def test_a_path_that_is_none_is_answered_with_where_they_are_listed(flow: Flow) -> None:
    answer = await flow.http.get("/v1/document", headers={"X-Request-ID": "abc"})
    assert answer.status_code == 404
    assert "/docs lists what there is" in answer.json()["detail"]
    assert (await flow.http.head("/v1/documents")).status_code == 200


async def test_what_a_field_may_be_is_said_in_words(flow: Flow) -> None:
    answer = await flow.http.post("/v1/documents?id=a%20b", content=b"Ja.", headers={"Content-Type": "text/plain"})
    assert "letters (a to z), digits and . _ : -" in answer.json()["detail"]
    answer = await flow.http.get("/v1/documents?state=lost&limit=x")
    assert "has to be 'receiving', 'translating'" in answer.json()["detail"]
    assert "has to be a whole number" in answer.json()["detail"]


async def test_the_log_names_the_request(flow: Flow, caplog: pytest.LogCaptureFixture) -> None:
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.extend((TextFormatter().format(record), JsonFormatter("api").format(record)))

    keeping = Keeping()
    logging.getLogger("api").addHandler(keeping)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(DocumentReader, "get", None)
            answer = await flow.http.get("/v1/documents/d", headers={"X-Request-ID": "to-be-found"})
    finally:
        logging.getLogger("api").removeHandler(keeping)
    assert (answer.status_code, answer.json()["request_id"]) == (500, "to-be-found")
    assert answer.headers["X-Request-ID"] == "to-be-found"
    assert "[request to-be-found]" in lines[0]
    assert json.loads(lines[1])["request"] == "to-be-found"
    caplog.clear()
