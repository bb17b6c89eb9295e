"""What people make of translations, and what these are made with: corrections, glossaries, the translation memory."""

import time
from collections.abc import Iterator, Mapping
from typing import IO, Literal, Unpack

import httpx

from satzstrom import requests
from satzstrom.connection import PAUSE, Connection, unreachable
from satzstrom.orders import CHUNK
from satzstrom.requests import UNCHANGED, GlossaryFormat, TermsFile, Unchanged
from satzstrom.results import (
    EditedSentence,
    Glossary,
    GlossaryImport,
    GlossaryList,
    MemoryImport,
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

    def glossaries(self) -> list[Glossary]:
        """Return all glossaries, oldest first."""
        return self.get(GlossaryList, "/v1/glossaries").items

    def create_glossary(
        self, name: str, entries: Mapping[str, str], *, source: str = "de", target: str = "en"
    ) -> Glossary:
        """Make a glossary of terms and their translations."""
        return self.ask(requests.new_glossary(name, entries, source, target))

    def import_glossary(
        self, content: IO[bytes], *, filename: str, name: str | None = None, **said: Unpack[TermsFile]
    ) -> GlossaryImport:
        """Make a glossary of a file (CSV, TSV or TBX), which may say its languages itself."""
        return self.ask(requests.glossary_of_file(content, filename, name, said))

    def import_terms(
        self, glossary: str, content: IO[bytes], *, filename: str, replace: bool = False, **said: Unpack[TermsFile]
    ) -> GlossaryImport:
        """Take the terms of a file into a glossary; `replace`: in place of those that it has."""
        return self.ask(requests.terms_of_file(glossary, content, filename, said, replace=replace))

    def glossary_file(self, glossary: str, form: GlossaryFormat = "csv") -> Iterator[bytes]:
        """Yield a glossary as a file that a new one can be made of."""
        return self.chunks(f"/v1/glossaries/{glossary}/file", {"format": form})

    def delete_glossary(self, glossary: str) -> None:
        """Delete a glossary; documents that were submitted with it keep what they have of it."""
        self.call("DELETE", f"/v1/glossaries/{glossary}")

    def memory(self, origin: Literal["person", "machine", "all"] = "person") -> Iterator[bytes]:
        """Yield the translation memory as TMX: what people made of sentences, unless `origin` says otherwise."""
        return self.chunks("/v1/memory/tmx", {"origin": origin})

    def import_memory(self, content: IO[bytes]) -> MemoryImport:
        """Take the units of a TMX file into the translation memory, read while it is sent."""
        return self.ask(requests.units_of_file(iter(lambda: content.read(CHUNK), b""), content))
