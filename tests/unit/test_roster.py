"""Which translators run."""

from collections.abc import Mapping, Sequence

import pytest

from pipeline.errors import ModelError, PairError
from pipeline.events import OfferedModel, TextGoes, TranslatorStatus, encode
from pipeline.roster import ALIVE_FOR, PAIR_KEPT, Roster, _Entry
from tests.unit.records import FakeRecord

NOW = 1_790_000_000_000
MODEL_KEPT = 300.0


class World:
    """A roster, and a clock that stands until it is told otherwise."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.roster = Roster(MODEL_KEPT, lambda: self.seconds)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds

    def hear(
        self,
        name: str,
        *models: str,
        at: float | None = None,
        state: str = "ready",
        any_pair: bool = False,
        partitions: Mapping[str, Sequence[int]] | None = None,
        preferred: str | None = None,
        clock: int = 0,
        waits: bool = False,
        goes: TextGoes = "machine",
    ) -> None:
        """Take an announcement of models such as `de-en@1`; its record came `at`, when its sender's clock said `clock`."""
        pairs = [model.partition("@")[0].split("-")[:2] for model in models]
        status = TranslatorStatus(
            id=name,
            engine="ctranslate2",
            device="cpu",
            state=state,  # type: ignore[arg-type]
            models=[
                OfferedModel(id=m, source=s, target=t, preferred=m == preferred)
                for m, (s, t) in zip(models, pairs, strict=True)
            ],
            any_pair=any_pair,
            partitions={topic: list(numbers) for topic, numbers in (partitions or {}).items()},
            waits=waits,
            text_goes=goes,
            at=clock,
        )
        time = NOW + round((self.seconds if at is None else at) * 1000)
        self.roster.add(FakeRecord(encode(status), key=name.encode(), timestamp=time))

    def alive(self) -> list[str]:
        """Return the names of those who are alive."""
        return [one.id for one in self.roster.alive()]

    def models(self) -> list[str]:
        """Return what is offered."""
        return [model.id for model in self.roster.models()]


def test_translators_count_while_they_are_heard_of() -> None:
    world = World()
    world.hear("a", "de-en@1")
    world.hear("c", "de-en@1", state="stopping")
    assert world.alive() == ["a"]
    world.wait(ALIVE_FOR - 0.1)
    assert world.alive() == ["a"]
    world.wait(0.2)
    assert world.alive() == []


@pytest.mark.parametrize("skew", [-3_600_000, -10_000, 10_000, 3_600_000])
def test_the_clocks_of_translators_and_readers_do_not_matter(skew: int) -> None:
    world = World()
    world.hear("a", "de-en@1", clock=NOW + skew)
    assert world.alive() == ["a"]
    world.wait(ALIVE_FOR + 1)
    assert world.alive() == [], "dead, however far ahead its clock was"


def test_another_broker_whose_clock_is_behind_does_not_end_the_translators() -> None:
    world = World()
    world.hear("a", "de-en@1")
    world.wait(2)
    world.hear("a", "de-en@1", at=world.seconds - 60)
    assert world.alive() == ["a"]


def test_a_pair_whose_only_translator_restarts_is_accepted_while_others_are_alive() -> None:
    world = World()
    world.hear("a", "de-en@1")
    world.hear("b", "fr-en@1")
    world.wait(3600)
    world.hear("a", "de-en@1")
    assert world.alive() == ["a"]
    world.roster.check("fr", "en", None)
    assert world.models() == ["de-en@1", "fr-en@1"]
    with pytest.raises(PairError):
        world.roster.check("es", "en", None)


def test_a_pair_is_forgotten_a_day_after_its_last_word() -> None:
    world = World()
    world.hear("b", "fr-en@1")
    world.wait(PAIR_KEPT + 1)
    world.hear("a", "de-en@1")
    assert world.models() == ["de-en@1"]
    with pytest.raises(PairError):
        world.roster.check("fr", "en", None)
    # A process that has just read the topic, where records of weeks ago may still be, answers alike.
    other = World()
    other.seconds = world.seconds
    other.hear("b", "fr-en@1", at=1000.0)
    other.hear("a", "de-en@1")
    assert other.models() == world.models()


def test_old_names_do_not_pile_up() -> None:
    world = World()
    for number in range(100):
        world.hear(f"pod-{number}", "de-en@1")
        world.wait(PAIR_KEPT / 10)
    assert len(world.roster._entries) <= 11


def test_an_old_revision_is_offered_until_it_is_not_heard_of_for_minutes() -> None:
    world = World()
    world.hear("old", "de-en@1")
    world.wait(MODEL_KEPT - 1)
    world.hear("new", "de-en@2")
    assert world.models() == ["de-en@1", "de-en@2"]
    world.wait(2)
    world.hear("new", "de-en@2")
    assert world.models() == ["de-en@2"]
    with pytest.raises(ModelError):
        world.roster.check("de", "en", "de-en@1")
    world.roster.check("de", "en", "de-en@1", kept=PAIR_KEPT)


def test_models_of_a_pair_that_nobody_runs_are_those_of_its_last_translators() -> None:
    world = World()
    world.hear("old", "de-en@1")
    world.wait(7200)
    world.hear("new", "de-en@2")
    world.wait(7200)
    assert world.models() == ["de-en@2"]


def test_garbage_on_the_topic_changes_nothing() -> None:
    world = World()
    world.hear("a", "de-en@1")
    world.roster.add(FakeRecord(b"{", key=b"a", timestamp=NOW + 1_000_000))
    assert world.alive() == ["a"]
    world.roster.add(FakeRecord(None, key=b"a", timestamp=NOW + 1_000_000))
    assert world.alive() == []


LANE = "sentences.bulk"
OWN = "sentences.bulk.de-en"


def test_sentences_go_to_the_topic_of_their_pair_if_somebody_reads_it() -> None:
    world = World()
    assert world.roster.topic(LANE, "de", "en") == LANE, "nobody is known"
    world.hear("earlier release", "de-en@1")
    assert world.roster.topic(LANE, "de", "en") == LANE
    world.hear("this one", "de-en@1", partitions={OWN: []})
    assert world.roster.topic(LANE, "de-AT", "en") == OWN
    assert world.roster.topic(LANE, "fr", "en") == LANE
    world.wait(3600)
    assert world.roster.topic(LANE, "de", "en") == OWN, "its lag says that somebody has to start"
    world.hear("tests", "de-en@1", any_pair=True)
    world.hear("earlier release", "de-en@1")
    assert world.roster.topic(LANE, "de", "en") == LANE, "only an earlier release is alive"


def test_the_partitions_of_those_who_run_a_model_are_known() -> None:
    world = World()
    world.hear("old", "de-en@1", partitions={OWN: [0, 2]})
    world.hear("new", "de-en@2", partitions={OWN: [1, 3]})
    world.hear("french", "fr-en@1", partitions={LANE: [4]})
    assert world.roster.owned(OWN, "de", "en", "de-en@1") == [0, 2]
    assert world.roster.owned(OWN, "de", "en", "de-en") == [0, 1, 2, 3]
    assert world.roster.owned(OWN, "fr", "en", None) == []
    world.wait(ALIVE_FOR + 1)
    assert world.roster.owned(OWN, "de", "en", "de-en@1") == []


@pytest.mark.parametrize(("source", "target"), [("en", "en"), ("en-GB", "en-US"), ("de", "de"), ("nl", "nl")])
def test_what_is_to_stay_in_its_language_needs_no_model(source: str, target: str) -> None:
    world = World()
    world.hear("a", "de-en@1")
    world.roster.check(source, target, None)
    assert world.roster.copies(source, target)
    with pytest.raises(PairError):
        world.roster.check(source, target, "de-en@1")
    world.hear("b", f"{source.partition('-')[0]}-{target}@1")
    assert not world.roster.copies(source, target) or "-" in target, "who has a model for it is served by that"


def test_a_document_is_pinned_to_the_model_in_use_then() -> None:
    world = World()
    world.hear("a", "de-en@1", "de-en@2", preferred="de-en@1")
    before = NOW + round(world.seconds * 1000)
    assert world.roster.pins("de-AT", "en", None) == {"de-AT": "de-en@1"}
    world.wait(2)
    world.hear("a", "de-en@1", "de-en@2", preferred="de-en@2")
    assert world.roster.pins("de", "en", None) == {"de": "de-en@2"}
    assert world.roster.pins("de", "en", "de-en", at=before) == {"de": "de-en@1"}, "read again, it is the same"


def test_a_model_that_is_gone_is_pinned_no_longer() -> None:
    world = World()
    world.hear("a", "de-en@1", preferred="de-en@1")
    before = NOW + round(world.seconds * 1000)
    world.wait(2)
    world.hear("a", "de-en@2", preferred="de-en@2")
    assert world.roster.pins("de", "en", None, at=before) == {"de": "de-en@2"}


def test_while_nobody_is_alive_the_last_one_in_use_is_pinned() -> None:
    world = World()
    world.hear("a", "de-en@1", preferred="de-en@1")
    world.wait(ALIVE_FOR + 1)
    assert world.roster.pins("de", "en", None) == {"de": "de-en@1"}


def test_of_translators_that_differ_the_most_decide() -> None:
    world = World()
    for name in ("a", "b", "c"):
        world.hear(name, "de-en@9", "de-en@10", preferred="de-en@9")
    world.hear("a", "de-en@9", "de-en@10", preferred="de-en@10")
    assert world.roster.preferred("de", "en") == "de-en@9"
    world.hear("b", "de-en@9", "de-en@10", preferred="de-en@10")
    assert world.roster.preferred("de", "en") == "de-en@10"


def test_what_is_asked_for_decides_before_what_is_in_use() -> None:
    world = World()
    world.hear("a", "de-en@2", "de-en-big@1", "de-en-big@3", preferred="de-en@2")
    assert world.roster.pins("de", "en", "de-en-big") == {"de": "de-en-big@3"}
    assert world.roster.pins("de", "en", "de-en-big@1") == {}
    assert world.roster.pins("de", "en", "current") == {}
    world.roster.check("de", "en", "current")


def test_a_document_in_a_language_that_its_text_tells_is_pinned_for_each() -> None:
    world = World()
    world.hear("a", "de-en@1", "fr-en@1", "de-fr@1", preferred="de-en@1")
    world.hear("b", "fr-en@2", preferred="fr-en@2")
    assert world.roster.pins("auto", "en", None) == {"de": "de-en@1", "fr": "fr-en@2"}


def test_what_is_taken_back_is_pinned_no_longer() -> None:
    world = World()
    world.hear("a", "pt-en@1", "pt-BR-en@1", preferred="pt-en@1")
    assert world.roster.preferred("pt", "en") == "pt-en@1"
    world.hear("a", "pt-en@1")
    assert world.roster.preferred("pt", "en") is None


def test_translators_that_say_nothing_of_it_pin_nothing() -> None:
    world = World()
    world.hear("a", "de-en@1")
    assert world.roster.pins("de", "en", None) == {}


def test_a_model_is_offered_once_however_it_is_preferred() -> None:
    world = World()
    world.hear("a", "de-en@1", preferred="de-en@1")
    world.hear("b", "de-en@1")
    assert world.models() == ["de-en@1"]


def test_a_model_leaves_when_all_who_ran_it_have_said_so() -> None:
    world = World()
    world.hear("a", "de-en@1")
    world.hear("b", "de-en@1")
    world.hear("a", "de-en@1", state="stopping")
    assert not world.roster.leaves("de", "en", "de-en@1")
    world.hear("b", "de-en@2")
    assert world.roster.leaves("de", "en", "de-en@1")


def test_a_translator_that_waits_for_its_server_is_not_warm_and_its_pair_is_kept() -> None:
    world = World()
    world.hear("a", "de-en@1", state="warming", waits=True, partitions={"sentences.bulk.de-en": [0]})
    assert world.alive() == []
    assert [one.id for one in world.roster.waiting()] == ["a"]
    world.roster.check("de", "en", None)
    assert world.roster.topic("sentences.bulk", "de", "en") == "sentences.bulk.de-en"
    world.wait(ALIVE_FOR + 1)
    assert world.roster.waiting() == []


def test_texts_of_a_pair_go_as_far_as_the_farthest_of_its_translators() -> None:
    world = World()
    world.hear("a", "de-en@1", "de-fr@1")
    world.hear("b", "de-en@2", goes="network")
    assert world.roster.text_goes("de", "en") == "network"
    assert world.roster.text_goes("de", "fr") == "machine"
    assert world.roster.text_goes("de", "es") == "machine"
    world.hear("c", "de-en@3", goes="outside", state="warming", waits=True)
    assert world.roster.text_goes("de", "en") == "outside"
    world.hear("c", "de-en@3", goes="outside", state="stopping")
    assert world.roster.text_goes("de", "en") == "network"
    # When none runs, whoever comes back is likely to be like the last.
    world.wait(ALIVE_FOR + 1)
    assert world.roster.text_goes("de", "en") == "outside"


def test_of_many_translators_each_is_asked_once_however_many_pairs_change(monkeypatch: pytest.MonkeyPatch) -> None:
    world, asked = World(), []
    preferred = _Entry.preferred

    def counted(entry: _Entry) -> dict[tuple[str, str], str]:
        asked.append(entry)
        return preferred(entry)

    monkeypatch.setattr(_Entry, "preferred", counted)
    for number in range(20):
        models = [OfferedModel(id="many@1", source=f"{one}{one}", target="en", preferred=True) for one in "abcdefghij"]
        status = TranslatorStatus(
            id=str(number), engine="ctranslate2", device="cpu", state="ready", models=models, at=0
        )
        world.roster.add(FakeRecord(encode(status), key=b"%d" % number, timestamp=NOW))
    assert len(asked) <= sum(number + 2 for number in range(20))
    assert len(world.roster.pins("auto", "en", None)) == 10
