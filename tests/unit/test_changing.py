"""Models are changed while a translator works."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from pipeline.errors import SetupError
from pipeline.events import Control, OfferedModel, encode
from tests.unit.engines import UpperEngine
from tests.unit.records import FakeRecord
from tests.unit.test_translator import sentence
from tests.waiting import eventually
from translator import changing
from translator.catalogue import Available, Shelf
from translator.changing import ModelChanger
from translator.engines import Engine
from translator.engines.pool import EnginePool, Served
from translator.in_use import InUse
from translator.models.routes import Pair, Routes

GERMAN: Pair = ("de", "en")
KEPT = 300.0


class World:
    """A folder of models that is changed by hand, and a translator that follows it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.models: dict[str, tuple[Pair, ...]] = {}
        self.stamps: dict[str, int] = {}
        self.broken: set[str] = set()
        self.bad: dict[str, str] = {}
        self.table: dict[Pair, str] = {}
        self.problems: dict[str, str] = {}
        self.tried: list[tuple[str, str | None]] = []
        self.pool = EnginePool()
        self.in_use = InUse(lambda: self.pool.engines, monotonic=lambda: self.seconds)
        self.changer = ModelChanger(
            self.pool, self.in_use, self.look, KEPT, fingerprint=self.fingerprint, try_out=self.try_out
        )

    def put(self, *names: str, pairs: Sequence[Pair] = (GERMAN,)) -> None:
        self.models |= {name: tuple(pairs) for name in names}

    def fingerprint(self) -> object:
        return str((self.models, self.stamps, self.table, self.problems))

    def look(self) -> Shelf:
        models = [
            Available(Served(name, self.loading(name), self.views(name)), pairs, Path(name), self.stamps.get(name, 0))
            for name, pairs in self.models.items()
        ]
        return Shelf(models, Routes(self.table), dict(self.problems), "no model is here")

    def loading(self, name: str) -> Callable[[], Engine]:
        def load() -> Engine:
            if name in self.broken:
                raise SetupError(f"{name}: model.bin is cut")
            return UpperEngine()

        return load

    def views(self, name: str) -> Callable[[Engine], Sequence[Engine]]:
        def views(_: Engine) -> Sequence[Engine]:
            made = []
            for source, target in self.models[name]:
                one = UpperEngine()
                one.model = OfferedModel(id=name, source=source, target=target)
                made.append(one)
            return made

        return views

    def try_out(self, new: Engine, old: Engine | None, folder: Path | None) -> str | None:
        assert folder == Path(new.model.id)
        self.tried.append((new.model.id, old.model.id if old else None))
        return self.bad.get(new.model.id)

    def used(self, source: str = "de", **wanted: Any) -> str | None:
        found = self.in_use.choose(sentence(source=source, **wanted))
        return found.model.id if found else None

    def refused(self) -> dict[str, str]:
        return {one.id: one.reason for one in self.changer.refused()}


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    made.put("tiny@1")
    yield made
    made.pool.stop()


def is_so(check: Callable[[], object]) -> Callable[[], Awaitable[bool]]:
    async def checked() -> bool:
        return bool(check())

    return checked


def changes(result: str) -> float:
    return REGISTRY.get_sample_value("satzstrom_model_changes_total", {"result": result}) or 0.0


def test_a_new_model_is_used_once_the_table_says_so(world: World) -> None:
    world.changer.start()
    world.put("tiny@2")
    world.changer.change()
    assert (world.used(), world.used(model="tiny@2")) == ("tiny@1", "tiny@2")
    world.table[GERMAN] = "tiny@2"
    before = changes("used")
    world.changer.change()
    assert (world.used(), world.used(pinned="tiny@1")) == ("tiny@2", "tiny@1")
    assert world.tried == [("tiny@2", "tiny@1")]
    assert changes("used") == before + 1
    labels = {"model": "tiny@2", "source": "de", "target": "en"}
    assert REGISTRY.get_sample_value("satzstrom_model_in_use", labels) == 1
    assert [(one.id, one.preferred) for one in world.in_use.offered()] == [("tiny@1", False), ("tiny@2", True)]


def test_a_model_that_fails_its_trial_is_not_used_and_leaves(world: World) -> None:
    world.changer.start()
    world.put("tiny@2")
    world.table[GERMAN] = "tiny@2"
    world.bad["tiny@2"] = "it says nothing"
    before = changes("refused")
    world.changer.change()
    assert world.used() == "tiny@1"
    assert world.refused() == {"tiny@2": "it says nothing"}
    assert changes("refused") == before + 1
    assert REGISTRY.get_sample_value("satzstrom_models_refused") == 1
    assert [engine.model.id for engine in world.pool.engines] == ["tiny@1"]


def test_a_model_that_does_not_load_is_not_used(world: World) -> None:
    world.changer.start()
    world.put("tiny@2")
    world.table[GERMAN] = "tiny@2"
    world.broken.add("tiny@2")
    world.changer.change()
    assert world.used() == "tiny@1"
    assert world.refused() == {"tiny@2": "tiny@2: model.bin is cut"}


def test_what_was_refused_is_tried_again_when_it_has_changed_or_somebody_asks(world: World) -> None:
    world.changer.start()
    world.put("tiny@2")
    world.table[GERMAN] = "tiny@2"
    world.bad["tiny@2"] = "it says nothing"
    for _ in range(3):
        world.changer.change()
    assert len(world.tried) == 1
    world.changer.change(again=True)
    assert len(world.tried) == 2
    world.stamps["tiny@2"] = 1
    del world.bad["tiny@2"]
    world.changer.change()
    assert (world.used(), world.refused()) == ("tiny@2", {})
    assert REGISTRY.get_sample_value("satzstrom_models_refused") == 0


def test_a_model_that_is_not_there_changes_nothing(world: World) -> None:
    world.changer.start()
    world.table[GERMAN] = "tiny@9"
    world.changer.change()
    assert world.used() == "tiny@1"
    assert "de→en, but here is only tiny@1" in world.refused()["tiny@9"]
    world.put("tiny@9")
    world.changer.change()
    assert (world.used(), world.refused()) == ("tiny@9", {})


def test_a_model_of_other_languages_changes_nothing(world: World) -> None:
    world.put("french@1", pairs=[("fr", "en")])
    world.changer.start()
    world.table[GERMAN] = "french@1"
    world.changer.change()
    assert world.used() == "tiny@1"
    assert list(world.refused()) == ["french@1"]


def test_a_table_or_a_description_that_cannot_be_read_changes_nothing(world: World) -> None:
    world.put("tiny@2")
    world.table[GERMAN] = "tiny@2"
    world.changer.start()
    world.table.clear()
    world.problems = {"routes.json": "it is cut", "half": "no JSON"}
    world.changer.change()
    assert world.used() == "tiny@2"
    assert world.refused() == {"routes.json": "it is cut", "half": "no JSON"}
    world.problems = {}
    world.changer.change()
    assert (world.used(), world.refused()) == ("tiny@1", {})


def test_each_pair_of_a_model_is_changed_and_tried_by_itself(world: World) -> None:
    world.put("tiny@1", pairs=[GERMAN, ("fr", "en")])
    world.changer.start()
    world.put("many@1", pairs=[GERMAN, ("fr", "en")])
    world.table = {("fr", "en"): "many@1"}
    world.changer.change()
    assert (world.used(), world.used("fr")) == ("tiny@1", "many@1")
    world.bad["many@1"] = "poor German"
    world.table[GERMAN] = "many@1"
    world.changer.change()
    assert (world.used(), world.used("fr")) == ("tiny@1", "many@1"), "what is used elsewhere stays"


def test_at_the_start_what_is_broken_is_passed_over_if_another_has_its_pair(world: World) -> None:
    world.put("tiny@2")
    world.broken.add("tiny@2")
    world.table[GERMAN] = "tiny@2"
    world.changer.start()
    assert world.used() == "tiny@1"
    assert "tiny@2" in world.refused()


def test_at_the_start_a_model_that_fails_its_trial_is_passed_over(world: World) -> None:
    world.put("tiny@2")
    world.bad["tiny@2"] = "it says nothing"
    world.table[GERMAN] = "tiny@2"
    world.changer.start()
    assert (world.used(), world.tried) == ("tiny@1", [("tiny@2", None)])


def test_at_the_start_a_pair_without_a_model_is_told(world: World) -> None:
    world.put("french@1", pairs=[("fr", "en")])
    world.broken.add("french@1")
    with pytest.raises(SetupError, match=r"model\.bin is cut"):
        world.changer.start()


def test_at_the_start_no_model_at_all_is_told(world: World) -> None:
    world.models.clear()
    with pytest.raises(SetupError, match="no model is here"):
        world.changer.start()
    world.problems = {"half": "no JSON"}
    with pytest.raises(SetupError, match="no JSON"):
        world.changer.start()


def test_a_model_that_was_replaced_leaves_memory_when_nobody_wants_it(world: World) -> None:
    world.put("tiny@2")
    world.changer.start()
    world.table[GERMAN] = "tiny@2"
    world.changer.change()
    world.seconds += KEPT - 1
    world.used(pinned="tiny@1")
    world.seconds += KEPT - 1
    world.changer._retire()
    assert sorted(world.pool.loaded()) == ["tiny@1", "tiny@2"]
    world.seconds += 2
    world.changer._retire()
    assert sorted(world.pool.loaded()) == ["tiny@2"]
    assert world.used(model="tiny@1") == "tiny@1", "its folder is there, so it can be asked for"


def test_a_model_whose_folder_is_gone_is_offered_until_nobody_wants_it(world: World) -> None:
    world.put("tiny@2")
    world.table[GERMAN] = "tiny@2"
    world.changer.start()
    del world.models["tiny@1"]
    world.changer.change()
    world.changer._retire()
    assert world.used(pinned="tiny@1") == "tiny@1"
    world.seconds += KEPT + 1
    world.changer._retire()
    assert world.used(pinned="tiny@1") is None
    assert [one.id for one in world.in_use.offered()] == ["tiny@2"]


def test_a_model_in_use_whose_folder_is_gone_goes_on(world: World) -> None:
    world.changer.start()
    world.models.clear()
    world.put("tiny@2")
    world.changer.change()
    world.seconds += 2 * KEPT
    world.changer._retire()
    assert world.used() == "tiny@1"


async def test_changes_are_seen_and_words_on_control_are_heeded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "LOOK_EVERY", 0.01)
    world.changer.start()
    reload = FakeRecord(encode(Control(action="reload")), topic="control")
    world.changer.add(reload)
    running = asyncio.create_task(world.changer.run())
    try:
        world.put("tiny@2")
        world.table[GERMAN] = "tiny@2"
        world.bad["tiny@2"] = "not yet"
        await eventually(is_so(world.refused), what="the trial")
        world.bad.clear()
        world.changer.add(reload)
        world.changer.add(FakeRecord(b"{", topic="control"))
        world.changer.add(FakeRecord(encode(Control(document="d", action="cancel")), topic="control"))
        assert not world.changer._asked.is_set(), "what was said before it listens is done"
        world.changer.listen()
        world.changer.add(reload)
        await eventually(is_so(lambda: world.used() == "tiny@2"), what="the change")
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def test_sentences_go_on_while_a_model_is_tried(world: World) -> None:
    world.changer.start()
    world.put("tiny@2")
    world.table[GERMAN] = "tiny@2"
    trying, go = threading.Event(), threading.Event()

    def slow(new: Engine, old: Engine | None, folder: Path | None) -> str | None:
        del new, old, folder
        trying.set()
        go.wait(10)
        return None

    world.changer._try_out = slow
    changes_it = threading.Thread(target=world.changer.change)
    changes_it.start()
    assert trying.wait(10)
    assert world.used() == "tiny@1"
    go.set()
    changes_it.join(10)
    assert world.used() == "tiny@2"


def test_a_model_that_breaks_down_in_use_is_rolled_back(world: World) -> None:
    world.put("tiny@2")
    world.changer.start()
    world.table[GERMAN] = "tiny@2"
    world.changer.change()
    new = world.in_use.of_pair(*GERMAN)
    assert new is not None
    assert world.in_use.give_up(new, "it dies on everything") is not None
    world.changer.give_up_broken()
    world.changer.change()
    assert (world.used(), world.refused()) == ("tiny@1", {"tiny@2": "it dies on everything"})
    assert [engine.model.id for engine in world.pool.engines] == ["tiny@1"]
    world.changer.change(again=True)
    assert (world.used(), world.refused()) == ("tiny@2", {}), "somebody wants it tried again"


async def test_a_model_whose_files_come_after_its_description_is_used_when_they_are_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "LOOK_EVERY", 0.01)
    world.changer.start()
    world.put("tiny@2")
    world.table[GERMAN] = "tiny@2"
    world.broken.add("tiny@2")
    running = asyncio.create_task(world.changer.run())
    try:
        await eventually(is_so(world.refused), what="the refusal")
        seen = world.fingerprint()
        monkeypatch.setattr(world.changer, "_fingerprint", lambda: seen)
        world.broken.clear()
        world.stamps["tiny@2"] = 1
        await eventually(is_so(lambda: world.used() == "tiny@2"), what="the model to be used")
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def test_what_could_not_be_read_and_can_be_is_seen(world: World) -> None:
    world.problems = {"half": "no JSON"}
    world.changer.start()
    assert not world.changer._is_mended()
    world.problems = {}
    assert world.changer._is_mended()
