"""An engine whose language model is behind a server of the test, which misbehaves as the test says."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.model_server import Answer, Behaviour, ModelServer, Question, model_server
from translator.engines import USUAL, Hypothesis, Surroundings
from translator.engines.openai import OpenAIEngine
from translator.llm.server import Server
from translator.llm.settings import LanguageModelSettings, language_model

SENTENCES = ["Satz eins.", "Satz zwei hat mehr.", "Satz drei.", "Satz vier endet."]
KEY = "sk-secret-key-of-a-test"


def configured(url: str, **more: Any) -> LanguageModelSettings:
    given = {"openai_url": url, "openai_model": "stand-in", "openai_key": KEY, "openai_timeout": 5}
    return LanguageModelSettings.model_validate(given | more)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with model_server(str.upper) as running:
        yield running


@pytest.fixture
def engines() -> Iterator[Callable[..., OpenAIEngine]]:
    made: list[OpenAIEngine] = []

    def make(model: ModelServer, **more: Any) -> OpenAIEngine:
        described = language_model(configured(model.url, **more))
        made.append(OpenAIEngine(Server(described, first_pause=0.01), described.pairs[0]))
        return made[-1]

    yield make
    for engine in made:
        engine.stop()


@pytest.fixture
def engine(model: ModelServer, engines: Callable[..., OpenAIEngine]) -> OpenAIEngine:
    return engines(model)


def translate(engine: OpenAIEngine, texts: list[str], text: str = "a", **more: Any) -> list[Hypothesis]:
    """Translate sentences of one text."""
    around = Surroundings(text)
    return engine.generate([engine.placed(engine.encode(one), around) for one in texts], more.get("decoding", USUAL))


def together(answer: Callable[[Question], Answer]) -> Behaviour:
    """Misbehave for several sentences at once, and not for one."""
    return lambda question: answer(question) if len(question.texts) > 1 else None


def first(*answers: Answer) -> Behaviour:
    """Misbehave for the first questions."""
    left = iter(answers)
    return lambda _: next(left, None)


def good(question: Question) -> dict[str, str]:
    return {number: text.upper() for number, text in question.texts.items()}
