"""Entries of glossaries, as clients write them and read them."""

import asyncio
import csv
import io
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from api.deepl.reading import Code, language_of
from api.problems import BodyError
from api.services import Services
from pipeline import languages
from pipeline.errors import InputError
from pipeline.terms import Terms
from store.accounts.glossaries import Pair


class DictionaryOrder(BaseModel):
    """Terms and their translations for a pair of languages."""

    source_lang: Code = Field(examples=["DE"])
    target_lang: Code = Field(examples=["EN"])
    entries: str = Field(min_length=1, examples=["Haus\tvilla"], description="A term and its translation a line.")
    entries_format: Literal["tsv", "csv"] = Field("tsv", description="What stands between them: a tab, or a comma.")

    async def read(self, services: Services) -> tuple[Pair, dict[str, str]]:
        """Return the languages and the terms. Raises `InputError` for languages that no model translates, and bad terms."""
        pair = pair_of(self.source_lang, self.target_lang)
        services.roster.check(*pair, None)
        separator = "\t" if self.entries_format == "tsv" else ","
        return pair, await asyncio.to_thread(entries_of, self.entries, separator)


def pair_of(source: str, target: str) -> Pair:
    """Return a pair of languages, without their varieties. Raises `LanguageError`."""
    return languages.check(language_of(source)), languages.check(language_of(target))


def entries_of(text: str, separator: str) -> dict[str, str]:
    """Return terms with their translations. Raises `InputError` for what cannot be used, if it can with the line."""
    entries: dict[str, str] = {}
    lines = io.StringIO(text)
    # A TSV has no quotation marks of its own.
    rows = csv.reader(lines) if separator == "," else csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    try:
        for number, row in enumerate(rows, 1):
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            # A CSV may name the languages in a third and fourth column.
            if len(cells) not in ((2, 4) if separator == "," else (2,)) or not all(cells[:2]):
                raise InputError(f"line {number} of the entries is not a term and its translation")
            if cells[0] in entries:
                raise InputError(f"line {number} of the entries: the term {cells[0]!r} is there twice")
            entries[cells[0]] = cells[1]
    except csv.Error as error:
        raise BodyError(f"the entries cannot be read: {error}") from None
    if not entries:
        raise InputError("a glossary needs an entry")
    Terms(entries)
    return entries


def as_tsv(entries: Mapping[str, str]) -> str:
    """Return entries as a term and its translation a line."""
    return "\n".join(map("\t".join, entries.items()))


def time_of(moment: datetime) -> str:
    """Return a time as this dialect writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
