"""What the API writes: documents appear, break off, and are cancelled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError

from pipeline.errors import ConflictError, EndedError
from pipeline.events import NO_MEMORY, DocumentCompleted
from store.accounts.admission import insert_within
from store.collections import UNDER_WAY, Collections, part_id
from store.documents.deleting import TRACE_KEPT
from store.documents.history import State
from store.driver import ALL_AT_ONCE, Entry
from store.endings import due_at
from store.failures import DUPLICATE, translated
from store.ownership import Ownership
from store.words import words
from store.writing.completion import completed

HEARD_EVERY = timedelta(seconds=3)
"""How exact it is known when somebody who sends a document was last heard of."""

_OPEN = [*UNDER_WAY, "incomplete"]


@dataclass(frozen=True, slots=True)
class Registration:
    """What was said of a document when it was begun."""

    source: str
    target: str
    model: str | None
    pins: dict[str, str]
    """By source language: the models that were in use then."""
    memory: str | None
    """Whose translation memory it uses, as in `DocumentPart.memory`."""
    new: bool
    """Whether it was begun just now."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What was said of a document, for a part that comes later."""

    source: str
    target: str
    model: str | None
    internal: dict[str, Any]
    """What the API noted of it for itself."""


class DocumentLifecycle:
    """Makes and ends documents. Each call may be repeated.

    What is not there for `ownership` is as if it did not exist, but its id is taken.
    """

    def __init__(self, collections: Collections) -> None:
        self._collections = collections
        self._documents = collections.documents

    async def register(  # noqa: PLR0913 (each is a field of the document)
        self,
        ownership: Ownership,
        document: str,
        *,
        source: str,
        target: str,
        model: str | None,
        metadata: Mapping[str, Any],
        revision: str,
        expected: int | None = None,
        whole: bool = False,
        callback: str | None = None,
        internal: Mapping[str, Any] | None = None,
        pins: Mapping[str, str] | None = None,
        beginning: str = "",
        remembered: bool = True,
        at_most: int | None = None,
    ) -> Registration:
        """Make a document that waits for its text, and return how it was begun, now or before.

        `revision` is its first part's; `pins` the models in use by source language; `expected` about how many characters it
        will have; `whole` whether all of its text is at hand, so that nobody has to say later that it is; `beginning` its
        first words; `remembered` whether it uses the translation memory; `callback` who is to be told of its end; `at_most`
        how many documents the owner may have under way, None: as many as it likes.

        Raises `ConflictError` if the id stands for a document with other languages or another beginning, `EndedError` for
        one that was cancelled or deleted, `TooManyDocumentsError`.
        """
        entry: Entry = {
            "_id": document,
            "state": "receiving",
            "source": source,
            "target": target,
            "model": model,
            "metadata": dict(metadata),
            # Also where there is nothing: what has none is of an earlier release, and its metadata may be moved there.
            "internal": dict(internal or {}),
            "created": datetime.now(UTC),
            # Known here before the sink has stored anything.
            "first": revision,
            "pins": dict(pins or {}),
            "beginning": beginning,
        } | ({"expected": expected} if expected is not None else {})
        if callback is not None:
            host = urlsplit(callback).hostname
            entry["callback"] = {"url": callback, "host": host, "attempts": 0}
        if not remembered:
            entry["remembered"] = False
        if whole:
            entry["received"] = True
        if ownership.owner is not None:
            entry["owner"] = ownership.owner
        with translated():
            if not await self._is_free(ownership, document):
                raise ConflictError(f"the id {document} is taken; choose another one")
            try:
                await self._insert(entry, at_most)
            except DuplicateKeyError:
                known = await self._documents.find_one({"_id": document}) or entry
            else:
                return _registration(entry, new=True)
        if not ownership.covers(known):
            raise ConflictError(f"the id {document} is taken; choose another one")
        _check_same(known, entry)
        return _registration(known, new=False)

    async def _is_free(self, ownership: Ownership, document: str) -> bool:
        """Whether an id is not one that the files of somebody else's batch have, those that are to come included."""
        batch, _, position = document.rpartition(".")
        if ownership.everything or not (batch and position.isdecimal()):
            return True
        known = await self._collections.batches.find_one({"_id": batch}, {"owner": 1})
        return known is None or ownership.covers(known)

    async def _insert(self, entry: Entry, at_most: int | None) -> None:
        if at_most is None:
            await self._documents.insert_one(entry)
        else:
            await insert_within(self._collections, entry, at_most)

    async def withdraw(self, ownership: Ownership, document: str) -> None:
        """Forget a document that was just registered and of which nothing was sent."""
        with translated():
            await self._documents.delete_one({"_id": document, "state": "receiving", **ownership.seen})

    async def interrupted(self, ownership: Ownership, document: str, reason: str) -> None:
        """Note that an upload broke off; what came is kept, and the rest may still come."""
        with translated():
            await self._documents.update_one(
                {"_id": document, "state": "receiving", **ownership.seen},
                {"$set": {"state": "incomplete", "reason": reason}},
            )

    async def continue_upload(self, ownership: Ownership, document: str) -> Registration | None:
        """Return what a document was registered with, and note that its upload goes on; None if there is none.

        Raises `EndedError` if it was cancelled.
        """
        with translated():
            known = await self._documents.find_one({"_id": document, "state": {"$ne": "deleted"}, **ownership.seen})
            if known is not None and known["state"] == "incomplete":
                await self._documents.update_one(
                    {"_id": document, "state": "incomplete"},
                    {"$set": {"state": "receiving", "touched": datetime.now(UTC)}, "$unset": {"reason": ""}},
                )
            elif known is not None and known["state"] == "receiving":
                await self.heard_of(ownership, document)
        if known is None:
            return None
        if known["state"] == "cancelled":
            raise EndedError(f"document {document} was cancelled; choose another id")
        return _registration(known, new=False)

    async def begun(self, ownership: Ownership, document: str) -> Begun | None:
        """Return what was said of a document with its part 0; None if there is none."""
        with translated():
            known = await self._documents.find_one(
                {"_id": document, "state": {"$ne": "deleted"}, **ownership.seen},
                {"source": 1, "target": 1, "model": 1, "internal": 1},
            )
        return Begun(known["source"], known["target"], known["model"], known.get("internal") or {}) if known else None

    async def heard_of(self, ownership: Ownership, document: str) -> None:
        """Note that the sender of a document goes on sending it; more than once in some seconds it costs nothing."""
        now = datetime.now(UTC)
        with translated():
            await self._documents.update_one(
                {"_id": document, "touched": {"$not": {"$gt": now - HEARD_EVERY}}, **ownership.seen},
                {"$set": {"touched": now}},
            )

    async def received(self, ownership: Ownership, document: str, characters: int | None = None) -> None:
        """Note that all of a document is on its way; how long it takes from then on is no longer its sender's business.

        `characters`: how many it has, where they were counted.
        """
        known = {"received": True} | ({"expected": characters} if characters is not None else {})
        with translated():
            now = datetime.now(UTC)
            await self._documents.update_one(
                {"_id": document, **ownership.seen}, {"$set": known, "$max": {"touched": now}}
            )

    async def rename(self, ownership: Ownership, document: str, title: str | None) -> bool:
        """Give a document a title, or none; return whether there is one of that id.

        A title that it is given is found by the search, too; the words of the one before as well.
        """
        titled: Entry = {"$mergeObjects": ["$metadata", {"title": {"$literal": title}}]}
        change = {"$set": {"metadata": titled}} if title is not None else {"$unset": "metadata.title"}
        with translated():
            found = await self._documents.update_one(
                {"_id": document, "state": {"$ne": "deleted"}, **ownership.seen}, [change]
            )
            if found.matched_count and title is not None:
                new = "".join(f"{word} " for word, _, _ in words(title) if word)
                # Empty until the document is searchable; from then on it is made so with its title.
                await self._collections.search.update_one(
                    {"_id": part_id(document, 0), "document": document, **ownership.seen},
                    [{"$set": {"words": {"$concat": ["$words", {"$literal": new}]}}}],
                )
        return bool(found.matched_count)

    async def give_up_uploads(self, pause: timedelta) -> int:
        """Note that uploads broke off that began here and to which nothing was added for a time; return how many."""
        before = datetime.now(UTC) - pause
        silent = {"$or": [{"touched": {"$lt": before}}, {"touched": None, "created": {"$lt": before}}]}
        reason = f"nothing came for {pause.total_seconds() / 60:.0f} minutes"
        with translated():
            result = await self._documents.update_many(
                {"state": "receiving", "first": {"$ne": None}, "received": None, **silent},
                {"$set": {"state": "incomplete", "reason": reason}},
            )
        return result.modified_count

    async def cancel(self, ownership: Ownership, document: str) -> State | None:
        """Cancel a document that is not done, and return its state then: cancelled or done; None if there is none.

        What is translated of it stays and can be read.
        """
        with translated():
            return (await self._cancel(ownership, [document])).get(document)

    async def _cancel(self, ownership: Ownership, documents: Sequence[str]) -> dict[str, State]:
        """Cancel documents that are not done; return the states of those that are there."""
        now = datetime.now(UTC)
        end = {
            "state": "cancelled",
            "finished": now,
            "unsearched": {"$literal": {"part": 0, "failed": 0}},
            "callback": due_at(now),
        }
        # One by one, because the driver repeats such writes by itself when the primary changes.
        updates = [
            UpdateOne({"_id": name, "state": {"$in": _OPEN}, **ownership.seen}, [{"$set": end}]) for name in documents
        ]
        await self._documents.bulk_write(updates, ordered=False)
        there = {"_id": {"$in": documents}, "state": {"$ne": "deleted"}, **ownership.seen}
        found = self._documents.find(there, {"state": 1}, batch_size=ALL_AT_ONCE)
        return {entry["_id"]: entry["state"] for entry in await found.to_list(None)}

    async def cancel_early(self, ownership: Ownership, documents: Collection[str]) -> list[DocumentCompleted]:
        """Cancel documents, also those of which nothing is there yet: nothing of them will be taken then.

        Returns what is to be said of those that are cancelled.
        """
        names = sorted(set(documents))
        with translated():
            states = await self._cancel(ownership, names)
            trace = {"state": "deleted", "cleared": True, "expires": datetime.now(UTC) + TRACE_KEPT}
            if unknown := [{"_id": name, **trace} for name in names if name not in states]:
                try:
                    await self._documents.insert_many(unknown, ordered=False)
                except BulkWriteError as error:
                    # Those that are there by now, or deleted already.
                    others = [one for one in error.details["writeErrors"] if one["code"] != DUPLICATE]
                    if others or error.details["writeConcernErrors"]:
                        raise
            cancelled = [name for name, state in states.items() if state == "cancelled"]
            return await completed(self._collections, cancelled) if cancelled else []


def _check_same(known: Entry, entry: Entry) -> None:
    """Raise `ConflictError` if a document is not the one that is sent, `EndedError` if it has come to its end."""
    document = known["_id"]
    if known["state"] in ("deleted", "cancelled"):
        raise EndedError(f"document {document} was {known['state']}; choose another id")
    if any(known[name] != entry[name] for name in ("source", "target", "model")):
        raise ConflictError(
            f"document {document} exists as {known['source']}→{known['target']}"
            f"{' for model ' + known['model'] if known['model'] else ''}; choose another id or delete it first"
        )
    for what, mine, stored in (
        ("file", _digest(entry), _digest(known)),
        ("text", entry["first"], known.get("first", entry["first"])),
    ):
        if mine != stored:
            raise ConflictError(
                f"document {document} is already there with another {what}; choose another id or delete it first"
            )


def _digest(entry: Entry) -> str | None:
    """Return what tells the file that a document came in from others; None for one that came as text."""
    digest: str | None = ((entry.get("internal") or {}).get("file") or {}).get("digest")
    return digest


def _registration(entry: Entry, *, new: bool) -> Registration:
    memory = entry.get("owner") if entry.get("remembered", True) else NO_MEMORY
    return Registration(entry["source"], entry["target"], entry["model"], entry.get("pins") or {}, memory, new)
