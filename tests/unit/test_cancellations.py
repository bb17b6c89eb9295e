"""Which documents nobody works on any more."""

import time

from pipeline.cancellations import KEPT_MS, Cancellations
from pipeline.events import Control, encode
from tests.unit.records import FakeRecord

NOW = int(time.time() * 1000)


def cancel(document: str, at: int = NOW) -> FakeRecord:
    return FakeRecord(encode(Control(document=document, action="cancel")), topic="control", timestamp=at)


def test_what_was_cancelled_is_known_and_nothing_else() -> None:
    cancelled = Cancellations()
    cancelled.add(cancel("a"))
    assert "a" in cancelled
    assert "b" not in cancelled


def test_what_cannot_be_read_changes_nothing() -> None:
    cancelled = Cancellations()
    for value in (None, b"", b"{", b'{"document":"a"}', b'{"document":"a","action":"sing"}', b"\xff"):
        cancelled.add(FakeRecord(value, topic="control"))
    assert "a" not in cancelled


def test_an_id_may_be_used_again_when_nothing_of_the_old_document_can_come_any_more() -> None:
    cancelled = Cancellations()
    cancelled.add(cancel("old", NOW - KEPT_MS - 1000))
    assert "old" not in cancelled
    cancelled.add(cancel("old", NOW - KEPT_MS - 1000))
    cancelled.add(cancel("young"))
    assert "young" in cancelled
    assert len(cancelled._times) == 1


def test_a_clock_that_runs_ahead_does_not_cancel_for_ever() -> None:
    cancelled = Cancellations()
    cancelled.add(cancel("a", NOW + 365 * KEPT_MS))
    assert cancelled._times["a"] < NOW + KEPT_MS
