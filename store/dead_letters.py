"""Dead letters as people look at them: stored by the sink, listed, replayed and dropped through the API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from pymongo import UpdateOne

from pipeline.dead_letters import PREFIX, reasons_of
from pipeline.events import LATEST
from pipeline.records import Record
from store.collections import Collections
from store.driver import Entry
from store.failures import translated


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that could not be used, as it was, and why."""

    id: str
    """Where it came from: topic, partition and offset."""
    at: datetime
    service: str
    stage: str
    reason: str
    message: str
    document: str | None
    topic: str
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]
    replayed: datetime | None


@dataclass(frozen=True, slots=True)
class DeadLetterQuery:
    """Which dead letters are wanted; None means all."""

    service: str | None = None
    stage: str | None = None
    reason: str | None = None
    document: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def as_filter(self) -> Entry:
        """Return the query as MongoDB takes it."""
        names = ("service", "stage", "reason", "document")
        wanted: Entry = {name: value for name in names if (value := getattr(self, name)) is not None}
        bounds = {"$gte": self.since, "$lt": self.until}
        at = {operator: time for operator, time in bounds.items() if time is not None}
        return wanted | ({"at": at} if at else {})


class DeadLetterStore:
    """Keeps dead letters; writing one twice is writing it once."""

    def __init__(self, collections: Collections) -> None:
        self._letters = collections.dead_letters
        self._documents = collections.documents

    async def add(self, records: Sequence[Record]) -> None:
        """Store records of the topic of dead letters, but none of a deleted document. Raises `UnavailableError`."""
        if not records:
            return
        with translated():
            await self._letters.bulk_write([_upsert(record) for record in records], ordered=False)
            # Looked for afterwards: who deleted the document may have been done before these came.
            names = [name for record in records if (name := _document(record.value)) is not None]
            deleted = await self._documents.distinct("_id", {"_id": {"$in": names}, "state": "deleted"})
            if deleted:
                await self._letters.delete_many({"document": {"$in": deleted}})

    async def page(self, query: DeadLetterQuery, *, limit: int, after: str | None) -> list[DeadLetter]:
        """Return up to `limit` dead letters, newest first, that come after the one with the id `after`."""
        wanted = query.as_filter()
        with translated():
            if after is not None:
                last = await self._letters.find_one({"_id": after}, {"at": 1})
                if last is not None:
                    place = last["at"]
                    beyond = [{"at": {"$lt": place}}, {"at": place, "_id": {"$lt": after}}]
                    wanted = {"$and": [wanted, {"$or": beyond}]}
            cursor = self._letters.find(wanted).sort([("at", -1), ("_id", -1)]).limit(limit)
            return [_letter(entry) async for entry in cursor]

    async def get(self, letter: str) -> DeadLetter | None:
        """Return one, or None if there is none of that id."""
        with translated():
            entry = await self._letters.find_one({"_id": letter})
        return _letter(entry) if entry else None

    async def replayed(self, letter: str) -> None:
        """Note that one was sent again."""
        with translated():
            await self._letters.update_one({"_id": letter}, {"$set": {"replayed": datetime.now(UTC)}})

    async def drop(self, letter: str) -> bool:
        """Forget one; return whether it was there."""
        with translated():
            return (await self._letters.delete_one({"_id": letter})).deleted_count == 1


def _upsert(record: Record) -> UpdateOne:
    why = reasons_of(record)
    origin = (
        f"{why.get('topic', record.topic)}-{why.get('partition', record.partition)}-{why.get('offset', record.offset)}"
    )
    if (sent := why.get("timestamp", "")).isdecimal() and len(sent) < 20:
        # Offsets begin anew with a Kafka that is set up anew.
        origin += f"-{int(sent):x}"
    entry: Entry = {
        "at": datetime.fromtimestamp(min(max(0, record.timestamp), LATEST) / 1000, UTC),
        "service": why.get("connector.name", "unknown"),
        "stage": why.get("stage", "unknown"),
        "reason": why.get("exception.class.name", "unknown"),
        "message": why.get("exception.message", ""),
        "document": _document(record.value),
        "topic": why.get("topic", record.topic),
        "key": record.key,
        "value": record.value,
        "headers": [[name, value] for name, value in _own(record.headers)],
    }
    return UpdateOne({"_id": origin}, {"$set": entry}, upsert=True)


def _own(headers: Iterable[tuple[str, bytes | None]]) -> Iterable[tuple[str, bytes | None]]:
    """Return the headers that the record had before it became a dead letter."""
    return ((name, value) for name, value in headers if not name.startswith(PREFIX))


def _document(value: bytes | None) -> str | None:
    """Return the id of the document that a record belongs to, if it can be read at all."""
    try:
        found: Any = msgspec.json.decode(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    name = (found.get("document") or found.get("id")) if isinstance(found, dict) else None
    return name if isinstance(name, str) else None


def _letter(entry: Entry) -> DeadLetter:
    return DeadLetter(
        id=entry["_id"],
        headers=[(name, value) for name, value in entry["headers"]],
        replayed=entry.get("replayed"),
        **{
            name: entry[name]
            for name in ("at", "service", "stage", "reason", "message", "document", "topic", "key", "value")
        },
    )
