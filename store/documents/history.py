"""Which documents are wanted, and in which order: queries of the list of documents."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from pipeline.errors import InputError
from store.cursors import read_cursor, write_cursor
from store.driver import Entry

State = Literal["receiving", "translating", "done", "incomplete", "cancelled"]
Sort = Literal["created", "-created", "finished", "-finished", "characters", "-characters"]

_LONGEST_NAME = 128


@dataclass(frozen=True, slots=True)
class DocumentQuery:
    """Which documents are wanted; None means all."""

    state: State | None = None
    source: str | None = None
    target: str | None = None
    created_after: datetime | None = None
    """At this time or after it; without a zone it is UTC."""
    created_before: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    """Value by name; a dot in a name leads into an object: `author.name`."""
    ids: Collection[str] | None = None

    def as_filter(self) -> Entry:
        """Return the query as MongoDB takes it. Raises `InputError` for a name that metadata cannot have."""
        wanted: Entry = {"state": self.state or {"$ne": "deleted"}}
        wanted |= {name: value for name in ("source", "target") if (value := getattr(self, name)) is not None}
        # Traces of deleted documents, and what only a later part is known of, have no time of creation.
        created: Entry = {"$gt": datetime.min.replace(tzinfo=UTC)}
        if self.created_after is not None:
            created = {"$gte": _utc(self.created_after)}
        if self.created_before is not None:
            created["$lt"] = _utc(self.created_before)
        wanted["created"] = created
        for name, value in self.metadata.items():
            wanted[_path(name)] = {"$in": _readings(value)}
        if self.ids is not None:
            wanted["_id"] = {"$in": list(self.ids)}
        return wanted


@dataclass(frozen=True, slots=True)
class Order:
    """An order that an index serves, with its cursors."""

    sort: Sort

    @property
    def field(self) -> str:
        """The entry's field that it sorts by."""
        name = self.sort.removeprefix("-")
        return "counts.characters" if name == "characters" else name

    @property
    def sign(self) -> int:
        """1 for ascending, -1 for descending."""
        return -1 if self.sort.startswith("-") else 1

    def as_filter(self) -> Entry:
        """Return the filter that leaves out documents without the field: they have no place in this order."""
        if self.field == "counts.characters":
            return {self.field: {"$gte": 0}}
        return {self.field: {"$gt": datetime.min.replace(tzinfo=UTC)}}

    def beyond(self, cursor: str) -> Entry:
        """Return the filter for what comes after a cursor. Raises `InputError`."""
        text, name = read_cursor(self.sort, cursor, 2)
        try:
            value = int(text) if self.field == "counts.characters" else datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            raise InputError("the cursor is not one that a page gave; start without it") from None
        further = "$gt" if self.sign > 0 else "$lt"
        return {"$or": [{self.field: {further: value}}, {self.field: value, "_id": {further: name}}]}

    def cursor(self, entry: Entry) -> str:
        """Return the cursor of the place behind an entry."""
        value: Any = entry
        for name in self.field.split("."):
            value = value[name]
        return write_cursor(self.sort, value.isoformat() if isinstance(value, datetime) else str(value), entry["_id"])


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time


def _path(name: str) -> str:
    steps = name.split(".")
    if len(name) > _LONGEST_NAME or any(not step or step.startswith("$") or "\0" in step for step in steps):
        raise InputError(
            f"cannot search metadata by the name {name[:_LONGEST_NAME]!r}; use names and dots: author.name"
        )
    return f"metadata.{name}"


def _readings(value: str) -> list[Any]:
    """Return what a value in a URL can stand for: itself, and the number or truth value that it spells."""
    try:
        spelled = msgspec.json.decode(value.encode())
    except (msgspec.DecodeError, UnicodeEncodeError):
        return [value]
    fits = isinstance(spelled, bool | float) or (isinstance(spelled, int) and -(2**63) <= spelled < 2**63)
    return [value, spelled] if fits else [value]
