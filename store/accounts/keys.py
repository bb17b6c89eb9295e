"""Keys of the API: made, found and revoked. The store holds their digests only."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from pymongo import ReturnDocument

from store.collections import Collections
from store.driver import Entry
from store.failures import translated

PREFIX = "satz_"
"""Begins every key, so that people and scanners of secrets know one when they see it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a key may use; None means as much as it likes."""

    characters: int | None = None
    """Characters of source text in a calendar month (UTC)."""
    requests: int | None = None
    """Requests a minute."""
    documents: int | None = None
    """Documents under way at once."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key; the key itself is known to its holder only."""

    id: str
    name: str
    admin: bool
    limits: Limits
    created: datetime
    revoked: datetime | None


def digest(key: str) -> str:
    """Return what stands for a key in the store. Keys are 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(key.encode()).hexdigest()


class KeyStore:
    """Keys in MongoDB. Revoked ones stay as entries, because documents and usage name them."""

    def __init__(self, collections: Collections) -> None:
        self._keys = collections.keys

    async def create(self, name: str, limits: Limits, *, admin: bool) -> tuple[Key, str]:
        """Make a key; return its entry, and the key itself, which nobody can tell again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        entry: Entry = {
            "_id": secrets.token_hex(6),
            "digest": digest(secret),
            "name": name,
            "admin": admin,
            "limits": asdict(limits),
            "created": datetime.now(UTC),
        }
        with translated():
            await self._keys.insert_one(entry)
        return _key(entry), secret

    async def find(self, wanted: str) -> Key | None:
        """Return the key with this digest; None if there is none, or it was revoked."""
        with translated():
            entry = await self._keys.find_one({"digest": wanted, "revoked": None})
        return _key(entry) if entry else None

    async def is_active(self, key: str) -> bool:
        """Whether there is a key with this id that was not revoked."""
        with translated():
            return await self._keys.find_one({"_id": key, "revoked": None}, {"_id": 1}) is not None

    async def all(self) -> list[Key]:
        """Return all keys, oldest first; revoked ones too."""
        with translated():
            return [_key(entry) async for entry in self._keys.find().sort([("created", 1), ("_id", 1)])]

    async def change(self, key: str, limits: Mapping[str, int | None]) -> Key | None:
        """Set limits of a key by their names in `Limits`, and return the key; None if there is none, or it was revoked."""
        changes = {f"limits.{name}": value for name, value in limits.items()}
        with translated():
            entry = await self._keys.find_one_and_update(
                {"_id": key, "revoked": None}, {"$set": changes}, return_document=ReturnDocument.AFTER
            )
        return _key(entry) if entry else None

    async def revoke(self, key: str) -> bool:
        """End a key by its id; return whether there is one. Repeating it changes nothing."""
        with translated():
            await self._keys.update_one({"_id": key, "revoked": None}, {"$set": {"revoked": datetime.now(UTC)}})
            return await self._keys.find_one({"_id": key}, {"_id": 1}) is not None


def _key(entry: Entry) -> Key:
    return Key(
        id=entry["_id"],
        name=entry["name"],
        admin=entry["admin"],
        limits=Limits(**entry["limits"]),
        created=entry["created"],
        revoked=entry.get("revoked"),
    )
