"""A language model's server that is busy, broken, away or refuses: right or marked translations, and an end to requests."""

import json
import logging
from collections.abc import Callable

import pytest

from pipeline.errors import UnavailableError
from tests.model_server import Answer, Behaviour, ModelServer, Question
from tests.unit.language_models import KEY, SENTENCES, engine, engines, first, model, translate
from translator.engines import Hypothesis
from translator.engines.openai import OpenAIEngine
from translator.llm.server import ATTEMPTS

# Fixtures.
__all__ = ["engine", "engines", "model"]


PASSING = {
    "broken connections": [Answer(drop=0), Answer(drop=0)],
    "half an answer": [Answer("x" * 100, drop=50)],
    "too many requests": [Answer(status=429), Answer(status=429)],
    "too many requests, for a moment": [Answer(status=429, headers={"Retry-After": "0"})],
    "errors": [Answer(status=500), Answer(status=503), Answer(status=502, raw=b"<html>Bad gateway</html>")],
    "a page": [Answer(raw=b"<!DOCTYPE html><html>Login</html>", headers={"Content-Type": "text/html"})],
    "no choices": [Answer(raw=b'{"choices": []}'), Answer(raw=b"[]"), Answer(raw=b'{"choices": [{"message": "x"}]}')],
    "an error that is called well": [Answer(raw=b'{"error": {"code": 503, "message": "busy"}}')],
    "not JSON": [Answer(raw=b"\xff\xfe{"), Answer(raw=b"[" * 10_000)],
}


@pytest.mark.parametrize("what", PASSING)
def test_what_passes_is_tried_again(model: ModelServer, engine: OpenAIEngine, what: str) -> None:
    model.behave = first(*PASSING[what])
    assert translate(engine, SENTENCES) == [Hypothesis(text.upper()) for text in SENTENCES]
    assert len(model.questions) == 1 + len(PASSING[what])


def test_a_server_that_asks_for_time_gets_it_from_all(model: ModelServer, engine: OpenAIEngine) -> None:
    model.behave = first(Answer(status=429, headers={"Retry-After": "1"}))
    translate(engine, SENTENCES)
    assert 0.95 < model.questions[1].came - model.questions[0].came < 4
    # One that asks for too much is away, and nobody asks it before.
    model.behave = lambda _: Answer(status=429, headers={"Retry-After": "3600"})
    for _ in range(5):
        with pytest.raises(UnavailableError):
            translate(engine, ["Noch ein Satz."])
    assert len(model.questions) == 3


AWAY = {
    "a refused key": Answer(
        status=401, raw=b'{"error": {"message": "wrong key sk-sec***", "code": "invalid_api_key"}}'
    ),
    "no such model": Answer(status=404, raw=b'{"error": {"message": "model not found"}}'),
    "somebody else": Answer(status=302, headers={"Location": "http://127.0.0.1:9/"}),
    "no money": Answer(status=429, raw=b'{"error": {"code": "insufficient_quota", "message": "pay"}}'),
}


@pytest.mark.parametrize("what", AWAY)
def test_what_needs_a_person_is_no_sentences_fault(
    model: ModelServer, engine: OpenAIEngine, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    model.behave = lambda _: AWAY[what]
    with caplog.at_level(logging.DEBUG), pytest.raises(UnavailableError, match=r"status \d+"):
        translate(engine, SENTENCES)
    assert len(model.questions) == 1
    assert engine.away
    assert KEY not in caplog.text
    assert "sk-sec" not in caplog.text


@pytest.mark.parametrize("answer", [Answer(status=500), Answer(raw=b"<html>"), Answer(drop=0), Answer(status=429)])
def test_a_server_that_answers_nobody_is_away_after_a_few_requests(
    model: ModelServer, engine: OpenAIEngine, answer: Answer
) -> None:
    model.behave = lambda _: answer
    with pytest.raises(UnavailableError):
        translate(engine, SENTENCES)
    # Of the question, and of the one that tells whose fault it is.
    assert len(model.questions) <= 2 * ATTEMPTS
    asked = len(model.questions)
    with pytest.raises(UnavailableError):
        translate(engine, SENTENCES)
    assert len(model.questions) <= asked + 2


def test_a_server_that_is_not_there_is_waited_for(model: ModelServer, engine: OpenAIEngine) -> None:
    assert translate(engine, ["Vorher."]) == [Hypothesis("VORHER.")]
    model.stop()
    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1"):
        translate(engine, SENTENCES)
    assert engine.away
    model.start()
    engine._server._not_before = 0
    assert translate(engine, SENTENCES) == [Hypothesis(text.upper()) for text in SENTENCES]
    assert not engine.away


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(status=500),
        Answer(status=400, raw=b'{"error": {"message": "the prompt is too long"}}'),
        Answer(status=413),
        Answer(drop=0),
        Answer(after=30),
        Answer(raw=b"x" * 1000, drip=0.05),
    ],
    ids=["500", "400", "413", "broken", "slow", "dripping"],
)
def test_a_sentence_that_no_server_answers_fails_and_takes_no_other_with_it(
    model: ModelServer, engines: Callable[..., OpenAIEngine], trouble: Answer
) -> None:
    # Only what comes too late is waited for, and each try as long; a busy machine answers the others late, too.
    engine = engines(model, openai_timeout=0.4 if trouble.after or trouble.drip else 5)
    model.behave = lambda question: trouble if "Gift." in question.texts.values() else None
    found = translate(engine, ["Satz eins.", "Gift.", "Satz zwei.", "Satz drei."])
    assert [one.text for one in found] == ["SATZ EINS.", "", "SATZ ZWEI.", "SATZ DREI."]
    assert [bool(one.failure) for one in found] == [False, True, False, False]
    assert not engine.away
    assert len(model.questions) <= 4 * ATTEMPTS * 3
    assert "Gift" not in str(found[1].failure)


def test_what_a_server_does_not_understand_is_left_out_and_that_is_remembered(
    model: ModelServer, engines: Callable[..., OpenAIEngine]
) -> None:
    def refuse(*names: str) -> Behaviour:
        def behave(question: Question) -> Answer | None:
            asked = question.body.get("response_format", {}).get("type")
            for name in names:
                if name == asked or name in question.body:
                    said = {
                        "error": {
                            "message": f"{name} is not supported; use max_completion_tokens instead of max_tokens"
                        }
                    }
                    return Answer(
                        status=400,
                        raw=json.dumps(said if name == "max_tokens" else {"error": {"message": name}}).encode(),
                    )
            return None

        return behave

    for names, questions in (
        (("json_schema",), 2),
        (("json_schema", "json_object"), 3),
        (("temperature",), 2),
        (("max_tokens",), 2),
        (("max_tokens", "max_completion_tokens", "temperature", "json_schema", "json_object"), 6),
    ):
        engine = engines(model)
        model.behave = refuse(*names)
        model.questions.clear()
        assert translate(engine, SENTENCES) == [Hypothesis(text.upper()) for text in SENTENCES], names
        assert len(model.questions) == questions, names
        translate(engine, ["Noch ein Satz."])
        assert len(model.questions) == questions + 1, "the next question is asked in the way that worked"
