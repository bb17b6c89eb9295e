"""The hostile records of chaos: none of them can be read, or one that is done would be taken for a fault of the pipeline."""

import random
from pathlib import Path

import pytest

from embedded.chaos import hostile_records
from embedded.chaos.fault import Ledger, Target
from embedded.chaos.hostile_records import HostileRecords
from embedded.state import PipelineState
from pipeline.errors import EventError
from pipeline.events import decode
from pipeline.topics import Topics


class Somewhere(Target):
    def running(self) -> PipelineState:
        return PipelineState(kafka="nowhere:1", mongodb="", api="", processes=[])


def test_each_is_refused_on_its_topic_and_known_to_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, bytes]] = []

    async def publish(_: object, records: list[tuple[str, bytes, bytes]]) -> None:
        sent.extend((topic, value) for topic, value, _ in records)

    monkeypatch.setattr(hostile_records, "_publish", publish)
    ledger = Ledger()
    (kind,) = HostileRecords(Somewhere(Path("/nowhere")), random.Random(3), ledger).kinds()
    for _ in range(30):
        kind.strike()
    assert len(sent) == len(ledger.letters), "each is different, so that each can be looked for"
    assert len({topic for topic, _ in sent}) == 6
    for topic, value in sent:
        assert value in ledger.letters
        event = Topics()[topic].event
        assert event is not None
        with pytest.raises(EventError):
            decode(event, value)
