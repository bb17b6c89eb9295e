"""Routes for the translation memory."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api import bodies
from api.fields import body_of, read, read_fields
from api.forms import Form
from api.memory.importing import Importer, MemoryImport
from api.problems import BodyError, NotFoundError, responses
from api.services import Served
from formats.text.catalogues import tmx
from pipeline import languages
from pipeline.errors import InputError
from store.memory.listing import UnitQuery
from store.memory.units import StoredUnit, Unit

router = APIRouter(prefix="/v1/memory", tags=["memory"])

_LONGEST = tmx.LONGEST
_TMX = "application/x-tmx+xml"
# So much of a file is made before it is sent.
_WRITTEN_AT_ONCE = 64 * 1024

Source = Annotated[str | None, Query(description="Only of this language, as the unit has it.", examples=["de"])]
Target = Annotated[str | None, Query(description="Only into this language, as the unit has it.", examples=["en"])]
Origin = Annotated[
    Literal["person", "machine", "all"],
    Query(description="person: corrections, approvals and imports. machine: what models translated before."),
]
UnitId = Annotated[str, Path(min_length=1, max_length=64, description="The unit's id.")]


class UnitPlace(BaseModel):
    """The sentence of a document that a unit was made of; the document may be gone."""

    document: str
    part: int
    index: int


class MemoryUnit(BaseModel):
    """A sentence with its translation."""

    id: str
    source: str = Field(examples=["de"])
    target: str = Field(examples=["en"])
    text: str = Field(examples=["Guten Morgen."])
    translation: str = Field(examples=["Good morning."])
    origin: Literal["person", "machine"]
    by: str | None = Field(description="Who made it: a key's name, or what a TMX file says.")
    at: datetime
    place: UnitPlace | None
    model: str | None = Field(description="Of a machine's: the model and its revision.")

    @classmethod
    def of(cls, unit: StoredUnit) -> "MemoryUnit":
        """Describe a unit."""
        place = unit.place and UnitPlace(document=unit.place.document, part=unit.place.part, index=unit.place.index)
        named = {name: getattr(unit, name) for name in cls.model_fields if name != "place"}
        return cls(**named, place=place)


class MemoryPage(BaseModel):
    """Units, the newest first."""

    items: list[MemoryUnit]
    next: str | None = Field(description="Give it as `after` for the next page; null on the last one.")


class MemoryPair(BaseModel):
    """Units of a pair of languages."""

    source: str
    target: str
    origin: Literal["person", "machine"]
    units: int


class MemoryCounts(BaseModel):
    """What a memory holds."""

    person: int = Field(description="Units of people.")
    machine: int = Field(description="Units of models: what was translated before and need not be again.")
    pairs: list[MemoryPair]


class NewUnit(BaseModel):
    """A unit to be added."""

    source: str = Field(max_length=35, examples=["de"])
    target: str = Field(max_length=35, examples=["en"])
    text: str = Field(min_length=1, max_length=_LONGEST, examples=["Guten Morgen."])
    translation: str = Field(min_length=1, max_length=_LONGEST, examples=["Good morning."])


class Removed(BaseModel):
    """How many units are gone."""

    deleted: int


@router.get("", operation_id="list_memory", responses=responses(422))
async def units(  # noqa: PLR0913, PLR0917 (each is a parameter of the query)
    services: Served,
    q: Annotated[
        str,
        Query(
            max_length=200, description="Words that all have to stand in source or translation; case does not count."
        ),
    ] = "",
    source: Source = None,
    target: Target = None,
    origin: Origin = "person",
    document: Annotated[str | None, Query(max_length=128, description="Only what was made of this document.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(max_length=1000, description="The `next` of the page before.")] = None,
) -> MemoryPage:
    """List the units of your memory, the newest first."""
    query = _query(source, target, origin, words=q, document=document)
    page = await services.memory.listing.find(services.owner, query, limit=limit, after=after)
    return MemoryPage(items=[MemoryUnit.of(unit) for unit in page.items], next=page.next)


@router.post(
    "", status_code=201, operation_id="add_unit", openapi_extra=body_of(NewUnit), responses=responses(415, 422)
)
async def add(request: Request, services: Served) -> MemoryUnit:
    """Add a unit: its translation is used wherever the sentence comes, from the next document on."""
    wanted = read(NewUnit, await read_fields(request, NewUnit))
    unit = Unit(
        source=languages.check(wanted.source),
        target=languages.check(wanted.target),
        text=wanted.text.strip(),
        translation=wanted.translation.strip(),
        by=services.caller.name or services.caller.id,
    )
    if not (unit.text and unit.translation):
        raise InputError("a unit needs a text and its translation; one of them is empty")
    return MemoryUnit.of(await services.memory.keeper.put(services.owner, unit))


@router.delete("", operation_id="clear_memory", responses=responses(422))
async def clear(
    services: Served,
    document: Annotated[str | None, Query(max_length=128, description="What was made of this document.")] = None,
    source: Source = None,
    target: Target = None,
    origin: Origin = "all",
    everything: Annotated[
        bool, Query(description="Has to be true where neither a document nor a pair is named.")
    ] = False,
) -> Removed:
    """Delete units of your memory: of a document, of a pair of languages, or all."""
    if (source is None) != (target is None):
        raise InputError("name both `source` and `target`, or neither")
    if document is None and source is None and not everything:
        raise InputError(
            "name a `document`, or `source` and `target`; to delete the whole memory say `everything=true`"
        )
    pair = None if source is None or target is None else (source, target)
    number = await services.memory.keeper.clear(
        services.owner, document=document, pair=pair, origin=None if origin == "all" else origin
    )
    return Removed(deleted=number)


@router.get("/counts", operation_id="count_memory", responses=responses())
async def counts(services: Served) -> MemoryCounts:
    """Say how many units your memory has, by pair of languages."""
    found = await services.memory.listing.counts(services.owner)
    return MemoryCounts(
        person=sum(one.number for one in found if one.origin == "person"),
        machine=sum(one.number for one in found if one.origin == "machine"),
        pairs=[MemoryPair(source=one.source, target=one.target, origin=one.origin, units=one.number) for one in found],
    )


_BINARY = {"type": "string", "format": "binary"}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {_TMX: {"schema": _BINARY}}}}


@router.get(
    "/tmx", operation_id="export_memory", response_class=StreamingResponse, responses={**_FILE, **responses(422)}
)
async def export(
    services: Served, source: Source = None, target: Target = None, origin: Origin = "person"
) -> StreamingResponse:
    """Give your memory as TMX 1.4, streamed."""
    query = _query(source, target, origin)
    name = f"memory-{source}-{target}.tmx" if source and target and (source + target).isascii() else "memory.tmx"
    quoted = "".join(character for character in name if character.isalnum() or character in "-.")
    return StreamingResponse(
        _written(services.memory.listing.all(services.owner, query), source or tmx.ALL),
        media_type=_TMX,
        headers={"Content-Disposition": f'attachment; filename="{quoted}"'},
    )


@router.post(
    "/tmx",
    operation_id="import_memory",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                _TMX: {"schema": _BINARY},
                "multipart/form-data": {
                    "schema": {"type": "object", "properties": {"file": _BINARY}, "required": ["file"]}
                },
            },
        }
    },
    responses=responses(408, 413, 415, 422),
)
async def import_tmx(request: Request, services: Served) -> MemoryImport:
    """Import a TMX file of any size (1.1 to 1.4), as the body of the request or as the file of a form.

    Units that your memory has already stay as they are, so a file may be imported again. Codes within segments are left
    out. A file that is bad in the middle is answered 422, and says how many units before that place are in the memory.
    """
    importer = Importer(services.memory.keeper, services.owner)
    return await importer.read(await _file(request), services.caller.name or services.caller.id)


async def _file(request: Request) -> AsyncIterator[bytes]:
    """Return the file of a request, as it arrives. Raises `BodyError` for a form with anything else in it."""
    kind, _ = bodies.media_type(request)
    if kind != "multipart/form-data":
        return bodies.stream(request)
    form = Form(request)
    await form.read_ahead()
    if form.fields:
        raise BodyError(
            f"the form has the field {min(form.fields)[:40]!r}; send nothing but the file (curl: -F file=@FILE)"
        )
    return form.last_file()


@router.get("/units/{unit}", operation_id="get_unit", responses=responses(404, 422))
async def unit(unit: UnitId, services: Served) -> MemoryUnit:
    """Give one unit."""
    found = await services.memory.listing.get(services.owner, unit)
    if found is None:
        raise NotFoundError(unit, "unit")
    return MemoryUnit.of(found)


@router.delete("/units/{unit}", status_code=204, operation_id="delete_unit", responses=responses(404, 422))
async def delete(unit: UnitId, services: Served) -> Response:
    """Delete one unit."""
    if not await services.memory.keeper.remove(services.owner, [unit]):
        raise NotFoundError(unit, "unit")
    return Response(status_code=204)


def _query(
    source: str | None, target: str | None, origin: Literal["person", "machine", "all"], **more: Any
) -> UnitQuery:
    return UnitQuery(
        source=source and languages.normal(source),
        target=target and languages.normal(target),
        origin=None if origin == "all" else origin,
        **more,
    )


async def _written(units: AsyncIterator[StoredUnit], source: str) -> AsyncIterator[bytes]:
    yield tmx.header(source, datetime.now(UTC)).encode()
    waiting: list[str] = []
    size = 0
    async for one in units:
        waiting.append(_tmx_unit(one))
        size += len(waiting[-1])
        if size > _WRITTEN_AT_ONCE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield ("".join(waiting) + tmx.FOOTER).encode()


def _tmx_unit(unit: StoredUnit) -> str:
    properties = {} if unit.origin == "person" else {"x-origin": f"machine {unit.model}"}
    if unit.place is not None:
        properties["x-document"] = unit.place.document
    for side, digest in (("before", unit.before), ("after", unit.after)):
        if digest is not None:
            properties[f"x-satzstrom-{side}"] = digest.hex()
    segments = tmx.Segment(unit.source, unit.text), tmx.Segment(unit.target, unit.translation, by=unit.by, at=unit.at)
    return tmx.unit(unit.id, *segments, properties)
