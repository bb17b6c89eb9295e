"""Server-sent events as they go over the line (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from api.schemas.sentences import Judgement, changed
from api.schemas.statuses import Status
from pipeline.confidence import Level
from pipeline.errors import EventError
from pipeline.events import Remembered, Translation, decode
from store.parts import StoredSentence

END = "end"
"""Id of the last event of a document."""
SILENCE = b": nothing yet\n\n"
"""A comment: it keeps the connection open where nothing happens."""

_encoder = msgspec.json.Encoder()


class Place(NamedTuple):
    """An event's id: how far its reader has everything, as partition and offset in `translations`."""

    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.partition}-{self.offset}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """Return the place that an id names; one without a partition, as earlier releases wrote it, is nowhere."""
        partition, _, offset = text.rpartition("-")
        return cls(int(partition or -1), int(offset))


class LiveSentence(msgspec.Struct, omit_defaults=True):
    """A sentence's translation, as it is made; `position`: part and index, as in the list of sentences."""

    position: str
    translation: str | None
    """None only of what people have changed before it was translated."""
    flags: list[str]
    suspect: list[str]
    failed: bool
    confidence: int | None
    level: Level | None
    reason: str | None
    memory: Remembered | None
    """As in the list of sentences, and so is what follows; it is there only of what people have changed."""
    machine: str | None = None
    corrected: bool = False
    approved: bool = False
    comment: str | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None
    version: int = 0


def _live(sentence: StoredSentence) -> bytes:
    position = f"{sentence.part}.{sentence.index}"
    judged = Judgement.of(sentence.confidence, sentence.suspect, sentence.translation)
    said = position, sentence.translation, sentence.flags, sentence.suspect, sentence.failed
    return _encoder.encode(LiveSentence(*said, *judged, sentence.memory, **changed(sentence)))


def stored_event(sentence: StoredSentence) -> bytes:
    """Return the event of a sentence from the store; nothing while it has no translation."""
    return b"" if sentence.translation is None else b"event: sentence\ndata: %b\n\n" % _live(sentence)


def edited_event(sentence: StoredSentence, edit: int) -> bytes:
    """Return the event of a sentence that people have changed; `edit`: what its reader has everything of."""
    return b"event: sentence\ndata: %b\nid: %d\n\n" % (_live(sentence), edit)


def made_event(translation: bytes, after: Place) -> bytes:
    """Return the event of a translation as it is on its topic; `after`: the place behind it.

    Nothing for what is no translation: the sink puts it to the dead letters.
    """
    try:
        made = decode(Translation, translation)
    except EventError:
        return b""
    judged = Judgement.of(made.confidence, made.suspect, made.text)
    position = f"{made.part}.{made.index}"
    live = LiveSentence(position, made.text, made.flags, made.suspect, made.failed, *judged, made.memory)
    return b"event: sentence\ndata: %b\nid: %b\n\n" % (_encoder.encode(live), str(after).encode())


def status_event(kind: Literal["progress", "state"], status: Status, after: Place | str | None = None) -> bytes:
    """Return the event of a status."""
    identified = "" if after is None else f"id: {after}\n"
    # Line breaks are escaped in JSON, so one line of data holds it.
    return f"event: {kind}\ndata: {status.model_dump_json()}\n{identified}\n".encode()
