"""Documents, their parts, and files for them."""

from datetime import datetime
from typing import Any

import msgspec

from satzstrom.results.counts import SentenceCounts


class Accepted(msgspec.Struct, frozen=True):
    """A document that was taken; `url` is the path of its status."""

    id: str
    state: str
    url: str


class Callback(msgspec.Struct, frozen=True):
    """What came of telling a document's sender; `due` is when the next attempt is made, if there is one."""

    url: str
    attempts: int
    delivered: datetime | None
    error: str | None
    due: datetime | None


class NamedGlossary(msgspec.Struct, frozen=True):
    """A glossary as it was called when a document was submitted with it."""

    id: str
    name: str


class Status(msgspec.Struct, frozen=True):
    """A document as it stands now."""

    id: str
    state: str
    source: str
    target: str
    model: str | None
    characters: int
    sentences: SentenceCounts
    progress: float
    eta_seconds: float | None
    created: datetime
    finished: datetime | None
    metadata: dict[str, Any] = {}
    reason: str | None = None
    """Why the upload broke off."""
    encoding: str | None = None
    """What its bytes were read as."""
    pivot: str | None = None
    """Language by way of which it is translated, where no model does it directly."""
    format: str | None = None
    """The kind of file that it came as; None: as text."""
    read: int | None = None
    """How many paragraphs, cells or cues were read of its file."""
    left: dict[str, int] = {}
    """How many things in its file were left alone, by reason."""
    warnings: list[str] = []
    """What its sender should know of its file."""
    edits: int = 0
    """How often people have changed something of its translation."""
    name: str | None = None
    """What people call it: its title, its file's name, or its first words; None from older releases."""
    summary: str = ""
    """State, counts and what there is to do, in words; empty from older releases."""
    estimated: int | None = None
    """About how many sentences it will have; None while nothing says it."""
    stalled_since: datetime | None = None
    """While it arrives: since when nothing has come, once that is long enough to say that the upload broke off."""
    detected: str | None = None
    """With `auto`: the language of its beginning."""
    batch: str | None = None
    """Id of the batch that it was sent with."""
    glossary: NamedGlossary | None = None
    """The glossary that it is translated with."""
    callback: Callback | None = None
    """What came of telling its sender that it has come to its end."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "cancelled", "incomplete")

    @property
    def called(self) -> str:
        """What people call it; empty if nothing is known."""
        named = self.name or self.metadata.get("title") or self.metadata.get("filename")
        return named if isinstance(named, str) else ""


class StatusPage(msgspec.Struct, frozen=True):
    """Documents, and where the next page begins."""

    items: list[Status]
    next: str | None


class Part(msgspec.Struct, frozen=True):
    """A part of a document that is there; `revision` as `pipeline.revisions` makes it."""

    part: int
    revision: str
    characters: int
    sentences: SentenceCounts


class PartPage(msgspec.Struct, frozen=True):
    """Parts, what their document was begun with, and where the next page begins."""

    source: str
    target: str
    model: str | None
    items: list[Part]
    next: int | None


class FileUpload(msgspec.Struct, frozen=True):
    """A file for documents to come, as far as it is there."""

    id: str
    filename: str
    bytes: int
    """Where to go on while it is not complete."""
    complete: bool
    digest: str | None
    """SHA-256 in hexadecimal digits; None while it is not complete."""
