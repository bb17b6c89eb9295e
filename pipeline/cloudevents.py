"""CloudEvents 1.0 on Kafka (https://github.com/cloudevents/spec, the Kafka protocol binding).

In binary mode the attributes of an event are headers with the prefix `ce_`, and the value is its data. In structured mode
the value is one JSON object that has attributes and data.
"""

import base64
import binascii
import hashlib
from datetime import UTC, datetime
from typing import Any

import msgspec

from pipeline.errors import EventError
from pipeline.events import DocumentCompleted, DocumentPart, decode_document, encode
from pipeline.publisher import Outgoing
from pipeline.records import Record
from pipeline.topics import Topics

Headers = tuple[tuple[str, bytes], ...]


class _Structured(msgspec.Struct):
    """An event in structured mode; other attributes say nothing to us."""

    specversion: str
    id: str
    source: str
    data: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    data_base64: str | None = None
    datacontenttype: str = "application/json"


def document_of(record: Record) -> DocumentPart:
    """Read a `DocumentPart`: as plain JSON, or as a CloudEvent in binary or structured mode.

    A CloudEvent whose data is text/plain is a whole document. Without an id in the data, source and id of the CloudEvent
    make one, so that an event that is delivered twice is the same document.

    Raises `EventError`.
    """
    headers = {name.lower(): (value or b"").decode(errors="replace") for name, value in record.headers}
    kind = _media_type(headers.get("content-type", ""))
    if kind.startswith("application/cloudevents"):
        value, source, name = _structured(record.value, kind)
    elif "ce_specversion" in headers:
        source, name = headers.get("ce_source", ""), headers.get("ce_id", "")
        if not (source and name):
            raise EventError("a CloudEvent needs the headers ce_id and ce_source")
        value = _as_json(record.value or b"", kind)
    else:
        return decode_document(record.value)
    part = decode_document(value)
    if part.id is not None:
        return part
    digest = hashlib.blake2b(f"{source}\0{name}".encode(), digest_size=12).hexdigest()
    return msgspec.structs.replace(part, id=f"ce-{digest}")


def _structured(value: bytes | None, kind: str) -> tuple[bytes, str, str]:
    """Return data, source and id of an event in structured mode."""
    if kind != "application/cloudevents+json":
        raise EventError(f"cannot read {kind}; send one event a record, as application/cloudevents+json")
    try:
        event = msgspec.json.decode(value or b"", type=_Structured)
        if event.data_base64 is not None:
            data = base64.b64decode(event.data_base64, validate=True)
        else:
            data = bytes(event.data)
            if _media_type(event.datacontenttype).startswith("text/"):
                data = msgspec.json.decode(data, type=str).encode()
    except (msgspec.DecodeError, UnicodeDecodeError, binascii.Error) as error:
        raise EventError(f"not a CloudEvent: {error}") from None
    return _as_json(data, _media_type(event.datacontenttype)), event.source, event.id


def _as_json(data: bytes, kind: str) -> bytes:
    """Return data of a media type as the JSON of a document."""
    if kind in ("", "application/json") or kind.endswith("+json"):
        return data
    if kind.startswith("text/"):
        try:
            document: dict[str, Any] = {"text": data.decode()}
        except UnicodeDecodeError as error:
            raise EventError(f"the data is not UTF-8: {error}") from None
        return msgspec.json.encode(document)
    raise EventError(f"cannot read data of the type {kind}; send application/json or text/plain")


def _media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()


def completed_headers(event: DocumentCompleted, prefix: str) -> Headers:
    """Return the attributes of an announcement; its id depends on what it says alone, so that repetition can be seen."""
    sentences = event.sentences
    attributes = {
        "specversion": "1.0",
        "id": f"{event.document}:{event.created}:{event.state}:{sentences.translated}:{sentences.failed}",
        "source": f"urn:satzstrom:{prefix}sink",
        "type": "satzstrom.document.completed",
        "subject": event.document,
        "time": datetime.fromtimestamp(event.finished / 1000, UTC).isoformat(timespec="milliseconds"),
    }
    headers = tuple((f"ce_{name}", value.encode()) for name, value in attributes.items())
    return (*headers, ("content-type", b"application/json"))


def announcement(event: DocumentCompleted, topics: Topics) -> Outgoing:
    """Return the record that says that a document has come to its end."""
    headers = completed_headers(event, topics.prefix)
    return Outgoing(topics.documents_completed, encode(event), event.document.encode(), headers=headers)
