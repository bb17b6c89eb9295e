"""How much of the store files may take that wait for documents."""

from api.problems import NoRoomError
from store.files import CHUNK, FileStore
from store.ownership import Ownership


class Room:
    """What each key's files for documents to come may take together; where no keys are asked for, everybody's.

    Each counts as a chunk at least, so that there are not too many small ones. Files that documents came in do not count.
    Of several that arrive at once each is looked at for itself: together they can have a chunk more each than they may.
    """

    def __init__(self, store: FileStore, limit: int) -> None:
        """`limit`: bytes."""
        self._store = store
        self._limit = limit

    async def check(self, ownership: Ownership, file: str, length: int) -> None:
        """Raise `NoRoomError` if a file that is to have so many bytes has no room beside the others of its owner."""
        others = await self._store.kept(ownership, without=file)
        if others + max(length, CHUNK) > self._limit:
            raise NoRoomError(self._limit, others)
