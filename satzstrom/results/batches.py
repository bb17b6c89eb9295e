"""Several files in one request."""

from datetime import datetime
from typing import Literal

import msgspec

from satzstrom.results.counts import SentenceCounts


class BatchProblem(msgspec.Struct, frozen=True):
    """Why a file of a batch was not taken."""

    type: str
    detail: str


class BatchDocument(msgspec.Struct, frozen=True):
    """A file of a batch; `state` is None if no document was made of it."""

    position: int
    id: str
    filename: str | None
    state: str | None
    progress: float
    problem: BatchProblem | None


class Batch(msgspec.Struct, frozen=True):
    """A batch as it stands now."""

    id: str
    state: Literal["receiving", "translating", "done", "incomplete"]
    created: datetime
    states: dict[str, int]
    refused: int
    characters: int
    sentences: SentenceCounts
    progress: float
    documents: list[BatchDocument]
    url: str = ""
    """Path of its status; empty from older releases."""

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "incomplete")
