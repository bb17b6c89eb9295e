"""What people change in a document, for one reader."""

import asyncio
import time
from collections.abc import AsyncGenerator

from api.live.events import SILENCE, edited_event
from api.live.statuses import Statuses
from pipeline.errors import UnavailableError
from store.documents.correcting import CorrectionStore
from store.ownership import EVERYBODY

# People notice no less, and a document that nobody changes costs a look at its entry, with those of all other readers.
_EVERY = 0.5
_SILENT_FOR = 15.0


class EditStream:
    """Gives the sentences that people change, as they are then, for as long as their document is there.

    An event's id is the number of an edit: a reader that comes back with it misses nothing. One that others have changed
    meanwhile comes once, as it is now.
    """

    def __init__(self, corrections: CorrectionStore, statuses: Statuses) -> None:
        self._corrections = corrections
        self._statuses = statuses

    async def events(self, document: str, after: int) -> AsyncGenerator[bytes]:
        """Yield events of what is changed after an edit; 0: of all that people ever changed.

        Ends while MongoDB is away, and raises nothing: a reader may come back.
        """
        spoke = time.monotonic()
        # So that a reader knows that it is connected.
        yield SILENCE
        try:
            while (status := await self._statuses.get(document)) is not None:
                if status.edits > after:
                    changed = await self._corrections.since(EVERYBODY, document, after)
                    after = status.edits
                    yield b"".join(edited_event(sentence, after) for sentence in changed)
                elif time.monotonic() - spoke >= _SILENT_FOR:
                    yield SILENCE
                else:
                    await asyncio.sleep(_EVERY)
                    continue
                spoke = time.monotonic()
        except UnavailableError:
            return
