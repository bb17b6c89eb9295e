"""Documents that somebody waits for until they are done, and that are deleted when they are read.

Their ids are random and told to nobody unless they take too long.
"""

from collections.abc import Mapping
from typing import Any

from store.driver import Entry

WAITED_FOR: Entry = {"internal.synchronous": True}
"""The filter that MongoDB takes for them. Senders cannot set it, whatever they call their metadata."""

LISTED: Entry = {"internal.typed": {"$ne": True}}
"""The filter for what lists have: not what goes through while somebody types, many times a minute."""

IS_WAITED_FOR: Entry = {"$eq": ["$internal.synchronous", True]}
"""The same as an expression."""


def was_waited_for(entry: Mapping[str, Any]) -> bool:
    """Whether a stored document is one of them."""
    return (entry.get("internal") or {}).get("synchronous") is True
