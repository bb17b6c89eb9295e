"""Glossaries of one pair of languages: terms whose translation is given."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from api.deepl.entries import DictionaryOrder, as_tsv, time_of
from api.dialects import DEEPL, answers
from api.fields import body_of, read, read_fields
from api.problems import NotFoundError
from api.services import Served, Services
from store.accounts.glossaries import Glossary, Pair

router = APIRouter(prefix="/v2", tags=["deepl"])

Known = Annotated[str, Path(description="The glossary's id.")]


class GlossaryOrder(DictionaryOrder):
    """A new glossary."""

    name: str = Field(min_length=1, max_length=1024)


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
        """Describe a glossary that has one dictionary."""
        ((source, target),) = glossary.counts
        return cls(
            glossary_id=glossary.id,
            name=glossary.name,
            source_lang=source,
            target_lang=target,
            creation_time=time_of(glossary.created),
            entry_count=glossary.counts[source, target],
        )


class DeeplGlossaryList(BaseModel):
    """All glossaries of a sender."""

    glossaries: list[GlossaryEntry]


class LanguagePair(BaseModel):
    """Languages that a glossary may be for."""

    source_lang: str
    target_lang: str


class LanguagePairs(BaseModel):
    """All pairs that a glossary may be for."""

    supported_languages: list[LanguagePair]


@router.get("/glossary-language-pairs", responses=answers(DEEPL))
async def glossary_language_pairs(services: Served) -> LanguagePairs:
    """List the pairs that a glossary may be for: those of the models that run now."""
    pairs = sorted({(model.source, model.target) for model in services.roster.models()})
    return LanguagePairs(supported_languages=[LanguagePair(source_lang=s, target_lang=t) for s, t in pairs])


@router.post("/glossaries", status_code=201, openapi_extra=body_of(GlossaryOrder), responses=answers(DEEPL))
async def create_glossary(request: Request, services: Served) -> GlossaryEntry:
    """Make a glossary. German terms are found in texts in their inflected forms, others as they are written."""
    order = read(GlossaryOrder, await read_fields(request, GlossaryOrder))
    return GlossaryEntry.of(
        await services.glossaries.create(services.owner, order.name, dict([await order.read(services)]))
    )


@router.get("/glossaries", responses=answers(DEEPL))
async def list_glossaries(services: Served) -> DeeplGlossaryList:
    """List the glossaries of whoever asks that have one dictionary."""
    found = await services.glossaries.all(services.owner)
    return DeeplGlossaryList(glossaries=[GlossaryEntry.of(glossary) for glossary in found if len(glossary.counts) == 1])


@router.get("/glossaries/{glossary}", responses=answers(DEEPL, 404))
async def get_glossary(glossary: Known, services: Served) -> GlossaryEntry:
    """Describe a glossary."""
    found, _ = await _monolingual(services, glossary)
    return GlossaryEntry.of(found)


async def _monolingual(services: Services, glossary: str) -> tuple[Glossary, Pair]:
    """Return a glossary that has one dictionary, and its languages. Raises `NotFoundError`."""
    found = await services.glossaries.get(services.owner, glossary)
    if found is None or len(found.counts) != 1:
        raise NotFoundError(glossary, "glossary")
    (pair,) = found.counts
    return found, pair


@router.get(
    "/glossaries/{glossary}/entries",
    response_class=Response,
    responses={200: {"content": {"text/tab-separated-values": {}}}, **answers(DEEPL, 404)},
)
async def get_entries(glossary: Known, services: Served) -> Response:
    """Give the entries of a glossary."""
    _, pair = await _monolingual(services, glossary)
    entries = await services.glossaries.entries(services.owner, glossary, pair)
    if entries is None:
        raise NotFoundError(glossary, "glossary")
    text = await asyncio.to_thread(as_tsv, entries)
    return Response(text, media_type="text/tab-separated-values; charset=utf-8")


@router.delete("/glossaries/{glossary}", status_code=204, responses=answers(DEEPL, 404))
async def delete_glossary(glossary: Known, services: Served) -> None:
    """Delete a glossary; documents that are under way keep its terms."""
    if not await services.glossaries.delete(services.owner, glossary):
        raise NotFoundError(glossary, "glossary")
    services.glossary_indexes.forget(glossary)
