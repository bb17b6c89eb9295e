"""An engine in a process of its own, and what comes of its death."""

import os
import signal
import threading
from collections.abc import Iterator
from functools import partial

import psutil
import pytest

from pipeline.errors import SetupError
from tests.conftest import MODELS
from tests.unit.drafting import scheduler  # noqa: F401 (a fixture)
from tests.unit.engines import FragileEngine, die, refuse
from tests.waiting import until
from translator.drafts import Drafter
from translator.engines import USUAL, Hypothesis
from translator.engines.identity import DIES, FAILS, SLOW
from translator.engines.loading import load
from translator.engines.process import EngineDiedError, EngineProcess
from translator.scheduler import Scheduler


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    running = EngineProcess(FragileEngine, str.split)
    yield running
    running.stop()


def children() -> list[int]:
    return [
        child.pid for child in psutil.Process().children() if "translator.engines.child" in " ".join(child.cmdline())
    ]


def test_it_works_as_the_engine_does(engine: EngineProcess) -> None:
    assert engine.model.id == "upper@1"
    # One more batch than the engine works on waits in its process.
    assert (engine.limit, engine.batch_tokens, engine.workers) == (8, 24, 3)
    assert engine.generate([["eins"], ["zwei"]], USUAL) == [Hypothesis("EINS"), Hypothesis("ZWEI")]
    with pytest.raises(RuntimeError, match="KeyError: 'gift'"):
        engine.generate([["gift"]], USUAL)


def test_a_death_is_said_and_the_next_batch_has_a_new_process(engine: EngineProcess) -> None:
    with pytest.raises(EngineDiedError, match="status 3"):
        engine.generate([["absturz"]], USUAL)
    assert engine.generate([["eins"]], USUAL) == [Hypothesis("EINS")]


def test_all_that_was_in_hand_hears_of_a_death(engine: EngineProcess) -> None:
    errors: list[Exception] = []

    def slow() -> None:
        try:
            engine.generate([["langsam"]], USUAL)
        except EngineDiedError as error:
            errors.append(error)

    threads = [threading.Thread(target=slow) for _ in range(2)]
    for thread in threads:
        thread.start()
    (child,) = children()
    until(lambda: len(engine._child._waiting) == 2, what="both to wait")  # type: ignore[union-attr]
    os.kill(child, signal.SIGKILL)
    for thread in threads:
        thread.join(10)
    assert len(errors) == 2


def test_an_engine_that_hangs_is_killed(engine: EngineProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("translator.engines.process._BATCH_TIMEOUT", 0.3)
    with pytest.raises(EngineDiedError, match="no result after 0 s"):
        engine.generate([["langsam"]], USUAL)
    monkeypatch.setattr("translator.engines.process._BATCH_TIMEOUT", 30)
    assert engine.generate([["eins"]], USUAL) == [Hypothesis("EINS")]


def test_why_it_cannot_start_is_said() -> None:
    with pytest.raises(SetupError, match="no such model"):
        EngineProcess(partial(refuse, "no such model"), str.split)
    with pytest.raises(SetupError, match="status 9"):
        EngineProcess(die, str.split)


async def test_a_sentence_that_kills_the_engine_takes_no_other_with_it(
    engine: EngineProcess,
    scheduler: Scheduler,  # noqa: F811 (the fixture)
) -> None:
    texts = [f"satz {number}" for number in range(12)]
    texts[5] = "ein absturz hier"
    drafts = await Drafter(engine, scheduler, urgent=False).translate(texts)
    assert [draft.text for draft in drafts] == [text if "absturz" in text else text.upper() for text in texts]
    assert [bool(draft.failure) for draft in drafts] == ["absturz" in text for text in texts]


async def test_the_marking_engine_goes_wrong_where_its_text_says_so(scheduler: Scheduler) -> None:  # noqa: F811 (the fixture)
    (marking,) = load("marking", MODELS, 1, batch_seconds=0.001)
    assert marking.verbatim
    try:
        texts = [f"satz {number}" for number in range(40)]
        texts[3], texts[17], texts[30] = f"ein {FAILS}", f"ein {DIES}", f"ein {SLOW}"
        drafts = await Drafter(marking, scheduler, urgent=False).translate(texts)
    finally:
        marking.stop()
    kept = (3, 17)
    assert [draft.text for draft in drafts] == [
        text if number in kept else f"⟦{text}⟧" for number, text in enumerate(texts)
    ]
    assert [number for number, draft in enumerate(drafts) if draft.failure] == [*kept]
