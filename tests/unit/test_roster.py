"""Which translators run."""

from pipeline.events import OfferedModel, TranslatorStatus, encode
from pipeline.roster import ALIVE_FOR, Roster
from tests.unit.records import FakeRecord

NOW = 1_790_000_000_000


def status(name: str, *, at: int = NOW, state: str = "ready", model: str = "de-en@1") -> bytes:
    return encode(
        TranslatorStatus(
            id=name,
            engine="ctranslate2",
            device="cpu",
            state=state,  # type: ignore[arg-type]
            models=[OfferedModel(id=model, source="de", target="en")],
            at=at,
        )
    )


def test_translators_count_while_they_are_heard_of() -> None:
    roster = Roster()
    roster.add(FakeRecord(status("a"), key=b"a"))
    roster.add(FakeRecord(status("b", at=NOW - int(ALIVE_FOR * 1000) - 1), key=b"b"))
    roster.add(FakeRecord(status("c", state="stopping"), key=b"c"))
    assert [one.id for one in roster.alive(NOW)] == ["a"]


def test_what_running_translators_offer_counts_first() -> None:
    roster = Roster()
    roster.add(FakeRecord(status("old", at=0, model="old@1"), key=b"old"))
    assert [model.id for model in roster.models()] == ["old@1"]


def test_garbage_on_the_topic_changes_nothing() -> None:
    roster = Roster()
    roster.add(FakeRecord(status("a"), key=b"a"))
    roster.add(FakeRecord(b"{", key=b"a"))
    assert len(roster.alive(NOW)) == 1
    roster.add(FakeRecord(None, key=b"a"))
    assert roster.alive(NOW) == []
