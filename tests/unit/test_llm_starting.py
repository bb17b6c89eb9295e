"""How an engine with a language model starts, waits for its server, and ends."""

import itertools
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.errors import SetupError, UnavailableError
from tests.model_server import Answer, ModelServer, Question
from tests.unit.language_models import (
    KEY,
    SENTENCES,
    configured,
    engines,
    model,
    translate,
)
from tests.waiting import until
from translator.engines import openai as engine_module
from translator.engines.openai import OpenAIEngine
from translator.llm import server as server_module

# Fixtures.
__all__ = ["engines", "model"]


def test_stopping_ends_what_is_asked(model: ModelServer, engines: Callable[..., OpenAIEngine]) -> None:
    engine = engines(model)
    begun = threading.Event()

    def slow(_: Question) -> Answer:
        begun.set()
        return Answer(after=30)

    model.behave = slow
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            translate(engine, SENTENCES)
        except UnavailableError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert begun.wait(5)
    engine.stop()
    engine.stop()
    thread.join(5)
    assert len(errors) == 1
    with pytest.raises(UnavailableError):
        translate(engine, SENTENCES)


def test_at_the_start_it_says_where_texts_go_and_shows_no_key(
    model: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        made = engine_module.load(configured(model.url, openai_pairs="de-en, en-de", openai_model="other"))
    made[0].stop()
    assert [(one.model.source, one.model.target) for one in made] == [("de", "en"), ("en", "de")]
    assert "they stay on this machine" in caplog.text
    assert "does not list the model 'other', but stand-in" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in repr(made[0]._server.model)  # type: ignore[attr-defined]
    assert KEY not in repr(configured(model.url))


def test_a_refused_key_ends_the_start_and_a_server_that_is_away_does_not(model: ModelServer) -> None:
    model.models = Answer(status=401)
    with pytest.raises(SetupError, match="SATZSTROM_OPENAI_KEY_FILE"):
        engine_module.load(configured(model.url))
    model.stop()
    (made,) = engine_module.load(configured(model.url))
    assert made.away  # type: ignore[attr-defined]
    made.stop()


@pytest.mark.parametrize("there", [False, True])
def test_a_server_that_is_back_is_noticed_when_nothing_waits(
    model: ModelServer, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.setattr(server_module, "_CHECK_EVERY", 0.02)
    if there:
        # It lists its models all the time, and answers nobody.
        model.behave = lambda _: Answer(status=401)
    else:
        model.stop()
    (made,) = engine_module.load(configured(model.url))
    assert isinstance(made, OpenAIEngine)

    def waits() -> bool:
        return made.away

    if there:
        with pytest.raises(UnavailableError):
            translate(made, ["Ein Satz."])
    assert waits()
    if there:
        until(lambda: len(model.questions) >= 3, what="questions")
    assert waits(), "it has been asked, and answers nobody"
    if there:
        model.behave = lambda _: None
    else:
        model.start()
    until(lambda: not waits(), what="its answers")
    made.stop()


def test_whoever_asks_while_it_is_stopped_does_not_wait_for_ever(model: ModelServer) -> None:
    for _ in range(5):
        (made,) = engine_module.load(configured(model.url))
        assert isinstance(made, OpenAIEngine)

        def ask(engine: OpenAIEngine = made) -> None:
            with suppress(UnavailableError):
                for number in itertools.count():
                    translate(engine, [f"Satz {number}."])

        threads = [threading.Thread(target=ask) for _ in range(4)]
        asked = len(model.questions)
        for thread in threads:
            thread.start()
        # All of them have their connection: what httpx stands on warns when it is stopped while it opens one.
        until(lambda wanted=asked + 20: len(model.questions) >= wanted, what="questions of all", every=0.001)  # type: ignore[misc]
        made.stop()
        for thread in threads:
            thread.join(10)
        assert not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize("text", [None, "", "no certificates"])
def test_certificates_that_cannot_be_read_are_named(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SetupError, match=r"SATZSTROM_OPENAI_CA_FILE: cannot read .*ca\.pem"):
        engine_module.load(configured("https://127.0.0.1:1/v1", openai_ca_file=path))
