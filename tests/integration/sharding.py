"""What a sharded MongoDB asks of each command, held against all commands of the store while the tests run.

MongoDB 6 refuses on a sharded collection: a change of one entry whose filter does not say the entry's shard key, `distinct`
in a transaction, and a unique index that does not begin with the key. With one node none of this would be noticed.
"""

import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from tests.conftest import ROOT

_COMMAND = re.compile(r'^sh\.shardCollection\("satzstrom\.([\w.]+)", \{ ([\w.]+): "hashed" \}\)$', re.MULTILINE)
_STORE = str(ROOT / "store")


def shard_keys() -> dict[str, str]:
    """Return the field that each sharded collection is shared out by, as docs/operating.md tells people to do it."""
    return dict(_COMMAND.findall((ROOT / "docs" / "operating.md").read_text(encoding="utf-8")))


class ShardRules(CommandListener):
    """Notes in `broken` what a sharded MongoDB would not do for the store; what tests ask for themselves is left out."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self.broken: list[str] = []
        self._keys = keys

    def started(self, event: CommandStartedEvent) -> None:
        """Look at a command before it is sent."""
        for problem in problems(event.command_name, event.command, self._keys):
            if _is_of_the_store():
                self.broken.append(problem)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """Do nothing."""

    def failed(self, event: CommandFailedEvent) -> None:
        """Do nothing."""


def problems(name: str, command: Mapping[str, Any], keys: Mapping[str, str]) -> Iterable[str]:
    """Yield why a sharded MongoDB refuses a command."""
    collection = command.get(name)
    key = keys.get(collection) if isinstance(collection, str) else None
    if key is None:
        return
    single = {
        "update": [one["q"] for one in command.get("updates", []) if not one.get("multi")],
        "delete": [one["q"] for one in command.get("deletes", []) if one.get("limit") == 1],
        "findAndModify": [command.get("query", {})],
    }
    for wanted in single.get(name, []):
        if not _says(wanted, key):
            yield f"{name} of one entry of {collection} without its {key}: {wanted}"
    if name == "distinct" and command.get("autocommit") is False:
        yield f"distinct of {collection} in a transaction"
    for index in command.get("indexes", []) if name == "createIndexes" else []:
        if index.get("unique") and next(iter(index["key"])) != key:
            yield f"the unique index {index['name']} of {collection} does not begin with {key}"


def _says(wanted: Mapping[str, Any], key: str) -> bool:
    """Whether a filter names one value of a field."""
    value = wanted.get(key)
    if isinstance(value, Mapping):
        return "$eq" in value
    return value is not None or any(_says(one, key) for one in wanted.get("$and", []))


def _is_of_the_store() -> bool:
    """Whether a function of the store has asked for the command that is being sent."""
    return any(frame.f_code.co_filename.startswith(_STORE) for frame, _ in traceback.walk_stack(None))
