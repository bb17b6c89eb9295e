"""What the command line says of documents: how far they are, that an upload broke off, and how to go on."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from pipeline.counted import percent
from pipeline.errors import SatzstromError
from producer import progress
from producer.progress import Lines, all_of
from producer.wording import duration, not_done, of_all, to_go
from satzstrom import Client
from satzstrom.results import SentenceCounts, Status
from tests.conftest import ROOT
from tests.unit.fake_api import FakeApi, run, served

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
STATUS = Status("d", "translating", "de", "en", "m@1", 90, SentenceCounts(40, 30), 0.75, 25.0, NOW, None, estimated=40)
ARRIVING = msgspec.structs.replace(STATUS, state="receiving", estimated=900, progress=0.033, eta_seconds=None)
STALLED = msgspec.structs.replace(ARRIVING, stalled_since=NOW, summary="Nothing comes any more.")
BROKEN = msgspec.structs.replace(
    ARRIVING, state="incomplete", reason="the connection was closed", summary="It broke off."
)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.29, "29%"), (0.58, "58%"), (0.996, "99%"), (0.999, "99%"), (0.9999, "99%"), (1, "100%")],
)
def test_percent_are_rounded_down_so_that_100_are_all(share: float, text: str) -> None:
    assert percent(share) == text


def in_percent(text: str) -> list[str]:
    """Return what a program writes in percent by a format, which rounds up."""
    return [
        ast.unparse(node.value)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FormattedValue) and node.format_spec and "%'" in ast.unparse(node.format_spec)
    ]


def test_percent_are_written_by_that_alone() -> None:
    assert in_percent("f'{a:.0%} {b:,} {c:%H:%M}'") == ["a"]
    looked_at = [
        path for place in ("producer", "embedded", "api", "satzstrom") for path in (ROOT / place).rglob("*.py")
    ]
    assert len(looked_at) > 150
    assert [path for path in looked_at if in_percent(path.read_text(encoding="utf-8"))] == []


def test_sentences_are_counted_by_how_many_there_will_be() -> None:
    assert [of_all(one) for one in (STATUS, ARRIVING)] == ["40 sentences", "about 900 sentences"]
    unsaid = msgspec.structs.replace(ARRIVING, estimated=None)
    assert (of_all(unsaid), all_of(unsaid)) == ("40 sentences so far", None)
    assert [all_of(one) for one in (STATUS, ARRIVING)] == [40, 900]
    older = msgspec.structs.replace(STATUS, estimated=None)
    assert (of_all(older), all_of(older)) == ("40 sentences", 40)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (25, "25 s"), (130, "2 min 10 s"), (840, "14 min"), (3660, "1 h 1 min")]
)
def test_times_are_read_at_a_glance(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_nothing_is_to_go_where_that_is_not_known_or_nothing_comes() -> None:
    assert to_go(STATUS) == "25 s to go"
    assert to_go(msgspec.structs.replace(STATUS, eta_seconds=None)) == ""
    assert to_go(msgspec.structs.replace(STATUS, state="cancelled")) == ""


def test_lines_say_once_that_an_upload_stands_still(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(progress, "_LINE_EVERY", 0.0)
    lines = Lines()
    for status in (ARRIVING, STALLED, STALLED, ARRIVING, STALLED):
        lines.show(status)
    said = capsys.readouterr().err.splitlines()
    assert "receiving: 30 of about 900 sentences" in said[0]
    assert [("nothing has come of d since" in one, "submit --resume d FILE" in one) for one in said] == [
        (False, False), (True, True), (False, False), (False, False), (False, False), (True, True), (False, False),
    ]  # fmt: skip
    assert [one.partition(":")[0] for one in said if "sentences/s" in one] == [
        "stalled",
        "stalled",
        "receiving",
        "stalled",
    ]


class Told(Client):
    """Tells one status after the other."""

    def __init__(self, *statuses: Status) -> None:
        super().__init__()
        self._statuses = iter(statuses)

    def status(self, document: str) -> Status:
        del document
        return next(self._statuses)


def test_the_bar_stands_for_all_that_will_come_and_says_what_the_api_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_POLL_EVERY", 0.0)
    # What it looks like last is what a pipe gets of it.
    with Told(ARRIVING, STALLED, BROKEN) as client:
        assert progress._with_bar(client, "d") == BROKEN
    said = capsys.readouterr().err
    assert "nothing has come of d since" in said
    assert "submit --resume d FILE" in said
    assert "30/900 sentences" in said


def test_who_did_not_get_all_is_told_why_and_the_way_on() -> None:
    assert not_done(BROKEN) == (
        "document d is incomplete (the connection was closed); send what is missing: satzstrom submit --resume d FILE; "
        "what is there: satzstrom get d --partial; delete it: satzstrom delete d"
    )
    read = msgspec.structs.replace(BROKEN, format="docx", read=3)
    assert "send the file again: satzstrom submit FILE" in not_done(read)
    assert "get d --partial" in not_done(msgspec.structs.replace(STATUS, state="cancelled"))


class Documents(FakeApi):
    """Has documents, of which each is called d."""

    documents: list[Status]

    def answer(self) -> None:
        one = self.path.startswith("/v1/documents/")
        answer = self.documents[0] if one else {"items": self.documents, "next": None}
        self.reply(200, msgspec.json.encode(answer))


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Status]]:
    with served(Documents, monkeypatch, documents=[]) as kind:
        yield kind.documents


@pytest.mark.parametrize("status", [STALLED, BROKEN])
def test_status_and_list_say_that_an_upload_broke_off_and_the_way_on(there: list[Status], status: Status) -> None:
    there.append(status)
    shown = run("status", "d").stdout
    assert status.summary in shown
    assert "30 of about 900 sentences (3%)" in shown
    assert "satzstrom submit --resume d FILE" in shown
    listed = run("list")
    table, further = listed.stdout, listed.stderr
    state = "stalled" if status.stalled_since else "incomplete"
    assert table.splitlines()[1].split()[:4] == ["d", state, "de→en", "30/~900"]
    assert f"document d is {state}" in further
    assert "satzstrom submit --resume d FILE" in further


def test_watch_and_get_say_why_there_is_no_translation(there: list[Status]) -> None:
    there.append(BROKEN)
    for command in ("watch", "get"):
        with pytest.raises(SatzstromError, match=r"incomplete \(the connection was closed\); send what is missing"):
            run(command, "d")


def test_nothing_is_said_of_a_way_on_where_all_goes_well(there: list[Status]) -> None:
    there.append(STATUS)
    shown = run("status", "d").stdout
    assert shown.splitlines() == ["d: translating, de→en, model m@1", "30 of 40 sentences (75%)", "about 25 s to go"]
    assert run("list").stderr == ""
