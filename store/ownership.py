"""Whose documents are seen, and whose are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from store.driver import Entry


@dataclass(frozen=True, slots=True)
class Ownership:
    """Limits a call of the store to what belongs to one owner.

    What is not there for it is as if it did not exist, but its id is taken.
    """

    owner: str | None
    """Stands on documents that are made; None: on documents of nobody, as those that come straight from Kafka."""
    everything: bool
    """Whether documents of others, and of nobody, are there as well."""

    @property
    def seen(self) -> Entry:
        """The filter that MongoDB takes for it."""
        return {} if self.everything else {"owner": self.owner}

    def covers(self, entry: Mapping[str, Any]) -> bool:
        """Whether a stored document is there for this owner."""
        return self.everything or entry.get("owner") == self.owner


EVERYBODY = Ownership(None, everything=True)
"""For services, and where no keys are asked for: everything is there, and what is made is nobody's."""
