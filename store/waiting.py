"""Documents that somebody waits for until they are done, and that are deleted when they are read.

Their ids are random and told to nobody unless they take too long.
"""

from collections.abc import Mapping
from typing import Any

from store.driver import Entry

# Both, because metadata is the sender's, who may call something else synchronous.
WAITED_FOR: Entry = {"metadata.synchronous": True, "metadata.dialect": {"$exists": True}}
"""The filter that MongoDB takes for them."""

IS_WAITED_FOR: Entry = {
    "$and": [{"$eq": ["$metadata.synchronous", True]}, {"$ne": [{"$type": "$metadata.dialect"}, "missing"]}]
}
"""The same as an expression."""


def was_waited_for(entry: Mapping[str, Any]) -> bool:
    """Whether a stored document is one of them."""
    metadata = entry.get("metadata") or {}
    return metadata.get("synchronous") is True and "dialect" in metadata
