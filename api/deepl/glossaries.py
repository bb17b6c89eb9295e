"""Glossaries: terms whose translation is given."""

import asyncio
import csv
import io
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from api.deepl.reading import Code, language_of
from api.dialects import DEEPL, answers
from api.fields import body_of, read, read_fields
from api.problems import BodyError, NotFoundError
from api.services import Served
from pipeline import languages
from pipeline.errors import InputError
from pipeline.terms import Terms
from store.accounts.glossaries import Glossary

router = APIRouter(prefix="/v2", tags=["deepl"])

Known = Annotated[str, Path(description="The glossary's id.")]


class GlossaryOrder(BaseModel):
    """A new glossary."""

    name: str = Field(min_length=1, max_length=1024)
    source_lang: Code = Field(examples=["DE"])
    target_lang: Code = Field(examples=["EN"])
    entries: str = Field(min_length=1, examples=["Haus\tvilla"], description="A term and its translation a line.")
    entries_format: Literal["tsv", "csv"] = Field(description="What stands between them: a tab, or a comma.")


class GlossaryEntry(BaseModel):
    """A glossary as this dialect describes it."""

    glossary_id: str
    name: str
    ready: bool = True
    source_lang: str
    target_lang: str
    creation_time: str = Field(examples=["2026-01-31T12:00:00.000000Z"])
    entry_count: int

    @classmethod
    def of(cls, glossary: Glossary) -> "GlossaryEntry":
        """Describe a glossary."""
        return cls(
            glossary_id=glossary.id,
            name=glossary.name,
            source_lang=glossary.source,
            target_lang=glossary.target,
            creation_time=_time(glossary.created),
            entry_count=glossary.count,
        )


class GlossaryList(BaseModel):
    """All glossaries of a sender."""

    glossaries: list[GlossaryEntry]


class LanguagePair(BaseModel):
    """Languages that a glossary may be for."""

    source_lang: str
    target_lang: str


class LanguagePairs(BaseModel):
    """All pairs that a glossary may be for."""

    supported_languages: list[LanguagePair]


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


@router.get("/glossary-language-pairs", responses=answers(DEEPL))
async def glossary_language_pairs(services: Served) -> LanguagePairs:
    """List the pairs that a glossary may be for: those of the models that run now."""
    pairs = sorted({(model.source, model.target) for model in services.roster.models()})
    return LanguagePairs(supported_languages=[LanguagePair(source_lang=s, target_lang=t) for s, t in pairs])


@router.post("/glossaries", status_code=201, openapi_extra=body_of(GlossaryOrder), responses=answers(DEEPL))
async def create_glossary(request: Request, services: Served) -> GlossaryEntry:
    """Make a glossary. Terms are found in texts as they are written; inflected forms are other words."""
    order = read(GlossaryOrder, await read_fields(request, GlossaryOrder))
    source, target = (languages.check(language_of(code)) for code in (order.source_lang, order.target_lang))
    services.roster.check(source, target, None)
    entries = await asyncio.to_thread(_entries, order.entries, "\t" if order.entries_format == "tsv" else ",")
    made = await services.glossaries.create(
        services.owner, name=order.name, source=source, target=target, entries=entries
    )
    return GlossaryEntry.of(made)


def _entries(text: str, separator: str) -> dict[str, str]:
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


@router.get("/glossaries", responses=answers(DEEPL))
async def list_glossaries(services: Served) -> GlossaryList:
    """List the glossaries of whoever asks."""
    found = await services.glossaries.all(services.owner)
    return GlossaryList(glossaries=[GlossaryEntry.of(glossary) for glossary in found])


@router.get("/glossaries/{glossary}", responses=answers(DEEPL, 404))
async def get_glossary(glossary: Known, services: Served) -> GlossaryEntry:
    """Describe a glossary."""
    found = await services.glossaries.get(services.owner, glossary)
    if found is None:
        raise NotFoundError(glossary, "glossary")
    return GlossaryEntry.of(found)


@router.get(
    "/glossaries/{glossary}/entries",
    response_class=Response,
    responses={200: {"content": {"text/tab-separated-values": {}}}, **answers(DEEPL, 404)},
)
async def get_entries(glossary: Known, services: Served) -> Response:
    """Give the entries of a glossary."""
    entries = await services.glossaries.entries(services.owner, glossary)
    if entries is None:
        raise NotFoundError(glossary, "glossary")
    text = await asyncio.to_thread(lambda: "\n".join(map("\t".join, entries.items())))
    return Response(text, media_type="text/tab-separated-values; charset=utf-8")


@router.delete("/glossaries/{glossary}", status_code=204, responses=answers(DEEPL, 404))
async def delete_glossary(glossary: Known, services: Served) -> None:
    """Delete a glossary; documents that are under way keep its terms."""
    if not await services.glossaries.delete(services.owner, glossary):
        raise NotFoundError(glossary, "glossary")
    services.glossary_indexes.forget(glossary)
