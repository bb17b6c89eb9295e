"""Whatever names a document, a batch or a glossary of somebody says whose it may be."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import store.accounts
import store.documents
import store.memory
from api.canceller import Canceller
from api.intake import Intake
from store.ownership import Ownership

NAMES = {"document", "documents", "batch", "glossary"}
# Who counts for a key has named the owner.
OWNERS = {"key"}


def faces() -> Iterator[type]:
    for package in (store.documents, store.accounts, store.memory):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            found = importlib.import_module(module.name)
            for value in vars(found).values():
                if inspect.isclass(value) and value.__module__ == module.name:
                    yield value


def calls() -> Iterator[tuple[str, Callable[..., Any]]]:
    for face in (*faces(), Canceller, Intake):
        for name, call in vars(face).items():
            if not name.startswith("_") and inspect.isfunction(call):
                yield f"{face.__name__}.{name}", call


def names_something(call: Callable[..., Any]) -> bool:
    parameters = inspect.signature(call).parameters.values()
    return any(one.name in NAMES and "str" in str(one.annotation) for one in parameters)


@pytest.mark.parametrize(
    ("name", "call"), [pytest.param(*one, id=one[0]) for one in calls() if names_something(one[1])]
)
def test_no_call_can_forget_whose_it_is(name: str, call: Callable[..., Any]) -> None:
    first = list(inspect.signature(call).parameters.values())[1]
    if first.name not in OWNERS:
        assert first.annotation is Ownership, name
        assert first.default is inspect.Parameter.empty, name


def test_the_calls_that_matter_are_among_them() -> None:
    found = {name for name, call in calls() if names_something(call)}
    assert {
        "DocumentReader.get", "DocumentReader.many", "DocumentReader.text", "DocumentLifecycle.register",
        "DocumentLifecycle.cancel", "DocumentDeletion.delete", "BatchStore.get", "GlossaryStore.entries",
        "DocumentSearch.find", "Canceller.delete", "MemoryKeeper.forget_document",
    } <= found  # fmt: skip


def test_an_ownership_says_whether_it_covers_all() -> None:
    with pytest.raises(TypeError):
        Ownership()  # type: ignore[call-arg]
