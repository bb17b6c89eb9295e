"""What translations are made with: glossaries, and the translation memory."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Literal, Unpack

from satzstrom import requests
from satzstrom.connection import Connection
from satzstrom.orders import CHUNK
from satzstrom.requests import GlossaryFormat, TermsFile, given
from satzstrom.results import (
    Entry,
    EntryPage,
    Glossary,
    GlossaryImport,
    GlossaryList,
    MemoryCounts,
    MemoryImport,
    MemoryMatch,
    MemoryMatches,
    MemoryPage,
    MemoryUnit,
)


class Remembering(Connection):
    """The part of `Client` for glossaries and the translation memory."""

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

    def glossary_file(
        self, glossary: str, form: GlossaryFormat = "csv", *, source: str | None = None, target: str | None = None
    ) -> Iterator[bytes]:
        """Yield a glossary as a file that a new one can be made of; `source` and `target`: one pair of its languages."""
        return self.chunks(
            f"/v1/glossaries/{glossary}/file", given({"format": form, "source": source, "target": target})
        )

    def delete_glossary(self, glossary: str) -> None:
        """Delete a glossary; documents that were submitted with it keep what they have of it."""
        self.call("DELETE", f"/v1/glossaries/{glossary}")

    def memory(
        self,
        origin: Literal["person", "machine", "all"] = "person",
        *,
        source: str | None = None,
        target: str | None = None,
    ) -> Iterator[bytes]:
        """Yield the translation memory as TMX: what people made of sentences, unless `origin` says otherwise.

        `source` and `target`: only of these languages.
        """
        return self.chunks("/v1/memory/tmx", given({"origin": origin, "source": source, "target": target}))

    def import_memory(self, content: IO[bytes]) -> MemoryImport:
        """Take the units of a TMX file into the translation memory, read while it is sent."""
        return self.ask(requests.units_of_file(iter(lambda: content.read(CHUNK), b""), content))

    def glossary(self, glossary: str) -> Glossary:
        """Return a glossary without its terms."""
        return self.get(Glossary, f"/v1/glossaries/{glossary}")

    def rename_glossary(self, glossary: str, name: str) -> Glossary:
        """Give a glossary another name."""
        return self.ask(requests.glossary_naming(glossary, name))

    def terms(
        self, glossary: str, *, source: str | None = None, target: str | None = None, words: str | None = None
    ) -> Iterator[Entry]:
        """Yield terms in alphabetical order: all, or those of a pair of languages, or those that `words` are in."""
        query = {"source": source, "target": target, "q": words, "limit": 1000}
        for page in self.pages(EntryPage, f"/v1/glossaries/{glossary}/entries", query):
            yield from page.items

    def edit_terms(
        self,
        glossary: str,
        entries: Mapping[str, str],
        *,
        remove: Iterable[str] = (),
        source: str = "de",
        target: str = "en",
    ) -> Glossary:
        """Set some terms of a pair of languages, and remove others; the rest stays."""
        return self.ask(requests.term_edit(glossary, entries, remove, source, target))

    def units(self, words: str = "", **filters: str | None) -> Iterator[MemoryUnit]:
        """Yield units of the translation memory that have all of these words, newest first.

        Filters: source, target, document, and origin (person, unless it says machine or all).
        """
        for page in self.pages(MemoryPage, "/v1/memory", {"q": words, "limit": 200, **filters}):
            yield from page.items

    def unit(self, unit: str) -> MemoryUnit:
        """Return a unit of the translation memory."""
        return self.get(MemoryUnit, f"/v1/memory/units/{unit}")

    def add_unit(self, text: str, translation: str, *, source: str = "de", target: str = "en") -> MemoryUnit:
        """Add a unit: its translation is used wherever the sentence comes, from the next document on."""
        return self.ask(requests.new_unit(text, translation, source, target))

    def delete_unit(self, unit: str) -> None:
        """Delete a unit."""
        self.call("DELETE", f"/v1/memory/units/{unit}")

    def clear_memory(self, *, everything: bool = False, **filters: str | None) -> int:
        """Delete what was made of a `document`, or units of a `source` and `target`, or everything; return how many.

        `origin` person or machine: only those.
        """
        return self.ask(requests.clearing(everything=everything, filters=filters)).deleted

    def memory_counts(self) -> MemoryCounts:
        """Return how many units there are, by pair of languages."""
        return self.get(MemoryCounts, "/v1/memory/counts")

    def matches(self, document: str, position: str, *, least: int = 75, limit: int = 5) -> list[MemoryMatch]:
        """Return units whose source is like a sentence, the most like first; `least`: in percent, from 75."""
        path = f"{requests.sentence_path(document, position)}/matches"
        return self.get(MemoryMatches, path, {"least": least, "limit": limit}).items
