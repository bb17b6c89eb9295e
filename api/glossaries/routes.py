"""Routes for glossaries: terms with their translations, for documents that name one."""

import asyncio
import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.exports.names import attachment
from api.fields import body_of, read_json
from api.glossaries import files
from api.glossaries.listing import page_of
from api.glossaries.reading import FileTerms, Terms, gathered, pair_of, read_terms
from api.glossaries.schemas import (
    Change,
    Edit,
    EntryPage,
    GlossaryImport,
    GlossaryList,
    GlossaryStatus,
    LeftOutLine,
    NewGlossary,
)
from api.ordering import form_of, parameters_of
from api.problems import NotFoundError, responses
from api.services import Served, Services
from pipeline import languages
from pipeline.errors import InputError
from store.accounts.glossaries import Dictionaries, Glossary

router = APIRouter(prefix="/v1/glossaries", tags=["glossaries"])

Known = Annotated[str, Path(description="The glossary's id.", max_length=128)]
IfMatch = Annotated[
    str | None, Header(description="The ETag that was read: refused (412) if the glossary has been changed since.")
]
Language = Annotated[str | None, Query(min_length=2, max_length=35)]
_TAG = re.compile(r'"([^"]*+)"')

_FILE = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
_TEXT = {"schema": {"type": "string"}, "example": "Vertrag;contract\nKaution;deposit\n"}
_BODY: dict[str, Any] = {
    "parameters": parameters_of(FileTerms),
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": NewGlossary.model_json_schema()},
            "text/csv": _TEXT,
            "text/tab-separated-values": _TEXT,
            "application/x-tbx+xml": {"schema": {"type": "string"}},
            "multipart/form-data": {"schema": form_of(FileTerms, file=_FILE) | {"required": ["file"]}},
        },
    },
}


@router.get("", responses=responses())
async def list_glossaries(services: Served) -> GlossaryList:
    """List all glossaries, oldest first."""
    return GlossaryList(items=[GlossaryStatus.of(one) for one in await services.glossaries.all(services.owner)])


@router.post("", status_code=201, openapi_extra=_BODY, responses=responses(413, 415, 422))
async def create_glossary(request: Request, response: Response, services: Served) -> GlossaryImport:
    """Make a glossary, from JSON or from a file: CSV, TSV, or TBX (Core, Basic, Min).

    A line of a table is a term and its translation. Its first line may name the languages of its columns (`de;en;fr`): terms
    of the first have translations in the others. Columns `source_lang` and `target_lang` say them line by line. Lines that
    contradict others are refused with their numbers.
    """
    terms = await read_terms(request)
    if not terms.name:
        raise InputError("give the glossary a name: name=…")
    made = await services.glossaries.create(services.owner, terms.name, terms.dictionaries)
    response.headers["Location"] = str(request.url_for("get_glossary_status", glossary=made.id).path)
    return _imported(response, made, terms)


@router.get("/{glossary}", responses=responses(404, 422))
async def get_glossary_status(glossary: Known, response: Response, services: Served) -> GlossaryStatus:
    """Describe a glossary."""
    found = await services.glossaries.get(services.owner, glossary)
    return GlossaryStatus.of(_tagged(response, found, glossary))


@router.patch(
    "/{glossary}", openapi_extra=body_of(Change, ("application/json",)), responses=responses(404, 412, 415, 422)
)
async def rename_glossary(
    request: Request, glossary: Known, response: Response, services: Served, if_match: IfMatch = None
) -> GlossaryStatus:
    """Give a glossary another name."""
    await _there(services, glossary)
    change = await read_json(request, Change)
    changed = await services.glossaries.change(
        services.owner, glossary, lambda _, __: change.name, versions=_versions(if_match)
    )
    return GlossaryStatus.of(_changed(services, response, changed, glossary))


@router.delete("/{glossary}", status_code=204, responses=responses(404, 422))
async def delete_glossary_of_mine(glossary: Known, services: Served) -> None:
    """Delete a glossary. Documents that were submitted with it keep what they have of it."""
    if not await services.glossaries.delete(services.owner, glossary):
        raise NotFoundError(glossary, "glossary")
    services.glossary_indexes.forget(glossary)


@router.get("/{glossary}/entries", responses=responses(404, 422))
async def list_entries(  # noqa: PLR0913, PLR0917 (each is a query parameter)
    glossary: Known,
    response: Response,
    services: Served,
    source: Language = None,
    target: Language = None,
    q: Annotated[
        str,
        Query(max_length=200, description="Only those with this in the term or the translation; case does not count."),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: Annotated[str | None, Query(max_length=2048, description="The `next` of the page before.")] = None,
) -> EntryPage:
    """List entries in alphabetical order, a page at a time."""
    found, dictionaries = await _whole(services, glossary)
    _tagged(response, found, glossary)
    return await asyncio.to_thread(page_of, _chosen(dictionaries, source, target), q, after, limit)


@router.post("/{glossary}/entries", openapi_extra=_BODY, responses=responses(404, 412, 413, 415, 422))
async def add_entries(
    request: Request, glossary: Known, response: Response, services: Served, if_match: IfMatch = None
) -> GlossaryImport:
    """Add entries, from JSON or from a file as for a new glossary; a term that is there gets its new translation."""
    return await _import(request, response, services, glossary, if_match, replace=False)


@router.put("/{glossary}/entries", openapi_extra=_BODY, responses=responses(404, 412, 413, 415, 422))
async def replace_entries(
    request: Request, glossary: Known, response: Response, services: Served, if_match: IfMatch = None
) -> GlossaryImport:
    """Replace all entries by those of JSON or of a file."""
    return await _import(request, response, services, glossary, if_match, replace=True)


@router.patch(
    "/{glossary}/entries",
    openapi_extra=body_of(Edit, ("application/json",)),
    responses=responses(404, 412, 413, 415, 422),
)
async def edit_entries(
    request: Request, glossary: Known, response: Response, services: Served, if_match: IfMatch = None
) -> GlossaryStatus:
    """Set entries of a pair and remove others, in one step; what is removed and set is set."""
    await _there(services, glossary)
    change = await read_json(request, Edit)
    pair = pair_of(change.source, change.target)
    new = await asyncio.to_thread(gathered, [(*pair, change.entries)])

    def edit(name: str, dictionaries: Dictionaries) -> str:
        entries = dictionaries.setdefault(pair, {})
        for term in change.remove:
            entries.pop(term, None)
        entries.update(new.get(pair, {}))
        if not entries:
            del dictionaries[pair]
        return name

    changed = await services.glossaries.change(services.owner, glossary, edit, versions=_versions(if_match))
    return GlossaryStatus.of(_changed(services, response, changed, glossary))


@router.get(
    "/{glossary}/file",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in files.MEDIA_TYPES.values()}
        },
        **responses(404, 422),
    },
)
async def glossary_file(
    glossary: Known,
    services: Served,
    format: Annotated[files.Format, Query(description="csv: for spreadsheets.")] = "csv",  # noqa: A002 (its public name)
    source: Language = None,
    target: Language = None,
) -> StreamingResponse:
    """Give a glossary as a file, which a new one can be made from."""
    found, dictionaries = await _whole(services, glossary)
    pieces = files.write(format, _chosen(dictionaries, source, target), found.name)
    headers = {"Content-Disposition": attachment(found.name, format), "ETag": f'"{found.version}"'}
    return StreamingResponse(pieces, media_type=files.MEDIA_TYPES[format], headers=headers)


async def _import(
    request: Request, response: Response, services: Services, glossary: str, if_match: str | None, *, replace: bool
) -> GlossaryImport:
    await _there(services, glossary)
    terms = await read_terms(request)

    def edit(name: str, dictionaries: Dictionaries) -> str:
        if replace:
            dictionaries.clear()
        for pair, entries in terms.dictionaries.items():
            dictionaries.setdefault(pair, {}).update(entries)
        return name

    changed = await services.glossaries.change(services.owner, glossary, edit, versions=_versions(if_match))
    return _imported(response, _changed(services, response, changed, glossary), terms)


async def _there(services: Services, glossary: str) -> None:
    """Raise `NotFoundError` before a body is read that has no use."""
    if await services.glossaries.get(services.owner, glossary) is None:
        raise NotFoundError(glossary, "glossary")


async def _whole(services: Services, glossary: str) -> tuple[Glossary, Dictionaries]:
    found = await services.glossaries.whole(services.owner, glossary)
    if found is None:
        raise NotFoundError(glossary, "glossary")
    return found


def _chosen(dictionaries: Dictionaries, source: str | None, target: str | None) -> Dictionaries:
    first, second = (code and languages.primary(languages.check(code)) for code in (source, target))
    return {pair: entries for pair, entries in dictionaries.items() if (first or pair[0], second or pair[1]) == pair}


def _versions(if_match: str | None) -> list[str]:
    """Return the versions that a header admits; none: any."""
    return [] if if_match is None or if_match.strip() == "*" else _TAG.findall(if_match) or [if_match]


def _tagged(response: Response, found: Glossary | None, glossary: str) -> Glossary:
    if found is None:
        raise NotFoundError(glossary, "glossary")
    response.headers["ETag"] = f'"{found.version}"'
    return found


def _changed(services: Services, response: Response, found: Glossary | None, glossary: str) -> Glossary:
    services.glossary_indexes.forget(glossary)
    return _tagged(response, found, glossary)


def _imported(response: Response, made: Glossary, terms: Terms) -> GlossaryImport:
    response.headers["ETag"] = f'"{made.version}"'
    collected = terms.collected
    return GlossaryImport(
        **GlossaryStatus.of(made).model_dump(),
        repeated=collected.repeated if collected else 0,
        left_out=[LeftOutLine(line=line, reason=reason) for line, reason in collected.wrong] if collected else [],
        left_out_count=collected.count_wrong if collected else 0,
    )
