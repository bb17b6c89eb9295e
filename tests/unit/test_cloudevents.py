"""Documents and announcements as CloudEvents."""

import base64
import json

import pytest

from pipeline.cloudevents import completed_headers, document_of
from pipeline.errors import EventError
from pipeline.events import DocumentCompleted
from pipeline.examples import EXAMPLES
from tests.unit.records import FakeRecord

BINARY = (("ce_specversion", b"1.0"), ("ce_id", b"7"), ("ce_source", b"/crm"), ("ce_type", b"letter"))
STRUCTURED = (("content-type", b"application/cloudevents+json; charset=utf-8"),)
ATTRIBUTES = {"specversion": "1.0", "id": "7", "source": "/crm", "type": "letter"}


def structured(**more: object) -> FakeRecord:
    return FakeRecord(json.dumps(ATTRIBUTES | more).encode(), headers=STRUCTURED)


def test_plain_json_stays_what_it_was() -> None:
    assert document_of(FakeRecord(b'{"text": "Guten Tag."}')).id is None


@pytest.mark.parametrize(
    "record",
    [
        FakeRecord(b'{"text": "Gr\xc3\xbc\xc3\x9fe"}', headers=BINARY),
        FakeRecord(b'{"text": "Gr\xc3\xbc\xc3\x9fe"}', headers=(*BINARY, ("content-type", b"application/json"))),
        FakeRecord("Grüße".encode(), headers=(*BINARY, ("content-type", b"text/plain"))),
        structured(data={"text": "Grüße"}),
        structured(data="Grüße", datacontenttype="text/plain"),
        structured(data_base64=base64.b64encode("Grüße".encode()).decode(), datacontenttype="text/plain"),
    ],
    ids=["binary", "binary, typed", "binary text", "structured", "structured text", "structured bytes"],
)
def test_the_same_event_in_every_form_is_the_same_document(record: FakeRecord) -> None:
    part = document_of(record)
    assert part.text == "Grüße"
    assert part.id == document_of(structured(data={"text": "Grüße"})).id
    assert part.id is not None
    assert part.id.startswith("ce-")


def test_an_id_in_the_data_counts_more() -> None:
    assert document_of(structured(data={"text": "a", "id": "mine"})).id == "mine"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (FakeRecord(b'{"text": "a"}', headers=BINARY[:1]), "needs the headers ce_id and ce_source"),
        (FakeRecord(b"x", headers=(*BINARY, ("content-type", b"image/png"))), "type image/png"),
        (FakeRecord(b"\xff", headers=(*BINARY, ("content-type", b"text/plain"))), "not UTF-8"),
        (FakeRecord(b"[]", headers=(("content-type", b"application/cloudevents-batch+json"),)), "one event a record"),
        (FakeRecord(b'{"id": "7"}', headers=STRUCTURED), "not a CloudEvent"),
        (FakeRecord(None, headers=STRUCTURED), "not a CloudEvent"),
        (structured(data_base64="%"), "not a CloudEvent"),
        (structured(), "empty record"),
        (structured(data=["text"]), "not a DocumentPart"),
    ],
)
def test_what_is_no_event_is_refused_with_its_reason(record: FakeRecord, reason: str) -> None:
    with pytest.raises(EventError, match=reason):
        document_of(record)


def test_an_announcement_has_the_attributes_that_the_specification_asks_for() -> None:
    (example,) = EXAMPLES[DocumentCompleted]
    assert isinstance(example, DocumentCompleted)
    headers = dict(completed_headers(example, "team-a."))
    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": b"verwandlung:1790000000000:done:2:0",
        "ce_source": b"urn:satzstrom:team-a.sink",
        "ce_type": b"satzstrom.document.completed",
        "ce_subject": b"verwandlung",
        "ce_time": b"2026-09-21T14:13:20.400+00:00",
        "content-type": b"application/json",
    }
