"""Batches: documents that were sent in one request."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo.errors import DuplicateKeyError

from pipeline.errors import ConflictError
from store.collections import Collections
from store.driver import Entry
from store.failures import translated
from store.ownership import Ownership

UPLOAD_MAY_PAUSE = timedelta(minutes=10)
"""Time without a new file after which the upload of a batch counts as broken off."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file of which no document was made, or only the beginning of one, and why."""

    filename: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file of a batch; `refusal` is None if all of it was taken."""

    position: int
    document: str
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it was sent."""

    id: str
    created: datetime
    complete: bool
    """Whether all of the request has arrived."""
    broke_off: bool
    files: list[BatchFile]


class BatchStore:
    """Keeps which documents belong to which batch. Each call may be repeated."""

    def __init__(self, collections: Collections) -> None:
        self._batches = collections.batches
        self._documents = collections.documents

    async def begin(self, ownership: Ownership, batch: str) -> None:
        """Make a batch without files, unless it is there. Raises `ConflictError` if its id is taken."""
        now = datetime.now(UTC)
        entry: Entry = {"_id": batch, "created": now, "touched": now, "files": {}}
        if ownership.owner is not None:
            entry["owner"] = ownership.owner
        # Two requests at once: the other one has made it.
        with translated():
            if not ownership.everything and await self._others_hold_an_id(ownership, batch):
                raise ConflictError(f"the id {batch} is taken; choose another one")
            try:
                await self._batches.insert_one(entry)
            except DuplicateKeyError:
                mine = {"_id": batch, **ownership.seen}
                if not (await self._batches.update_one(mine, {"$set": {"touched": now}})).matched_count:
                    raise ConflictError(f"the id {batch} is taken; choose another one") from None

    async def _others_hold_an_id(self, ownership: Ownership, batch: str) -> bool:
        """Whether somebody else has a document with the id of one of the files that a batch may have."""
        # "/" is the character after "."; the pattern leaves out ids that only begin so.
        ids = {"$gt": f"{batch}.", "$lt": f"{batch}/", "$regex": r"\.[0-9]+$"}
        wanted = {"_id": ids, "owner": {"$ne": ownership.owner}}
        async for entry in self._documents.find(wanted, {"_id": 1}):
            if entry["_id"].removeprefix(f"{batch}.").isdecimal():
                return True
        return False

    async def add(self, ownership: Ownership, batch: str, file: BatchFile) -> None:
        """Note what became of a file; sent again, its newest fate counts."""
        entry: Entry = {"document": file.document}
        if file.refusal is not None:
            entry |= {"filename": file.refusal.filename, "kind": file.refusal.kind, "detail": file.refusal.detail}
        with translated():
            await self._batches.update_one(
                {"_id": batch, **ownership.seen},
                {"$set": {f"files.{file.position}": entry, "touched": datetime.now(UTC)}},
            )
            # A document says which batch it belongs to, also where its file was sent by itself.
            await self._documents.update_one(
                {"_id": file.document, "state": {"$ne": "deleted"}, **ownership.seen},
                {"$set": {"internal.batch": batch}},
            )

    async def complete(self, ownership: Ownership, batch: str) -> None:
        """Note that all files of a batch have arrived."""
        with translated():
            await self._batches.update_one({"_id": batch, **ownership.seen}, {"$set": {"complete": True}})

    async def get(self, ownership: Ownership, batch: str) -> Batch | None:
        """Return a batch, or None if there is none of that id."""
        with translated():
            entry = await self._batches.find_one({"_id": batch, **ownership.seen})
        if entry is None:
            return None
        complete = entry.get("complete", False)
        silent = datetime.now(UTC) - entry["touched"] > UPLOAD_MAY_PAUSE
        positions = sorted(entry["files"], key=int)
        return Batch(
            id=batch,
            created=entry["created"],
            complete=complete,
            broke_off=silent and not complete,
            files=[_file(position, entry["files"][position]) for position in positions],
        )

    async def forget(self, age: timedelta) -> int:
        """Forget batches that are so old and have no document any more; return how many."""
        before = datetime.now(UTC) - age
        forgotten = 0
        with translated():
            async for entry in self._batches.find({"created": {"$lt": before}}).sort("created", 1).limit(1000):
                if not await self._any(list(entry["files"].values())):
                    forgotten += (await self._batches.delete_one({"_id": entry["_id"]})).deleted_count
        return forgotten

    async def _any(self, files: Sequence[Entry]) -> bool:
        names = [file["document"] for file in files]
        wanted = {"_id": {"$in": names}, "state": {"$ne": "deleted"}}
        return await self._documents.find_one(wanted, {"_id": 1}) is not None


def _file(position: str, entry: Entry) -> BatchFile:
    refusal = Refusal(entry["filename"], entry["kind"], entry["detail"]) if "kind" in entry else None
    return BatchFile(int(position), entry["document"], refusal)
