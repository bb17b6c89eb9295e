"""As `satzstrom.editing`, for asyncio."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import IO, Literal, Unpack

import httpx

from satzstrom import requests
from satzstrom.async_connection import AsyncConnection, chunks_of
from satzstrom.connection import PAUSE, unreachable
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


class AsyncEditing(AsyncConnection):
    """The part of `AsyncClient` that changes what is there."""

    async def sentence(self, document: str, position: str) -> SentenceHistory:
        """Return a sentence by its position (`0.12`), with what was made of it before."""
        return await self.get(SentenceHistory, requests.sentence_path(document, position))

    async def correct(
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
        return await self.ask(
            requests.correction(document, position, text=text, approved=approved, comment=comment, version=version)
        )

    async def edits(self, document: str, *, after: int = 0) -> AsyncIterator[EditedSentence]:
        """Yield sentences as people change them, for as long as one listens; those changed before come first.

        `after`: leaves out as many changes, as `Status.edits` counts them.
        """
        events = EventReader(kind=EditedSentence)
        while True:
            events.restart()
            try:
                async for line in self.lines(f"/v1/documents/{document}/edits", events.headers, {"since": after}):
                    if isinstance(event := events.feed(line), EditedSentence):
                        yield event
            except httpx.ConnectError as error:
                raise unreachable(self.address, error) from error
            except httpx.HTTPError:
                pass
            await asyncio.sleep(PAUSE)

    async def rename(self, document: str, title: str) -> Status:
        """Give a document another name; empty: again its file's, or its first words."""
        return await self.ask(requests.naming(document, title))

    async def glossaries(self) -> list[Glossary]:
        """Return all glossaries, oldest first."""
        return (await self.get(GlossaryList, "/v1/glossaries")).items

    async def create_glossary(
        self, name: str, entries: Mapping[str, str], *, source: str = "de", target: str = "en"
    ) -> Glossary:
        """Make a glossary of terms and their translations."""
        return await self.ask(requests.new_glossary(name, entries, source, target))

    async def import_glossary(
        self, content: IO[bytes], *, filename: str, name: str | None = None, **said: Unpack[TermsFile]
    ) -> GlossaryImport:
        """Make a glossary of a file (CSV, TSV or TBX), which may say its languages itself."""
        return await self.ask(requests.glossary_of_file(content, filename, name, said))

    async def import_terms(
        self, glossary: str, content: IO[bytes], *, filename: str, replace: bool = False, **said: Unpack[TermsFile]
    ) -> GlossaryImport:
        """Take the terms of a file into a glossary; `replace`: in place of those that it has."""
        return await self.ask(requests.terms_of_file(glossary, content, filename, said, replace=replace))

    async def glossary_file(self, glossary: str, form: GlossaryFormat = "csv") -> AsyncIterator[bytes]:
        """Yield a glossary as a file that a new one can be made of."""
        async for chunk in self.chunks(f"/v1/glossaries/{glossary}/file", {"format": form}):
            yield chunk

    async def delete_glossary(self, glossary: str) -> None:
        """Delete a glossary; documents that were submitted with it keep what they have of it."""
        await self.call("DELETE", f"/v1/glossaries/{glossary}")

    async def memory(self, origin: Literal["person", "machine", "all"] = "person") -> AsyncIterator[bytes]:
        """Yield the translation memory as TMX: what people made of sentences, unless `origin` says otherwise."""
        async for chunk in self.chunks("/v1/memory/tmx", {"origin": origin}):
            yield chunk

    async def import_memory(self, content: IO[bytes]) -> MemoryImport:
        """Take the units of a TMX file into the translation memory, read while it is sent."""
        return await self.ask(requests.units_of_file(chunks_of(content), content))
