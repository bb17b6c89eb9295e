"""What people make of translations, and what these are made with: corrections, glossaries, the translation memory."""

import time
from collections.abc import Iterator

import httpx

from satzstrom import requests
from satzstrom.connection import PAUSE, Connection, unreachable
from satzstrom.requests import UNCHANGED, Unchanged
from satzstrom.results import (
    EditedSentence,
    Sentence,
    SentenceHistory,
    Status,
)
from satzstrom.streaming import EventReader


class Editing(Connection):
    """The part of `Client` that changes what is there."""

    def sentence(self, document: str, position: str) -> SentenceHistory:
        """Return a sentence by its position (`0.12`), with what was made of it before."""
        return self.get(SentenceHistory, requests.sentence_path(document, position))

    def correct(
        self,
        document: str,
        position: str,
        text: str | Unchanged | None = UNCHANGED,
        *,
        approved: bool | None = None,
        comment: str | Unchanged | None = UNCHANGED,
        version: int | None = None,
    ) -> Sentence:
        """Give a sentence another translation, approve it, or comment on it; return it as it is then.

        What is not given stays; `text` None: the machine's again. `version`: the one that it must still have, 0 if nobody
        has changed it; `RefusedError` of the kind `changed` otherwise. Without it the last change counts.
        """
        return self.ask(
            requests.correction(document, position, text=text, approved=approved, comment=comment, version=version)
        )

    def edits(self, document: str, *, after: int = 0) -> Iterator[EditedSentence]:
        """Yield sentences as people change them, for as long as one listens; those changed before come first.

        `after`: leaves out as many changes, as `Status.edits` counts them.
        """
        events = EventReader(kind=EditedSentence)
        while True:
            events.restart()
            try:
                for line in self.lines(f"/v1/documents/{document}/edits", events.headers, {"since": after}):
                    if isinstance(event := events.feed(line), EditedSentence):
                        yield event
            except httpx.ConnectError as error:
                raise unreachable(self.address, error) from error
            except httpx.HTTPError:
                pass
            time.sleep(PAUSE)

    def rename(self, document: str, title: str) -> Status:
        """Give a document another name; empty: again its file's, or its first words."""
        return self.ask(requests.naming(document, title))
