"""Units of a memory, and how they are stored."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from pipeline.memory import digests
from store.driver import Entry
from store.ownership import Ownership

Origin = Literal["person", "machine"]


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a document."""

    document: str
    part: int
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a model made a translation."""

    model: str
    """With its revision."""
    terms: Mapping[str, str] = field(default_factory=dict)
    """Those that the sentence was sent with."""
    alignment: Sequence[int] = ()
    confidence: int | None = None
    flags: Sequence[str] = ()
    suspect: Sequence[str] = ()
    """Why a reader should check it."""
    alternatives: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence with its translation."""

    source: str
    target: str
    """Languages."""
    text: str
    translation: str
    before: str | bytes | None = None
    """The sentence before it, or its digest; None: not known, "": it is the first."""
    after: str | bytes | None = None
    place: Place | None = None
    """Where it was made. A person's unit replaces the one that was made at the same place."""
    by: str | None = None
    """Who made it, in words for people."""
    at: datetime | None = None
    """When; None: now."""
    made: Made | None = None
    """None: a person made it."""


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit that is in a memory."""

    id: str
    source: str
    target: str
    text: str
    translation: str
    origin: Origin
    place: Place | None
    by: str | None
    at: datetime
    model: str | None
    confidence: int | None
    alignment: list[int]
    flags: list[str]
    suspect: list[str]
    alternatives: list[str]
    before: bytes | None
    after: bytes | None
    """Digests of the sentences beside it; None: not known."""


def identity(ownership: Ownership, unit: Unit) -> str:
    """Return the id of a unit: what is saved again replaces itself.

    A person's unit is one of its place; without a place, one of its text, translation and context. A machine's is one of
    its text, model and terms.
    """
    keys = digests.Keyring(ownership.owner, unit.source, unit.target)
    if unit.made is not None:
        parts = [unit.made.model, digests.of_terms(unit.made.terms), keys.exact(unit.text)]
    elif unit.place is not None:
        return of_place(ownership, unit.place)
    else:
        context = (digests.neighbour(unit.before), digests.neighbour(unit.after))
        parts = [keys.exact(unit.text), digests.normal(unit.translation), *context]
    return hashlib.blake2b(repr(parts).encode(), digest_size=15).hexdigest()


def of_place(ownership: Ownership, place: Place) -> str:
    """Return the id of the person's unit that was made at a place."""
    where = repr([ownership.owner, place.document, place.part, place.index])
    return hashlib.blake2b(where.encode("utf-8", "surrogatepass"), digest_size=15).hexdigest()


def entry_of(ownership: Ownership, unit: Unit, expires: datetime) -> Entry:
    """Return a unit as it is stored; a machine's goes when it `expires`."""
    keys = digests.Keyring(ownership.owner, unit.source, unit.target)
    entry: Entry = {
        "_id": identity(ownership, unit),
        "source": unit.source,
        "target": unit.target,
        "text": unit.text,
        "translation": unit.translation,
        "origin": "person" if unit.made is None else "machine",
        "keys": [keys.exact(unit.text)],
        "at": unit.at or datetime.now(UTC),
    }
    if unit.made is None:
        # A model's translation of other figures may be another one, and nobody is offered what a model made.
        entry["keys"] += [key for key in [keys.loose(unit.text)] if key is not None]
        entry["pairs"], entry["size"] = keys.shown(unit.text)
    entry |= {} if ownership.owner is None else {"owner": ownership.owner}
    entry |= {} if unit.by is None else {"by": unit.by}
    if unit.place is not None:
        entry |= {"document": unit.place.document, "part": unit.place.part, "index": unit.place.index}
    for name, neighbour in (("before", unit.before), ("after", unit.after)):
        if (digest := digests.neighbour(neighbour)) is not None:
            entry[name] = digest
    if (made := unit.made) is not None:
        entry |= {"model": made.model, "terms": digests.of_terms(made.terms), "expires": expires}
        entry |= {
            name: value
            for name, value in (
                ("alignment", list(made.alignment)),
                ("confidence", made.confidence),
                ("flags", list(made.flags)),
                ("suspect", list(made.suspect)),
                ("alternatives", list(made.alternatives)),
            )
            if value not in (None, [])
        }
    return entry


def unit_of(entry: Entry) -> StoredUnit:
    """Return a unit as it was stored."""
    place = Place(entry["document"], entry["part"], entry["index"]) if "document" in entry else None
    return StoredUnit(
        id=entry["_id"],
        source=entry["source"],
        target=entry["target"],
        text=entry["text"],
        translation=entry["translation"],
        origin=entry["origin"],
        place=place,
        by=entry.get("by"),
        at=entry["at"],
        model=entry.get("model"),
        confidence=entry.get("confidence"),
        alignment=entry.get("alignment", []),
        flags=entry.get("flags", []),
        suspect=entry.get("suspect", []),
        alternatives=entry.get("alternatives", []),
        before=entry.get("before"),
        after=entry.get("after"),
    )
