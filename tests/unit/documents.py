"""Documents without a store."""

from datetime import UTC, datetime

from store.counting import Counts
from store.documents.reading import Document

STARTED = datetime(2026, 11, 21, tzinfo=UTC)

DOCUMENT = Document(
    id="d",
    owner=None,
    state="translating",
    source="de",
    detected=None,
    target="en",
    model=None,
    wanted_model=None,
    reason=None,
    expected=None,
    callback=None,
    metadata={},
    internal={},
    created=STARTED,
    finished=None,
    parts=None,
    counts=Counts(parts=1, characters=1000, total=100, translated=25, started=STARTED),
)
"""One that is being translated."""
