"""Ending work on documents."""

from pipeline.errors import EndedError
from pipeline.events import Control, encode
from pipeline.publisher import Outgoing, Publisher
from pipeline.submission import SEND_TIMEOUT
from pipeline.topics import Topics
from store.documents.deleting import DocumentDeletion
from store.documents.lifecycle import DocumentLifecycle
from store.ownership import Ownership


class Canceller:
    """Cancels and deletes documents, and tells every service to stop working on them. Each call may be repeated."""

    def __init__(
        self, lifecycle: DocumentLifecycle, deletion: DocumentDeletion, publisher: Publisher, topics: Topics
    ) -> None:
        self._lifecycle = lifecycle
        self._deletion = deletion
        self._publisher = publisher
        self._topics = topics

    async def cancel(self, ownership: Ownership, document: str) -> bool:
        """Cancel a document; return whether there is one. Raises `EndedError` if it is done."""
        state = await self._lifecycle.cancel(ownership, document)
        if state == "done":
            raise EndedError(f"document {document} is done; there is nothing left to cancel")
        if state == "cancelled":
            await self._stop_work(document)
        return state is not None

    async def delete(self, ownership: Ownership, document: str, *, memory: bool = False) -> bool:
        """Delete a document with everything that belongs to it; return whether there was one.

        `memory`: also what people made of it in the translation memory.
        What interrupts it at any place leaves a deletion that this finishes when it is called again, by whoever asked or by
        the janitor.
        """
        deletion = await self._deletion.delete(ownership, document, memory=memory)
        if deletion is None:
            return False
        if deletion.under_way:
            await self._stop_work(document)
        await self._deletion.complete(deletion)
        return True

    async def _stop_work(self, document: str) -> None:
        event = Control(document=document, action="cancel")
        record = Outgoing(self._topics.control, encode(event), document.encode())
        await self._publisher.publish_within(SEND_TIMEOUT, [record])
