"""Answers of a language model that are hard or impossible to use: right or marked translations, and an end to questions."""

import json
from typing import Any

import pytest

from tests.model_server import Answer, ModelServer, Question
from tests.unit.language_models import SENTENCES, engine, engines, first, good, model, together, translate
from translator.engines import Hypothesis
from translator.engines.openai import OpenAIEngine

# Fixtures.
__all__ = ["engine", "engines", "model"]


def merged(question: Question) -> dict[str, str]:
    """Make one sentence of the first two, and number the others anew."""
    one, two, *rest = good(question).values()
    return {str(number): text for number, text in enumerate([f"{one} {two}", *rest], 1)}


def repeated(question: Question) -> dict[str, str]:
    """Give each sentence the same translation."""
    return dict.fromkeys(question.texts, "ONE TRANSLATION FOR ALL OF THEM.")


def as_list(question: Question) -> list[dict[str, Any]]:
    return [{"id": int(number), "text": text} for number, text in good(question).items()]


READ = {
    "a fence": lambda q: Answer(f"```json\n{json.dumps(good(q))}\n```"),
    "a fence without a language": lambda q: Answer(f"```\n{json.dumps(good(q))}\n```"),
    "chatter": lambda q: Answer(f"Sure! Here is the translation:\n\n{json.dumps(good(q))}\n\nLet me know {{if}} it helps!"),
    "thoughts": lambda q: Answer(f'<think>Maybe {{"1": "no"}}? [No].</think>\n{json.dumps(good(q))}'),
    "the end of thoughts": lambda q: Answer(f'Hm, {{"1": "x", "2": "y"}}</think>{json.dumps(good(q))}'),
    "a draft before": lambda q: Answer(f"{json.dumps(dict.fromkeys(q.texts, 'draft'))} becomes {json.dumps(good(q))}"),
    "thoughts elsewhere": lambda q: Answer(good(q), message={"reasoning_content": '{"1": "no"}'}),
    "another order": lambda q: Answer(dict(reversed(good(q).items()))),
    "a list": lambda q: Answer(as_list(q)),
    "a list in another order": lambda q: Answer({"translations": as_list(q)[::-1]}),
    "line breaks around": lambda q: Answer({number: f"\n{text}\r\n" for number, text in good(q).items()}),
    "control characters": lambda q: Answer({number: f"\0{text}\U000f0001\x1b" for number, text in good(q).items()}),
    "a byte order mark": lambda q: Answer("\ufeff" + json.dumps(good(q))),
}  # fmt: skip


@pytest.mark.parametrize("what", READ)
def test_what_stands_around_an_answer_is_left_out(model: ModelServer, engine: OpenAIEngine, what: str) -> None:
    model.behave = READ[what]
    assert translate(engine, SENTENCES) == [Hypothesis(text.upper()) for text in SENTENCES]
    assert len(model.questions) == 1


UNUSABLE = {
    "nothing": lambda q: Answer(""),
    "no content": lambda q: Answer(None),
    "no JSON": lambda q: Answer("SATZ EINS. SATZ ZWEI."),
    "broken JSON": lambda q: Answer(json.dumps(good(q))[:-1]),
    "JSON within JSON as text": lambda q: Answer(json.dumps(json.dumps(good(q)))),
    "one missing": lambda q: Answer(dict(list(good(q).items())[1:])),
    "one too many": lambda q: Answer(good(q) | {str(len(q.texts) + 1): "MEHR"}),
    "an id twice": lambda q: Answer(json.dumps(good(q))[:-1] + ', "1": "ANDERS"}'),
    "an id twice in a list": lambda q: Answer([*as_list(q), as_list(q)[0]]),
    "two sentences made one": lambda q: Answer(merged(q) if len(q.texts) > 1 else {}),
    "a list without ids": lambda q: Answer(list(good(q).values())),
    "ids of another kind": lambda q: Answer({f"s{number}": text for number, text in good(q).items()}),
    "an empty translation": lambda q: Answer(good(q) | {"1": " "}),
    "null": lambda q: Answer(good(q) | {"1": None}),
    "a number": lambda q: Answer(good(q) | {"1": 1}),
    "half of a character": lambda q: Answer(json.dumps(good(q)).replace("SATZ", "\\ud83d")),
    "thoughts without an end": lambda q: Answer("<think>Let me see {"),
    "nested too deeply": lambda q: Answer("[" * 5000),
    "a refusal": lambda q: Answer("", message={"refusal": "I can't."}),
    "filtered": lambda q: Answer(good(q), finish="content_filter"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNUSABLE)
def test_each_sentence_is_asked_for_alone_after_an_answer_that_cannot_be_used(
    model: ModelServer, engine: OpenAIEngine, what: str
) -> None:
    model.behave = together(UNUSABLE[what])
    assert translate(engine, SENTENCES) == [Hypothesis(text.upper()) for text in SENTENCES]
    assert len(model.questions) == 1 + len(SENTENCES)


@pytest.mark.parametrize("what", UNUSABLE)
def test_what_is_never_answered_fails_after_a_few_questions_and_says_why(
    model: ModelServer, engine: OpenAIEngine, what: str
) -> None:
    model.behave = lambda question: (
        UNUSABLE[what](question) if "Satz zwei hat mehr." in question.texts.values() else None
    )
    one, two, *others = translate(engine, SENTENCES)
    assert [one, *others] == [Hypothesis(SENTENCES[place].upper()) for place in (0, 2, 3)]
    assert two.failure is not None
    assert two.text == ""
    assert "Satz" not in two.failure
    assert len(model.questions) == 1 + len(SENTENCES) + 1


def test_an_answer_that_was_cut_off_is_asked_for_in_halves(model: ModelServer, engine: OpenAIEngine) -> None:
    model.behave = together(lambda question: Answer(json.dumps(good(question))[:20], finish="length"))
    assert translate(engine, SENTENCES) == [Hypothesis(text.upper()) for text in SENTENCES]
    assert len(model.questions[0].texts) == 4
    assert len(model.questions) == 7
    # Also if all of it is there: nobody knows whether it is.
    model.behave = together(lambda question: Answer(good(question), finish="length"))
    assert translate(engine, SENTENCES, "b") == [Hypothesis(text.upper()) for text in SENTENCES]


def test_one_sentence_that_was_cut_off_gets_more_room_once(model: ModelServer, engine: OpenAIEngine) -> None:
    model.behave = first(Answer('{"1": "SATZ', finish="length"))
    assert translate(engine, ["Satz eins."]) == [Hypothesis("SATZ EINS.")]
    limits = [question.body["max_tokens"] for question in model.questions]
    assert limits[1] == 4 * limits[0]
    model.behave = lambda _: Answer('{"1": "SATZ SATZ SATZ', finish="length")
    (failed,) = translate(engine, ["Satz zwei."])
    assert failed.failure is not None
    assert "cut off" in failed.failure
    assert len(model.questions) == 4


def test_one_translation_for_different_sentences_is_none(model: ModelServer, engine: OpenAIEngine) -> None:
    model.behave = together(lambda question: Answer(repeated(question)))
    assert translate(engine, SENTENCES) == [Hypothesis(text.upper()) for text in SENTENCES]
    assert len(model.questions) == 1 + len(SENTENCES)
    model.behave = lambda _: None
    # The same sentence twice has the same translation, and short ones may.
    twice = ["Das ist ein Satz, der zweimal da steht.", "Ja.", "Das ist ein Satz, der zweimal da steht.", "ja."]
    assert [one.text for one in translate(engine, twice, "b")] == [text.upper() for text in twice]
    assert len(model.questions) == 2 + len(SENTENCES)


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "😀", "\0", "漢字", 'Er sagte: "{\\"1\\": \\"x\\"}"', "</think>", "```"]
)
def test_any_text_is_asked_for_as_data(model: ModelServer, engine: OpenAIEngine, text: str) -> None:
    model.translate = lambda given: given
    (made,) = translate(engine, [text])
    assert made.text.replace("\0", "") == text.replace("\0", "")
    assert made.failure is None or text == "\0"
