"""The fault that loses sentences takes those of one document once, or the document could only be incomplete."""

import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from embedded.chaos import losing
from embedded.chaos.fault import Target
from embedded.state import PipelineState


class Paused(Target):
    """A pipeline of which only signals are noted."""

    def __init__(self, events: list[str]) -> None:
        super().__init__(Path("/nowhere"))
        self._events = events

    def running(self) -> PipelineState:
        return PipelineState(kafka="", mongodb="", api="", processes=[])

    def signal(self, number: int, names: Collection[str]) -> None:
        del names
        self._events.append(signal.Signals(number).name)


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what happens: signals, losses, and how often somebody asked which documents are under way."""
    noted: list[str] = []

    async def remove(*_: Any) -> None:
        noted.append("lose")

    monkeypatch.setattr(losing, "_remove_records", remove)
    monkeypatch.setattr(losing, "_PILE_UP", 0)
    monkeypatch.setattr(losing, "_LOOK_EVERY", 0)
    return noted


def under_way(monkeypatch: pytest.MonkeyPatch, events: list[str], *answers: Collection[str]) -> None:
    """Let the API answer with these documents, one set after the other."""
    left = iter(answers)

    def documents(state: str) -> list[SimpleNamespace]:
        events.append(state)
        return [SimpleNamespace(id=name) for name in next(left)]

    @contextmanager
    def client(*_: Any, **__: Any) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(documents=documents)

    monkeypatch.setattr(losing, "Client", client)


def test_sentences_are_lost_while_translators_stand(monkeypatch: pytest.MonkeyPatch, events: list[str]) -> None:
    under_way(monkeypatch, events, [], ["long"])
    (kind,) = losing.LostSentences(Paused(events)).kinds()
    kind.strike()
    assert events == ["translating", "SIGSTOP", "lose", "translating", "SIGCONT"]


def test_the_next_loss_waits_until_what_was_struck_is_done(monkeypatch: pytest.MonkeyPatch, events: list[str]) -> None:
    (kind,) = losing.LostSentences(Paused(events)).kinds()
    under_way(monkeypatch, events, [], ["long", "short"], ["long"], ["long", "new"], ["new"], ["new"])
    kind.strike()
    events.clear()
    kind.strike()
    assert events == [*["translating"] * 3, "SIGSTOP", "lose", "translating", "SIGCONT"]
