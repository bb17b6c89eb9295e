"""Both clients are one, and have all that the API has: its operations, and the fields of its answers."""

import inspect
from typing import Any

import msgspec
import pytest

from api.live.events import LiveSentence as LiveEvent
from satzstrom import AsyncClient, Client, results
from tests.unit.openapi import described

ANSWERS = {
    name: kind
    for name in results.__all__
    if isinstance(kind := getattr(results, name), type) and issubclass(kind, msgspec.Struct)
}
# What the clients call otherwise than the API.
CALLED = {
    "Batch": "BatchStatus",
    "Context": "HitContext",
    "DeadLetter": "WholeDeadLetter",
    "Glossary": "GlossaryStatus",
    "GlossaryPair": "PairCount",
    "Hit": "SearchHit",
}
EVENTS = {"LiveSentence", "EditedSentence"}


def told(kind: type) -> dict[str, list[tuple[str, object, object]]]:
    """Return the public methods of a client with their parameters: name, kind, default."""
    methods = inspect.getmembers(kind, inspect.isfunction)
    return {
        name: [(one.name, one.kind, one.default) for one in inspect.signature(method).parameters.values()]
        for name, method in methods
        if not name.startswith("_")
    }


def fields(kind: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return described()


def test_the_clients_have_the_same_methods_with_the_same_parameters() -> None:
    assert len(told(Client)) > 30
    assert told(Client) == told(AsyncClient)


@pytest.mark.parametrize("name", sorted(ANSWERS.keys() - EVENTS))
def test_answers_have_the_fields_that_the_api_gives_and_no_others(document: dict[str, Any], name: str) -> None:
    schema = document["components"]["schemas"][CALLED.get(name, name)]
    assert fields(ANSWERS[name]) == set(schema["properties"])


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_events_have_the_fields_that_the_api_gives_and_no_others(name: str) -> None:
    assert fields(ANSWERS[name]) == fields(LiveEvent)
