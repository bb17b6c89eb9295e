"""Files that documents came in, or are to come in: laid out as GridFS has them, so its tools read them.

An entry of `files.files` is there before the first chunk of `files.chunks` and goes after the last, so no chunk is ever
without one. GridFS's own writers make it last: what a process that was killed had written would lie there for ever, and
an upload that broke off could not go on.
"""

import json
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from pipeline.errors import ConflictError, UnavailableError
from store import driver
from store.collections import Collections
from store.driver import Entry, Session
from store.failures import translated
from store.ownership import EVERYBODY, Ownership

CHUNK = 1024 * 1024
"""Bytes of a chunk; all but the last have so many."""
KEPT = timedelta(days=1)
"""How long a file is kept that was sent for documents to come, from its last byte on."""
_UPLOAD_MAY_PAUSE = timedelta(minutes=10)
_LOOKED_AT_EVERY = timedelta(days=1)
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as far as it is there."""

    id: str
    name: str
    media_type: str
    length: int
    """Bytes that are there."""
    digest: str | None
    """SHA-256 in hexadecimal digits; None while it arrives."""
    document: str | None
    """Whose file it is; None: for documents to come."""
    turn: str
    """Names the upload that may add to it: the newest one."""


class FileStore:
    """Keeps files. A file is of one document, which it is deleted with; or of none, and then it is kept for a day.

    What is not there for `ownership` is as if it did not exist, but its id is taken. Each call may be repeated.
    """

    def __init__(self, collections: Collections) -> None:
        self._files = collections.files
        self._chunks = collections.chunks
        self._documents = collections.documents
        self._transactions = collections.transactions

    async def begin(
        self,
        ownership: Ownership,
        file: str,
        *,
        name: str,
        media_type: str,
        document: str | None = None,
        terms: Mapping[str, str] | None = None,
    ) -> StoredFile:
        """Make a file without bytes, unless it is there, and return it. Raises `ConflictError` if its id is taken.

        `terms`: of the glossary that its document is translated with, in case that it has to be read again.
        """
        now = datetime.now(UTC)
        metadata: Entry = {
            "document": document,
            "owner": ownership.owner,
            "media_type": media_type,
            "digest": None,
            "look": now + (KEPT if document is None else _UPLOAD_MAY_PAUSE),
            "turn": secrets.token_hex(8),
        }
        if terms:
            # As text: a term may have a dot or a dollar.
            metadata["terms"] = json.dumps(dict(terms), ensure_ascii=False)
        entry: Entry = {"_id": file, "length": 0, "chunkSize": CHUNK, "uploadDate": now, "filename": name}
        with translated():
            try:
                await self._files.insert_one(entry | {"metadata": metadata})
            except DuplicateKeyError:
                known = await self.get(ownership, file)
                if known is None:
                    raise ConflictError(f"the id {file} is taken; choose another one") from None
                return known
        return _file(entry | {"metadata": metadata})

    async def go_on(
        self, ownership: Ownership, file: str, number: int, *, name: str, media_type: str
    ) -> StoredFile | None:
        """Let a further upload add to a file from a chunk on, and return it; None if it is complete or gone.

        What was there from that chunk on is gone then, and an upload that began before can add no more: of two at once
        none gets bytes of the other.
        """
        mine: Entry = {} if ownership.everything else {"metadata.owner": ownership.owner}
        change = {
            "length": number * CHUNK,
            "filename": name,
            "metadata.media_type": media_type,
            "metadata.turn": secrets.token_hex(8),
        }
        with translated():
            entry: Entry | None = await self._files.find_one_and_update(
                {"_id": file, **_ARRIVING, **mine}, {"$set": change}, return_document=ReturnDocument.AFTER
            )
            if entry is None:
                return None
            await self._chunks.delete_many({"files_id": file, "n": {"$gte": number}})
        return _file(entry)

    async def append(self, file: StoredFile, number: int, data: bytes) -> None:
        """Add a chunk, numbered from 0; again is harmless.

        Raises `ConflictError` if the file is complete or gone, or another upload goes on with it; nothing is changed then.
        """
        chunk = {"_id": f"{file.id}/{number:07d}", "files_id": file.id, "n": number, "data": data}
        look = datetime.now(UTC) + _UPLOAD_MAY_PAUSE
        change = {"$max": {"length": number * CHUNK + len(data), "metadata.look": look}}

        async def add(session: Session) -> bool:
            if not (await self._files.update_one(_arriving(file), change, session=session)).matched_count:
                return False
            own = {"_id": chunk["_id"], "files_id": file.id}
            await self._chunks.replace_one(own, chunk, upsert=True, session=session)
            return True

        with translated():
            # Together, or a chunk could come into a file that is complete meanwhile, or stay of one that was deleted.
            if not await self._transactions.run(file.id, add):
                raise _no_more(file)

    async def complete(self, file: StoredFile, digest: str) -> None:
        """Note that all of a file is there. Raises as `append` does."""
        now = datetime.now(UTC)
        with translated():
            done = await self._files.update_one(
                _arriving(file),
                [
                    {
                        "$set": {
                            "uploadDate": now,
                            "metadata.digest": digest,
                            "metadata.look": {
                                "$cond": ["$metadata.document", now + _UPLOAD_MAY_PAUSE, now + KEPT],
                            },
                        }
                    }
                ],
            )
        if not done.matched_count:
            raise _no_more(file)

    async def get(self, ownership: Ownership, file: str) -> StoredFile | None:
        """Return a file, or None if there is none of that id."""
        mine: Entry = {} if ownership.everything else {"metadata.owner": ownership.owner}
        with translated():
            entry = await self._files.find_one({"_id": file, "metadata.deleted": None, **mine}, {"metadata.terms": 0})
        return _file(entry) if entry else None

    async def kept(self, ownership: Ownership, *, without: str) -> int:
        """Return the bytes of an owner's files for documents to come, but for one; each counts as a chunk at least."""
        # The owner's: what others have counts for them, also where this one sees everything.
        match = {"metadata.document": None, "metadata.owner": ownership.owner, "_id": {"$ne": without}}
        total = {"_id": None, "bytes": {"$sum": {"$max": ["$length", CHUNK]}}}
        with translated():
            found = await driver.aggregate(self._files, [{"$match": match}, {"$group": total}])
        return int(found[0]["bytes"]) if found else 0

    async def chunks(self, file: str) -> AsyncIterator[bytes]:
        """Yield the bytes of a file. Raises `UnavailableError` if chunks are missing, as after a restored backup of less."""
        expected = 0
        with translated():
            async for chunk in self._chunks.find({"files_id": file}).sort("n", 1).batch_size(2):
                if chunk["n"] != expected:
                    break
                expected += 1
                yield bytes(chunk["data"])
            entry = await self._files.find_one({"_id": file}, {"length": 1})
        if entry is None or expected < -(-entry["length"] // CHUNK):
            raise UnavailableError("MongoDB", "SATZSTROM_MONGODB", f"chunks of the file {file} are missing")

    async def delete(self, ownership: Ownership, file: str) -> bool:
        """Delete a file, and return whether there was one."""
        mine: Entry = {} if ownership.everything else {"metadata.owner": ownership.owner}
        with translated():
            # Due at once, for whoever finishes this if it is interrupted.
            change = {"$set": {"metadata.deleted": True, "metadata.look": datetime.now(UTC)}}
            if not (await self._files.update_one({"_id": file, **mine}, change)).matched_count:
                return False
            await self._chunks.delete_many({"files_id": file})
            await self._files.delete_one({"_id": file})
        return True

    async def delete_of(self, ownership: Ownership, document: str) -> None:
        """Delete the files of a document, those that are still arriving included."""
        with translated():
            found = self._files.find({"metadata.document": document}, {"_id": 1})
            for name in [entry["_id"] async for entry in found]:
                await self.delete(ownership, name)

    async def terms(self, file: str) -> dict[str, str]:
        """Return the terms that a file was stored with."""
        with translated():
            entry = await self._files.find_one({"_id": file}, {"metadata.terms": 1})
        found: dict[str, str] = json.loads(((entry or {}).get("metadata") or {}).get("terms", "{}"))
        return found

    async def settle(self, file: str) -> bool:
        """Keep a file that its document refers to, and delete any other; return whether it was kept."""
        with translated():
            entry = await self._files.find_one({"_id": file}, {"metadata.document": 1, "metadata.deleted": 1})
            if entry is None:
                return False
            document = entry["metadata"]["document"]
            refers = {"_id": document, "state": {"$ne": "deleted"}, "internal.file.id": file}
            if entry["metadata"].get("deleted") or await self._documents.find_one(refers, {"_id": 1}) is None:
                await self.delete(EVERYBODY, file)
                return False
            look = datetime.now(UTC) + _LOOKED_AT_EVERY
            await self._files.update_one({"_id": file}, {"$set": {"metadata.look": look}})
        return True

    async def due(self) -> list[str]:
        """Return files that are to be settled, a hundred at most: uploads that broke off, and at times each."""
        with translated():
            found = self._files.find({"metadata.look": {"$lt": datetime.now(UTC)}}, {"_id": 1}, limit=_AT_ONCE)
            return [entry["_id"] async for entry in found]


_ARRIVING: Entry = {"metadata.digest": None, "metadata.deleted": None}


def _arriving(file: StoredFile) -> Entry:
    return {"_id": file.id, "metadata.turn": file.turn or None, **_ARRIVING}


def _no_more(file: StoredFile) -> ConflictError:
    return ConflictError(
        f"the file {file.id.rpartition('/')[2]} takes no more of this upload: it is complete, was deleted, or is sent anew"
    )


def _file(entry: Entry) -> StoredFile:
    metadata = entry["metadata"]
    return StoredFile(
        entry["_id"],
        entry["filename"],
        metadata["media_type"],
        entry["length"],
        metadata["digest"],
        metadata["document"],
        metadata.get("turn", ""),
    )
