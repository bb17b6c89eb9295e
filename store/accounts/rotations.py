"""How often the secret that signs a key's callbacks was replaced."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument

from store.collections import Collections
from store.driver import Entry
from store.failures import translated

GRACE = timedelta(days=1)
"""How long the secret before goes on signing, so that receivers can be changed one after the other."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Where a key's secrets stand. The secrets themselves are in no store: `api.callbacks.secrets` makes them."""

    number: int = 0
    rotated: datetime | None = None

    @property
    def in_grace(self) -> bool:
        """Whether the secret before still signs."""
        return self.rotated is not None and datetime.now(UTC) < self.rotated + GRACE


class RotationStore:
    """Counts rotations by the id of the key, also for keys that stand in a file."""

    def __init__(self, collections: Collections) -> None:
        self._rotations = collections.rotations

    async def get(self, key: str) -> Rotation:
        """Return how often a key's secret was replaced. Raises `UnavailableError`."""
        with translated():
            return _rotation(await self._rotations.find_one({"_id": key}))

    async def rotate(self, key: str) -> Rotation:
        """Count one more. Raises `UnavailableError`."""
        with translated():
            entry = await self._rotations.find_one_and_update(
                {"_id": key},
                {"$inc": {"number": 1}, "$set": {"rotated": datetime.now(UTC)}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        return _rotation(entry)


def _rotation(entry: Entry | None) -> Rotation:
    return Rotation(entry["number"], entry["rotated"]) if entry else Rotation()
