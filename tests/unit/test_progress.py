"""How far a document is, and what is said of it."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.intake import _characters
from api.progress import SILENT, estimated, eta, rounded, stalled_since, summary
from api.schemas.statuses import Status
from pipeline.document_info import DocumentInfo
from store.counting import LATELY, Counts, Pace
from store.documents.history import State
from store.documents.reading import Document
from tests.unit.documents import DOCUMENT, STARTED

NOW = STARTED + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("document", "progress", "eta"),
    [
        (DOCUMENT, 0.25, 30.0),
        # The rest of a body of 4,000 characters will have 300 sentences more.
        (replace(DOCUMENT, state="receiving", expected=4000), 0.062, 150.0),
        # All that came is translated: the rest is its sender's business.
        (
            replace(DOCUMENT, state="receiving", expected=4000, counts=replace(DOCUMENT.counts, translated=100)),
            0.25,
            None,
        ),
        # As much is taken to come as is there.
        (replace(DOCUMENT, state="receiving"), 0.125, None),
        (replace(DOCUMENT, state="receiving", expected=10), 0.25, 30.0),
        (replace(DOCUMENT, state="done"), 1.0, 0.0),
        (replace(DOCUMENT, counts=Counts()), 0.0, None),
        (replace(DOCUMENT, counts=replace(DOCUMENT.counts, translated=100)), 0.999, 0.0),
        # Of four parts the second is there.
        (replace(DOCUMENT, state="receiving", parts=4), 0.062, None),
        # A file of which 2,000 characters were read so far.
        (replace(DOCUMENT, state="receiving", internal={"file": {"characters": 2000}}), 0.125, None),
        # Where an upload broke off, it is not all but done.
        (replace(DOCUMENT, state="incomplete", expected=4000), 0.062, None),
        (replace(DOCUMENT, state="cancelled", expected=4000), 0.062, None),
    ],
    ids=[
        "translating", "arriving", "waiting for its sender",
        "arriving without length", "longer than said", "done", "nothing yet", "all but closed",
        "its end came first", "a file being read", "broke off", "cancelled while it arrived",
    ],
)  # fmt: skip
def test_progress_and_time_to_go(document: Document, progress: float, eta: float | None) -> None:
    status = Status.of(document, NOW)
    assert (status.progress, status.eta_seconds) == (progress, eta)


COUNT = some.integers(0, 10**7)


@given(
    state=some.sampled_from(get_args(State)),
    numbers=some.tuples(COUNT, COUNT, COUNT),
    parts=some.tuples(some.integers(0, 10**5), some.none() | some.integers(0, 10**5)),
    expected=some.none() | some.integers(0, 10**15),
    seconds=some.floats(-10, 10**7),
)
def test_nothing_is_all_before_its_end(
    state: State,
    numbers: tuple[int, int, int],
    parts: tuple[int, int | None],
    expected: int | None,
    seconds: float,
) -> None:
    characters, *sentences = numbers
    counts = Counts(
        parts=parts[0], characters=characters, total=max(sentences), translated=min(sentences), started=STARTED
    )
    document = replace(DOCUMENT, state=state, counts=counts, parts=parts[1], expected=expected)
    status = Status.of(document, STARTED + timedelta(seconds=seconds))
    assert (status.progress == 1) == (state == "done")
    assert 0 <= status.progress <= 1
    assert status.eta_seconds is None or status.eta_seconds >= 0
    assert status.estimated is None or status.estimated >= counts.total
    assert status.summary.endswith(".")


def at(seconds: float, lately: int, since: float | None = None, before: tuple[float, int] | None = None) -> Pace | None:
    """The pace at a second, of parts that were begun so many seconds ago."""
    now = STARTED + timedelta(seconds=seconds)
    earlier = before and {"at": now - timedelta(seconds=before[0]), "translated": before[1]}
    return Pace.of(now, lately, None if since is None else now - timedelta(seconds=since), earlier)


def test_the_pace_is_that_of_the_last_seconds() -> None:
    assert at(100, 0) is None
    # The first part of a document is all that there is.
    assert at(5, 100, 5) == Pace(100, 5)
    assert at(60, 400, 16, (24, 100)) == Pace(400, 16)
    # Of a part that was begun just now one reckons with the one before.
    assert at(60, 3, 0.2, (25, 400)) == Pace(403, 25)
    assert at(60, 0, None, (40, 80)) == Pace(80, 40)


def test_the_time_to_go_follows_a_pace_that_changes() -> None:
    """A book of 20,000 sentences in parts of 400: 200 a second at first, then 50, because other documents came."""
    begun: list[tuple[float, int]] = []
    translated, said = 0.0, {}
    for tenth in range(1, 1200):
        second = tenth / 10
        translated += (200 if second < 40 else 50) / 10
        while len(begun) <= translated // 400:
            begun.append((second, 0))
        begun = [(start, min(400, max(0, int(translated) - 400 * place))) for place, (start, _) in enumerate(begun)]
        recent = [one for one in begun if one[0] > second - LATELY]
        earlier = [one for one in begun if one[0] <= second - LATELY]
        before = (second - earlier[-1][0], earlier[-1][1]) if earlier else None
        pace = at(second, sum(one[1] for one in recent), second - recent[0][0] if recent else None, before)
        counts = Counts(characters=1, total=20000, translated=int(translated), started=STARTED, pace=pace)
        said[second] = eta(replace(DOCUMENT, counts=counts), STARTED + timedelta(seconds=second))
    assert said[2.0] is None
    assert said[4.9] is None
    for second, of_late in ((20.0, 200), (39.0, 200), (70.0, 50), (119.0, 50)):
        left = 20000 - (200 * min(second, 40) + 50 * max(0, second - 40))
        assert (found := said[second]) is not None
        assert abs(found - left / of_late) / (left / of_late) < 0.15, second
    # While nothing changes, it goes down and does not tremble.
    steady = [said[second / 10] or 0 for second in range(150, 400)]
    assert all(later <= earlier + 5 for earlier, later in pairwise(steady))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.0, 0), (0.2, 1), (7.4, 8), (12.4, 15), (59.9, 60), (83.0, 90), (751.0, 780), (4000.0, 4200)],
)
def test_times_are_rounded_as_they_are_meant(seconds: float, said: float) -> None:
    assert rounded(seconds) == said


def test_an_upload_that_is_silent_says_so_and_how_to_go_on() -> None:
    document = replace(DOCUMENT, state="receiving", expected=4000, heard=NOW)
    assert stalled_since(document, NOW + SILENT) is None
    later = NOW + SILENT + timedelta(seconds=1)
    assert stalled_since(document, later) == NOW
    status = Status.of(document, later)
    assert status.stalled_since == NOW
    assert status.eta_seconds is None
    assert "Send the same text again under its id" in status.summary
    assert "25 of about 400 sentences" in status.summary


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Translating: 25 of 100 sentences are translated."),
        ({"state": "receiving"}, "Arriving: 25 of 100 sentences so far are translated."),
        ({"state": "receiving", "counts": Counts()}, "It is arriving."),
        ({"counts": Counts(total=1)}, "1 sentence to be translated."),
        ({"state": "done", "counts": Counts(total=1, translated=1)}, "Done: 1 sentence."),
        (
            {"state": "done", "counts": Counts(total=1200, translated=1200, suspect=3, failed=1)},
            "Done: 1,200 sentences, 3 marked as doubtful, 1 could not be translated.",
        ),
        (
            {"state": "done", "counts": Counts(characters=40, parts=1)},
            "Done: there was nothing to translate; it is as it came.",
        ),
        (
            {"state": "incomplete", "reason": "the connection broke off", "expected": 4000},
            (
                "The upload broke off (the connection broke off): 25 of about 400 sentences are translated. "
                "Send the same text again under its id to go on, or delete it."
            ),
        ),
    ],
)
def test_a_state_is_said_in_words(changes: dict[str, Any], said: str) -> None:
    assert summary(replace(DOCUMENT, **changes), NOW) == said


@pytest.mark.parametrize(
    ("text", "encoding", "sent", "characters"),
    [
        ("abcd", "utf-8", 400, 400),
        ("Привет, мир", "utf-8", 2000, 1100),
        ("Привет, мир", "windows-1251", 1100, 1100),
        ("日本語", "utf-8", 3000, 1000),
        ("", "utf-8", 0, 0),
        # Who says less than there is already.
        ("abcd", "utf-8", 1, 4),
    ],
)
def test_bytes_are_as_many_characters_as_they_are_in_the_beginning(
    text: str, encoding: str, sent: int, characters: int
) -> None:
    assert _characters(DocumentInfo("d", expected=sent, internal={"encoding": encoding}), text) == characters


def test_without_a_length_nothing_is_reckoned() -> None:
    assert _characters(DocumentInfo("d"), "abc") is None
    assert estimated(replace(DOCUMENT, state="receiving")) is None
