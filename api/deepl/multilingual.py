"""Glossaries of several pairs of languages, which can be changed: version 3 of this dialect."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from api.deepl.entries import DictionaryOrder, as_tsv, pair_of, time_of
from api.dialects import DEEPL, answers
from api.fields import JSON, Fields, body_of, read, read_fields, read_patiently
from api.problems import NotFoundError
from api.services import Served
from pipeline.errors import InputError
from store.accounts.glossaries import Dictionaries, Glossary, Pair

router = APIRouter(prefix="/v3/glossaries", tags=["deepl"])

Known = Annotated[str, Path(description="The glossary's id.")]
Language = Annotated[str, Query(min_length=2, max_length=35)]

_MEMBERS = tuple(DictionaryOrder.model_fields)
_MOST = 100


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


_Orders = Annotated[list[DictionaryOrder], BeforeValidator(_listed), Field(max_length=_MOST)]


class MultilingualOrder(BaseModel):
    """A new glossary."""

    name: str = Field(min_length=1, max_length=1024)
    dictionaries: _Orders = Field(min_length=1)


class MultilingualChange(BaseModel):
    """What is to be another name, and what is to be added."""

    name: str | None = Field(None, min_length=1, max_length=1024)
    dictionaries: _Orders = []


class DictionaryEntry(BaseModel):
    """A dictionary without its entries."""

    source_lang: str
    target_lang: str
    entry_count: int


class MultilingualEntry(BaseModel):
    """A glossary as this dialect describes it."""

    glossary_id: str
    name: str
    dictionaries: list[DictionaryEntry]
    creation_time: str = Field(examples=["2026-01-31T12:00:00.000000Z"])

    @classmethod
    def of(cls, glossary: Glossary) -> "MultilingualEntry":
        """Describe a glossary."""
        return cls(
            glossary_id=glossary.id,
            name=glossary.name,
            dictionaries=[_described(pair, count) for pair, count in glossary.counts.items()],
            creation_time=time_of(glossary.created),
        )


class MultilingualList(BaseModel):
    """All glossaries of a sender."""

    glossaries: list[MultilingualEntry]


class DictionaryEntries(BaseModel):
    """A dictionary."""

    source_lang: str
    target_lang: str
    entries: str = Field(examples=["Haus\tvilla"])
    entries_format: Literal["tsv"] = "tsv"


class EntriesList(BaseModel):
    """The dictionaries that were asked for: one."""

    dictionaries: list[DictionaryEntries]


def _described(pair: Pair, count: int) -> DictionaryEntry:
    return DictionaryEntry(source_lang=pair[0], target_lang=pair[1], entry_count=count)


def _gathered(fields: Fields) -> Fields:
    """Put together what a form writes as `dictionaries[0].source_lang` and so on; `dictionaries` itself goes before."""
    if fields.get("dictionaries") is not None:
        return fields
    gathered: list[Fields] = []
    for number in range(_MOST):
        names = {member: f"dictionaries[{number}].{member}" for member in _MEMBERS}
        found = {member: fields[name] for member, name in names.items() if name in fields}
        if not found:
            break
        gathered.append(found)
    return fields | ({"dictionaries": gathered} if gathered else {})


async def _read(orders: list[DictionaryOrder], services: Served) -> Dictionaries:
    """Return dictionaries by their pairs; those that are there twice are put together. Raises `InputError`."""
    dictionaries: Dictionaries = {}
    for order in orders:
        pair, entries = await order.read(services)
        dictionaries.setdefault(pair, {}).update(entries)
    return dictionaries


async def _changed(services: Served, glossary: str, name: str | None, added: Dictionaries) -> Glossary:
    def edit(known: str, dictionaries: Dictionaries) -> str:
        for pair, entries in added.items():
            dictionaries.setdefault(pair, {}).update(entries)
        return name or known

    if (found := await services.glossaries.change(services.owner, glossary, edit)) is None:
        raise NotFoundError(glossary, "glossary")
    services.glossary_indexes.forget(glossary)
    return found


@router.post("", status_code=201, openapi_extra=body_of(MultilingualOrder, JSON), responses=answers(DEEPL))
async def create_multilingual(request: Request, services: Served) -> MultilingualEntry:
    """Make a glossary with dictionaries for pairs of languages."""
    order = await read_patiently(MultilingualOrder, _gathered(await read_fields(request, MultilingualOrder)))
    made = await services.glossaries.create(services.owner, order.name, await _read(order.dictionaries, services))
    return MultilingualEntry.of(made)


@router.get("", responses=answers(DEEPL))
async def list_multilingual(services: Served) -> MultilingualList:
    """List the glossaries of whoever asks."""
    found = await services.glossaries.all(services.owner)
    return MultilingualList(glossaries=[MultilingualEntry.of(glossary) for glossary in found])


@router.get("/{glossary}", responses=answers(DEEPL, 404))
async def get_multilingual(glossary: Known, services: Served) -> MultilingualEntry:
    """Describe a glossary."""
    if (found := await services.glossaries.get(services.owner, glossary)) is None:
        raise NotFoundError(glossary, "glossary")
    return MultilingualEntry.of(found)


@router.patch("/{glossary}", openapi_extra=body_of(MultilingualChange, JSON), responses=answers(DEEPL, 404))
async def change_multilingual(glossary: Known, request: Request, services: Served) -> MultilingualEntry:
    """Give a glossary another name, or add entries; one whose term is there takes its place."""
    order = await read_patiently(MultilingualChange, _gathered(await read_fields(request, MultilingualChange)))
    if order.name is None and not order.dictionaries:
        raise InputError("name what is to change: name, or dictionaries")
    added = await _read(order.dictionaries, services)
    return MultilingualEntry.of(await _changed(services, glossary, order.name, added))


@router.delete("/{glossary}", status_code=204, responses=answers(DEEPL, 404))
async def delete_multilingual(glossary: Known, services: Served) -> None:
    """Delete a glossary; documents that are under way keep its terms."""
    if not await services.glossaries.delete(services.owner, glossary):
        raise NotFoundError(glossary, "glossary")
    services.glossary_indexes.forget(glossary)


@router.get("/{glossary}/entries", responses=answers(DEEPL, 404))
async def get_dictionary(
    glossary: Known, services: Served, source_lang: Language, target_lang: Language
) -> EntriesList:
    """Give the entries of a dictionary."""
    pair = pair_of(source_lang, target_lang)
    entries = await services.glossaries.entries(services.owner, glossary, pair)
    if entries is None:
        raise NotFoundError(glossary, "glossary with such a dictionary")
    text = await asyncio.to_thread(as_tsv, entries)
    return EntriesList(dictionaries=[DictionaryEntries(source_lang=pair[0], target_lang=pair[1], entries=text)])


@router.put("/{glossary}/dictionaries", openapi_extra=body_of(DictionaryOrder), responses=answers(DEEPL, 404))
async def replace_dictionary(glossary: Known, request: Request, services: Served) -> DictionaryEntry:
    """Put a dictionary in the place of the one for its languages, or beside the others if there is none."""
    order = read(DictionaryOrder, await read_fields(request, DictionaryOrder))
    pair, entries = await order.read(services)

    def edit(name: str, dictionaries: Dictionaries) -> str:
        dictionaries[pair] = entries
        return name

    if (found := await services.glossaries.change(services.owner, glossary, edit)) is None:
        raise NotFoundError(glossary, "glossary")
    services.glossary_indexes.forget(glossary)
    return _described(pair, found.counts[pair])


@router.delete("/{glossary}/dictionaries", status_code=204, responses=answers(DEEPL, 404))
async def delete_dictionary(glossary: Known, services: Served, source_lang: Language, target_lang: Language) -> None:
    """Delete a dictionary of a glossary."""
    pair = pair_of(source_lang, target_lang)

    def edit(name: str, dictionaries: Dictionaries) -> str:
        if dictionaries.pop(pair, None) is None:
            raise NotFoundError(glossary, "glossary with such a dictionary")
        return name

    if await services.glossaries.change(services.owner, glossary, edit) is None:
        raise NotFoundError(glossary, "glossary")
    services.glossary_indexes.forget(glossary)
