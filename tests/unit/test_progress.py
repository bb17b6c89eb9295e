"""How far a document is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.schemas import Status
from store.counting import Counts
from store.documents.reading import Document
from tests.unit.documents import DOCUMENT, STARTED


@pytest.mark.parametrize(
    ("document", "progress", "eta"),
    [
        (DOCUMENT, 0.25, 30.0),
        # The rest of a body of 4,000 characters will have 300 sentences more.
        (replace(DOCUMENT, state="receiving", expected=4000), 0.062, 150.0),
        (replace(DOCUMENT, state="receiving"), 0.25, None),
        (replace(DOCUMENT, state="receiving", expected=10), 0.25, 30.0),
        (replace(DOCUMENT, state="done"), 1.0, 0.0),
        (replace(DOCUMENT, counts=Counts()), 0.0, None),
        (replace(DOCUMENT, counts=replace(DOCUMENT.counts, translated=100)), 0.999, 0.0),
    ],
    ids=[
        "translating",
        "arriving",
        "arriving without length",
        "longer than said",
        "done",
        "nothing yet",
        "all but closed",
    ],
)
def test_progress_and_time_to_go(document: Document, progress: float, eta: float | None) -> None:
    status = Status.of(document, STARTED + timedelta(seconds=10))
    assert (status.progress, status.eta_seconds) == (progress, eta)
