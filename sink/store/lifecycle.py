"""What the API writes: documents appear, break off, and are deleted."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from pipeline.errors import ConflictError
from sink.store.collections import Collections, Entry
from sink.store.failures import translated

# As long as Kafka keeps what might still come of a deleted document.
_TRACE_KEPT = timedelta(days=7)


class DocumentLifecycle:
    """Makes and ends documents. Each call may be repeated."""

    def __init__(self, collections: Collections) -> None:
        self._documents = collections.documents
        self._parts = collections.parts

    async def register(
        self,
        document: str,
        *,
        source: str,
        target: str,
        model: str | None,
        metadata: Mapping[str, Any],
        revision: str,
    ) -> bool:
        """Make a document that waits for its text, and return whether it is new; `revision` is its first part's.

        Raises `ConflictError` if the id stands for a document with other languages or another beginning, or for a deleted
        one.
        """
        entry: Entry = {
            "_id": document,
            "state": "receiving",
            "source": source,
            "target": target,
            "model": model,
            "metadata": dict(metadata),
            "created": datetime.now(UTC),
            # Known here before the sink has stored anything.
            "first": revision,
        }
        with translated():
            try:
                await self._documents.insert_one(entry)
            except DuplicateKeyError:
                known = await self._documents.find_one({"_id": document}) or entry
            else:
                return True
        if known["state"] in ("deleted", "cancelled"):
            raise ConflictError(f"document {document} was {known['state']}; choose another id")
        if (known["source"], known["target"], known["model"]) != (source, target, model):
            raise ConflictError(
                f"document {document} exists as {known['source']}→{known['target']}"
                f"{' for model ' + known['model'] if known['model'] else ''}; choose another id or delete it first"
            )
        if known.get("first", revision) != revision:
            raise ConflictError(
                f"document {document} is already there with another text; choose another id or delete it first"
            )
        return False

    async def interrupted(self, document: str, reason: str) -> None:
        """Note that an upload broke off; what came is kept, and the rest may still come."""
        with translated():
            await self._documents.update_one(
                {"_id": document, "state": "receiving"}, {"$set": {"state": "incomplete", "reason": reason}}
            )

    async def delete(self, document: str) -> bool:
        """Delete a document; return whether there was one.

        A trace of it stays for a while, so that events that are still under way do not bring it back.
        """
        trace = {"state": "deleted", "expires": datetime.now(UTC) + _TRACE_KEPT}
        with translated():
            found = await self._documents.find_one_and_replace({"_id": document, "state": {"$ne": "deleted"}}, trace)
            if found is not None:
                await self._parts.delete_many({"document": document})
        return found is not None
