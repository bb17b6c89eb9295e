"""Models of one translator within a budget of memory."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from pipeline import service
from pipeline.errors import SetupError
from pipeline.events import OfferedModel
from pipeline.metrics import MODEL_BYTES, MODEL_LOADS, MODEL_UNLOADS, MODELS_LOADED
from pipeline.settings import load as load_settings
from tests.unit.engines import UpperEngine
from translator.__main__ import TranslatorSettings, main
from translator.engines import USUAL, Decoding, Engine, Hypothesis, Tokens
from translator.engines.loading import find
from translator.engines.pool import EnginePool, Served
from translator.engines.process import EngineDiedError, EngineProcess

DEADLINE = 10.0


class Counting(UpperEngine):
    """Says whose it is, knows whether it is loaded, and may be told to wait in the middle of a batch."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.model = OfferedModel(id=name, source="de", target="en")
        self.stopped = False
        self.go = threading.Event()
        self.go.set()
        self.begun = threading.Event()

    def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
        assert not self.stopped
        if batch != [["1"]]:
            self.begun.set()
            assert self.go.wait(DEADLINE)
            assert not self.stopped
        return [Hypothesis(f"{self.model.id}: {one.text}") for one in super().generate(batch, decoding)]

    def stop(self) -> None:
        self.stopped = True


class Loads:
    """Makes engines, and remembers them by name, the newest last."""

    def __init__(self) -> None:
        self.made: dict[str, list[Counting]] = {}
        self.takes: Callable[[], None] = lambda: None

    def served(self, name: str, size: int = 100) -> Served:
        return Served(name, partial(self._load, name), size=size)

    def _load(self, name: str) -> Engine:
        self.takes()
        engine = Counting(name)
        self.made.setdefault(name, []).append(engine)
        return engine


@pytest.fixture
def loads() -> Loads:
    return Loads()


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def pool(clock: list[float]) -> Iterator[EnginePool]:
    made = EnginePool(250, lambda: clock[0])
    yield made
    made.stop()


def say(engine: Engine, *words: str) -> list[str]:
    return [one.text for one in engine.generate([[word] for word in words], USUAL)]


def test_without_a_budget_all_models_stay(loads: Loads) -> None:
    pool = EnginePool()
    engines = [pool.add(loads.served(f"m{number}@1", 1 << 40))[0] for number in range(5)]
    assert [engine.model.id for engine in pool.engines] == [f"m{number}@1" for number in range(5)]
    for engine in engines * 2:
        assert say(engine, "ja") == [f"{engine.model.id}: JA"]
    assert [len(made) for made in loads.made.values()] == [1] * 5
    pool.stop()
    with pytest.raises(EngineDiedError):
        say(engines[0], "ja")


def test_the_least_recently_used_goes_first(pool: EnginePool, loads: Loads, clock: list[float]) -> None:
    a, b = (pool.add(loads.served(name))[0] for name in ("a@1", "b@1"))
    for time, engine in enumerate([b, a], start=1):
        clock[0] = time
        say(engine, "x")
    pool.add(loads.served("c@1"))
    assert pool.loaded() == {"a@1": 100, "c@1": 100}
    clock[0] = 3
    assert say(b, "y") == ["b@1: Y"]
    # a was used before c was loaded.
    assert set(pool.loaded()) == {"b@1", "c@1"}
    assert loads.made["a@1"][0].stopped


def test_what_works_is_never_unloaded(pool: EnginePool, loads: Loads) -> None:
    a, b = (pool.add(loads.served(name, 200))[0] for name in ("a@1", "b@1"))
    (busy,) = loads.made["b@1"]
    busy.go.clear()
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(say, b, "langsam")
        assert busy.begun.wait(DEADLINE)
        waiting = threads.submit(say, a, "warten")
        assert set(pool.loaded()) == {"b@1"}
        assert not waiting.done()
        busy.go.set()
        assert slow.result(DEADLINE) == ["b@1: LANGSAM"]
        assert waiting.result(DEADLINE) == ["a@1: WARTEN"]
    assert set(pool.loaded()) == {"a@1"}


def test_who_waits_for_room_gets_it_though_the_other_is_always_asked(pool: EnginePool, loads: Loads) -> None:
    a, b = (pool.add(loads.served(name, 200))[0] for name in ("a@1", "b@1"))
    done = threading.Event()

    def flood() -> None:
        while not done.is_set():
            say(b, "flut")

    with ThreadPoolExecutor(4) as threads:
        floods = [threads.submit(flood) for _ in range(3)]
        try:
            for _ in range(3):
                assert threads.submit(say, a, "x").result(DEADLINE) == ["a@1: X"]
        finally:
            done.set()
        for one in floods:
            one.result(DEADLINE)


def test_who_waits_for_room_gets_it_though_two_others_take_turns(pool: EnginePool, loads: Loads) -> None:
    a, b, c = (pool.add(loads.served(name, 200))[0] for name in ("a@1", "b@1", "c@1"))
    done = threading.Event()

    def take_turns(*engines: Engine) -> None:
        while not done.is_set():
            for engine in engines:
                say(engine, "x")

    with ThreadPoolExecutor(6) as threads:
        turns = [threads.submit(take_turns, *both) for both in ((a, b), (b, a), (a, b))]
        try:
            # Two at once wait for the same model, and one behind them for another.
            for _ in range(5):
                asked = [threads.submit(say, one, "y") for one in (c, c, a)]
                assert [one.result(DEADLINE) for one in asked] == [["c@1: Y"], ["c@1: Y"], ["a@1: Y"]]
        finally:
            done.set()
        for one in turns:
            one.result(DEADLINE)


def test_a_model_stays_for_as_long_as_it_took_to_load(pool: EnginePool, loads: Loads, clock: list[float]) -> None:
    def slowly() -> None:
        clock[0] += 5

    loads.takes = slowly
    a = pool.add(loads.served("a@1", 200))[0]
    with ThreadPoolExecutor(1) as threads:
        other = threads.submit(pool.add, loads.served("b@1", 200))
        for _ in range(20):
            assert say(a, "x") == ["a@1: X"]
        assert not other.done()
        clock[0] += 5
        other.result(DEADLINE)
    assert set(pool.loaded()) == {"b@1"}


def test_many_threads_and_more_models_than_memory_lose_nothing(pool: EnginePool, loads: Loads) -> None:
    engines = [pool.add(loads.served(f"m{number}@1"))[0] for number in range(5)]
    before = [MODEL_LOADS.labels(engine.model.id)._value.get() for engine in engines]

    def work(number: int) -> bool:
        engine = engines[number % 5]
        return say(engine, f"w{number}") == [f"{engine.model.id}: W{number}"]

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(200)))
    assert sum(pool.loaded().values()) <= 250
    after = [MODEL_LOADS.labels(engine.model.id)._value.get() for engine in engines]
    # Two of the five are there at a time.
    assert sum(after) - sum(before) >= 3
    for made in loads.made.values():
        assert sum(not one.stopped for one in made) <= 1


def test_two_threads_load_a_model_once(pool: EnginePool, loads: Loads) -> None:
    a = pool.add(loads.served("a@1", 200))[0]
    pool.add(loads.served("b@1", 200))
    both = threading.Barrier(2)
    with ThreadPoolExecutor(2) as threads:

        def ask() -> list[str]:
            both.wait(DEADLINE)
            return say(a, "x")

        assert [one.result(DEADLINE) for one in [threads.submit(ask), threads.submit(ask)]] == [["a@1: X"]] * 2
    assert len(loads.made["a@1"]) == 2


def test_a_model_larger_than_the_budget_is_loaded_alone(pool: EnginePool, loads: Loads) -> None:
    small, large = pool.add(loads.served("small@1"))[0], pool.add(loads.served("large@1", 900))[0]
    assert set(pool.loaded()) == {"large@1"}
    assert say(small, "x") == ["small@1: X"]
    assert set(pool.loaded()) == {"small@1"}
    assert say(large, "x") == ["large@1: X"]


def test_a_model_that_cannot_be_loaded_changes_nothing(pool: EnginePool, loads: Loads) -> None:
    a = pool.add(loads.served("a@1"))[0]

    def broken() -> Engine:
        raise SetupError("wrong architecture")

    class Mute(Counting):
        def generate(self, batch: Sequence[Tokens], decoding: Decoding) -> list[Hypothesis]:
            raise ValueError("no output")

    mute = Mute("mute@1")
    with pytest.raises(SetupError, match="wrong architecture"):
        pool.add(Served("broken@1", broken))
    with pytest.raises(SetupError, match=r"mute@1 does not translate .*no output"):
        pool.add(Served("mute@1", lambda: mute))
    with pytest.raises(SetupError, match="a@1 is there twice"):
        pool.add(loads.served("a@1"))
    assert mute.stopped
    assert pool.engines == (a,)
    assert say(a, "x") == ["a@1: X"]
    # Mended, they can be added.
    assert say(pool.add(loads.served("broken@1"))[0], "x") == ["broken@1: X"]


def test_a_model_that_had_no_memory_is_loaded_when_others_have_gone(loads: Loads) -> None:
    pool = EnginePool()
    a, b = (pool.add(loads.served(name))[0] for name in ("a@1", "b@1"))
    pool.rest("a@1")

    def gone() -> None:
        raise SetupError("gone")

    def short() -> None:
        if "b@1" in pool.loaded():
            raise SetupError("the engine died while it loaded its model (status -9)")

    loads.takes = short
    assert say(a, "x") == ["a@1: X"]
    assert set(pool.loaded()) == {"a@1"}
    # What does not even load alone is an error, and so is a new one that is broken: it takes nothing from others.
    assert say(b, "x") == ["b@1: X"]
    with pytest.raises(SetupError, match="status -9"):
        pool.add(loads.served("c@1"))
    assert set(pool.loaded()) == {"a@1", "b@1"}
    pool.rest("a@1")
    loads.takes = gone
    with pytest.raises(SetupError, match="gone"):
        say(a, "x")
    pool.stop()


def test_a_removed_model_ends_its_batch_and_goes(pool: EnginePool, loads: Loads) -> None:
    a, b = (pool.add(loads.served(name))[0] for name in ("a@1", "b@1"))
    (busy,) = loads.made["a@1"]
    busy.go.clear()
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(say, a, "langsam")
        assert busy.begun.wait(DEADLINE)
        pool.remove("a@1")
        assert pool.engines == (b,)
        assert not busy.stopped
        busy.go.set()
        assert slow.result(DEADLINE) == ["a@1: LANGSAM"]
    assert loads.made["a@1"][0].stopped
    # Another one of that name can come; who still has the old one is served, too.
    new = pool.add(loads.served("a@1"))[0]
    assert say(a, "x") == say(new, "x") == ["a@1: X"]
    assert [one.stopped for one in loads.made["a@1"]] == [True, False, True]
    pool.remove("gone@1")


def test_metrics_say_what_is_loaded(pool: EnginePool, loads: Loads) -> None:
    pool.add(loads.served("seen@1", 200))
    unloads = MODEL_UNLOADS.labels("seen@1")._value.get()
    assert MODELS_LOADED._value.get() == 1
    assert MODEL_BYTES.labels("seen@1")._value.get() == 200
    pool.add(loads.served("other@1", 200))
    assert MODELS_LOADED._value.get() == 1
    assert MODEL_UNLOADS.labels("seen@1")._value.get() == unloads + 1
    assert ("seen@1",) not in MODEL_BYTES._metrics


def test_memory_is_that_of_the_process() -> None:
    pool = EnginePool(1)
    try:
        (engine,) = pool.add(Served("upper@1", partial(EngineProcess, UpperEngine, str.split)))
        assert say(engine, "ja") == ["JA"]
        # A Python that has imported something.
        assert pool.loaded()["upper@1"] > 5_000_000
    finally:
        pool.stop()


def test_the_models_to_serve_may_be_said_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(service, "main", lambda *_: started.append(load_settings(TranslatorSettings).served))
    monkeypatch.setenv("SATZSTROM_SERVED", "of-the-environment")
    for arguments in ([], ["--models", "a@1,b"], ["--models="]):
        monkeypatch.setattr("sys.argv", ["translator", *arguments])
        main()
    assert started == ["of-the-environment", "a@1,b", ""]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, revision in (("a", "1"), ("a", "2"), ("b", "1")):
        inner = tmp_path / f"{name}@{revision}" / "ct2"
        inner.mkdir(parents=True)
        (inner / "model.bin").write_bytes(b"x" * 1000)
        (inner.parent / "model.json").write_text(
            f'{{"name":"{name}","revision":"{revision}","source":"de","target":"en","max_tokens":100,"ctranslate2":"ct2"}}'
        )
    return tmp_path


@pytest.mark.parametrize(
    ("only", "found"),
    [([], ["a@1", "a@2", "b@1"]), (["a"], ["a@1", "a@2"]), (["a@2", "b"], ["a@2", "b@1"]), (["b@1"], ["b@1"])],
)
def test_the_models_to_serve_are_named(folder: Path, only: list[str], found: list[str]) -> None:
    models = find("ctranslate2", folder, 1, only=only)
    assert [(one.id, one.size) for one in models] == [(name, 1000) for name in found]


@pytest.mark.parametrize("only", [["c"], ["a@3", "a"], ["A"]])
def test_a_model_to_serve_that_is_not_there_is_named_with_those_that_are(folder: Path, only: list[str]) -> None:
    with pytest.raises(SetupError, match=rf"no model {only[0]} to serve; there is a@1, a@2, b@1"):
        find("ctranslate2", folder, 1, only=only)


def test_models_on_other_machines_are_offered_without_being_loaded_and_stop_with_the_pool() -> None:
    loads, elsewhere = Loads(), Counting("elsewhere@1")
    pool = EnginePool(budget=150)
    pool.add(loads.served("here@1"))
    pool.offer([elsewhere])
    assert [engine.model.id for engine in pool.engines] == ["here@1", "elsewhere@1"]
    assert pool.loaded() == {"here@1": 100}
    assert elsewhere.batches == []
    pool.stop()
    assert elsewhere.stopped
