"""Both clients are one: what one can, the other can in the same words."""

import inspect

from satzstrom import AsyncClient, Client


def told(kind: type) -> dict[str, list[tuple[str, object, object]]]:
    """Return the public methods of a client with their parameters: name, kind, default."""
    methods = inspect.getmembers(kind, inspect.isfunction)
    return {
        name: [(one.name, one.kind, one.default) for one in inspect.signature(method).parameters.values()]
        for name, method in methods
        if not name.startswith("_")
    }


def test_the_clients_have_the_same_methods_with_the_same_parameters() -> None:
    assert len(told(Client)) > 30
    assert told(Client) == told(AsyncClient)
