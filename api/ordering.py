"""What a sender says of a document besides its text: the same fields, limits and errors on every way in.

In JSON they are members; with other bodies they stand in the query or are fields of the form. A name that is no field is
refused: a slip in one would otherwise be a document in another language, or without its glossary.
"""

import asyncio
import dataclasses
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.callbacks.routes import check_callback
from api.callers import Caller, urgent_for
from api.fields import Fields, gathered, read, read_patiently, unknown_field
from api.glossaries import inline
from api.problems import NotFoundError
from api.schemas.names import BatchId, DocumentId
from api.services import Services
from pipeline import languages, metadata
from pipeline.detection import AUTO
from pipeline.document_info import DocumentInfo
from pipeline.errors import InputError
from pipeline.events import ALTERNATIVES_LIMIT, Priority
from pipeline.roster import JOINED
from pipeline.terms import Terms
from store.accounts.glossaries import Glossary, Pair

METADATA = "metadata."
"""What names of single values of the metadata begin with, in a query or a form; a further dot leads into an object."""
MOST_TERMS = 10_000
"""Terms that a document may bring along; more are a glossary's."""
# What belongs to every request: where a key may stand (`api.keys`).
_OF_ALL = frozenset(("api_key",))
# Of a length that is one: what is longer, no number of the store can be.
_DIGITS = 15

O = TypeVar("O", bound=BaseModel)  # noqa: E741 (an order of any kind)


def _object(value: Any) -> Any:
    return inline.json_object(value) if isinstance(value, str) else value


def _switch(value: Any) -> Any:
    """Take what JSON and forms have for a switch, too."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return {"true": "on", "false": "off"}.get(value, value) if isinstance(value, str) else value


Metadata = Annotated[
    dict[str, Any],
    BeforeValidator(_object),
    Field(
        description="Kept with the document and given back; at most 16 KiB. In a query or a form as JSON, or a value at a "
        "time: `metadata.author=Franz Kafka`.",
        examples=[{"author": "Franz Kafka"}],
    ),
]


class Order(BaseModel):
    """What can be said of a document besides its text."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field("de", description="Language of the text, or `auto`: the text tells it.", examples=["de"])
    target: str = Field("en", description="Language of the translation.", examples=["en"])
    # A plus that a client did not write as %2B arrives as a space, which no name has.
    model: Annotated[str | None, AfterValidator(lambda name: name and name.replace(" ", JOINED))] = Field(
        None, description="Absent: the default model of the pair."
    )
    title: str | None = Field(
        None,
        min_length=1,
        max_length=255,
        description="What the document is called; kept in its metadata as `title`.",
        examples=["Die Verwandlung"],
    )
    metadata: Metadata = {}
    priority: Priority = Field("normal", description="Whether it goes before or behind others.")
    callback_url: str | None = Field(
        None, max_length=2048, description="Told when the document is done or cancelled, with a signed message."
    )
    glossary: str | None = Field(
        None, max_length=128, description="Id of a glossary of yours (`/v1/glossaries`) that has the languages."
    )
    terms: Annotated[dict[str, str], BeforeValidator(inline.from_text)] = Field(
        {},
        max_length=MOST_TERMS,
        description="Terms and what is to stand in their place; they go before those of the glossary. In a query or a form "
        "as JSON, or a line each with a tab or a comma between term and translation.",
        examples=[{"Haus": "villa"}],
    )
    alternatives: int = Field(
        0, ge=0, le=ALTERNATIVES_LIMIT, description="How many other translations of each sentence are wanted."
    )
    memory: Annotated[Literal["on", "off"] | None, BeforeValidator(_switch)] = Field(
        None, description="Whether sentences may come from the translation memory; absent: where it is switched on."
    )


class Submission(Order):
    """A document in JSON."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Guten Tag. Wie geht es Ihnen?", "source": "de", "target": "en"}]}
    )

    text: str = Field(description="The text.")
    id: DocumentId | None = Field(None, description="Absent: one is made.")


Encoding = Annotated[
    str | None,
    Field(
        max_length=40,
        description="Of a text that is not JSON. Absent: what a byte order mark, the charset of its Content-Type, or its "
        "own XML or HTML declaration says, else UTF-8. `detect`: guessed where it is none of that; the status says it.",
        examples=["windows-1252", "detect"],
    ),
]
Filename = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=255,
        description="Of a body that is a file: its suffix says what it is, else its Content-Type. Kept in the metadata.",
        examples=["vertrag.docx"],
    ),
]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Columns = Annotated[
    list[str],
    BeforeValidator(_as_list),
    Field(
        max_length=100,
        description="Of tables (csv, tsv): which columns are translated, by name or counted from 1; absent: all that hold "
        "texts.",
    ),
]


class FileOrder(Order):
    """A document whose text is a body, or a file in a form."""

    id: DocumentId | None = Field(None, description="Absent: one is made.")
    encoding: Encoding = None
    filename: Filename = None
    columns: Columns = []
    file: DocumentId | None = Field(
        None, description="Id of a file that was sent before (PUT /v1/files); there is no body then."
    )


class FormOrder(FileOrder):
    """The same in a form, where a file is a file, and a text may be a field."""

    text: str | None = Field(None, description="The text, where the form has no file.")


class BatchOrder(Order):
    """Several files in a form: what is said goes for each."""

    id: BatchId | None = Field(None, description="Absent: one is made.")
    encoding: Encoding = None
    columns: Columns = []


class PartOrder(Order):
    """A part of a document. All but the first three are said with part 0 of a new document."""

    last: bool = Field(False, description="Whether it is the last part of the document; send that one last.")
    priority: Priority = Field("normal", description="Whether it goes before or behind others.")
    encoding: Encoding = None
    filename: Filename = None
    length: Annotated[int, Field(ge=0, lt=10**_DIGITS)] | None = Field(
        None,
        description="How many bytes the whole text has, in UTF-8, so that its progress can be told while it arrives.",
    )


def fields_of(request: Request, body: Mapping[str, Any] | None = None) -> Fields:
    """Return the fields of the query and the body, which goes before it; single values of metadata are put together.

    Raises `TooManyError`, `InputError` for metadata that contradict themselves.
    """
    query = gathered(
        [(name, value) for name, value in request.query_params.multi_items() if name not in _OF_ALL],
    )
    fields = query | dict(body or {})
    single = {name: fields.pop(name) for name in list(fields) if name.startswith(METADATA)}
    if single:
        try:
            whole = _object(fields.get("metadata") or {})
        except ValueError as error:
            raise InputError(f"metadata: {error}") from None
        if not isinstance(whole, dict):
            raise InputError("metadata has to be an object")
        fields["metadata"] = whole = dict(whole)
        for name, value in single.items():
            _put(whole, name, value)
    return fields


def _put(whole: dict[str, Any], name: str, value: Any) -> None:
    *path, last = name.removeprefix(METADATA).split(".", metadata.DEEPEST + 1)
    inner: Any = whole
    for step in path:
        if not isinstance(inner, dict):
            break
        inner = inner.setdefault(step, {})
    if not last or "." in last or not all(path) or not isinstance(inner, dict) or isinstance(inner.get(last), dict):
        raise InputError(f"{name[:100]!r} does not fit the other metadata: say metadata.NAME=VALUE, each name once")
    inner[last] = value


def order_of(model: type[O], fields: Fields, *where: str) -> O:
    """Return an order. Raises `RequestValidationError` that says what is wrong with which field."""
    _check_names(model, fields, *where)
    return read(model, fields, *where)


async def order_patiently(model: type[O], fields: Fields, *where: str) -> O:
    """As `order_of`, for fields that may hold very much."""
    _check_names(model, fields, *where)
    return await read_patiently(model, fields, *where)


def _check_names(model: type[BaseModel], fields: Fields, *where: str) -> None:
    for name in fields:
        if name not in model.model_fields:
            raise unknown_field(model, name, *where)


def parameters_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Return what OpenAPI should say of a query with these fields."""
    schema = model.model_json_schema()
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _in_text(found)} | _described(found)
        for name, found in schema["properties"].items()
    ]


def form_of(model: type[BaseModel], **files: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a form with these fields and files."""
    schema = model.model_json_schema()
    return {
        "type": "object",
        "properties": {name: _in_text(found) | _described(found) for name, found in schema["properties"].items()}
        | files,
    }


def _described(found: dict[str, Any]) -> dict[str, Any]:
    return {"description": found["description"]} if "description" in found else {}


def _in_text(found: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field as it stands in a query or a form: what is absent is not there, objects are JSON."""
    options = [option for option in found.get("anyOf", [found]) if option.get("type") != "null"]
    schema = {name: value for name, value in options[0].items() if name not in ("title", "description", "default")}
    if schema.get("type") == "object":
        return {"type": "string"}
    kept = {name: found[name] for name in ("default", "examples") if found.get(name) is not None}
    return schema | kept


async def info_of(
    services: Services,
    caller: Caller,
    order: Order,
    document: str,
    *,
    filename: str | None = None,
    expected: int | None = None,
) -> DocumentInfo:
    """Return what is known of a document before its text.

    Raises `NotFoundError` for a glossary that the sender does not have, `InputError` of many kinds for what cannot be
    translated, kept or told.
    """
    attached = ({"filename": filename} if filename else {}) | order.metadata
    info = DocumentInfo(
        document,
        order.source,
        order.target,
        order.model,
        attached | ({"title": order.title} if order.title else {}),
        priority=order.priority,
        urgent=urgent_for(caller),
        expected=expected,
        callback=order.callback_url,
        alternatives=order.alternatives,
        memory=None if order.memory is None else order.memory == "on",
    )
    services.intake.check(info)
    if info.callback is not None:
        await check_callback(services, caller, info.callback)
    return await with_terms(services, info, order.glossary, order.terms)


def kept_of(order: Order) -> dict[str, Any]:
    """Return what the API has to note of a document that comes in parts: with the others it is not said again."""
    kept = {
        "alternatives": order.alternatives,
        "memory": order.memory,
        "terms": [list(one) for one in order.terms.items()],
    }
    return {"said": {name: value for name, value in kept.items() if value}}


async def info_of_begun(services: Services, caller: Caller, order: Order, document: str) -> DocumentInfo:
    """Return what is known of a document of which part 0 came before. Raises `NotFoundError`, also for its glossary."""
    known = await services.lifecycle.begun(services.owner, document)
    if known is None:
        raise NotFoundError(document)
    said = known.internal.get("said", {})
    info = DocumentInfo(
        document,
        known.source,
        known.target,
        known.model,
        priority=order.priority,
        urgent=urgent_for(caller),
        alternatives=said.get("alternatives", 0),
        memory=None if "memory" not in said else said["memory"] == "on",
    )
    glossary = known.internal.get("glossary", {}).get("id")
    return await with_terms(services, info, glossary, dict(said.get("terms", ())))


async def with_terms(
    services: Services, info: DocumentInfo, glossary: str | None, terms: Mapping[str, str]
) -> DocumentInfo:
    """Return `info` with the terms of a glossary and its own. Raises as `info_of` does."""
    if glossary is not None:
        found = await services.glossaries.get(services.owner, glossary)
        if found is None:
            raise NotFoundError(glossary, "glossary")
        pair = _pair(found, info)
        indexed = await services.glossary_indexes.of(services.owner, [found], pair, services.glossaries)
        noted = info.internal | {"glossary": {"id": found.id, "name": found.name}}
        info = dataclasses.replace(info, terms=indexed, internal=noted)
    if terms:
        # Where the text tells its language, terms without a glossary are taken for German.
        language = info.terms.language or (info.source if info.source != AUTO else "de")
        merged = await asyncio.to_thread(Terms, {**info.terms.mapping, **terms}, language)
        info = dataclasses.replace(info, terms=merged)
    return info


def _pair(glossary: Glossary, info: DocumentInfo) -> Pair:
    """Return the pair of a glossary that a document has. Glossaries are for languages, wherever they are spoken."""
    target = languages.primary(info.target)
    if info.source == AUTO:
        into = [pair for pair in glossary.counts if pair[1] == target]
        if len(into) == 1:
            return into[0]
        if into:
            raise InputError("the glossary is for several languages; say the document's `source` instead of auto")
    elif (pair := (languages.primary(info.source), target)) in glossary.counts:
        return pair
    known = ", ".join(f"{s}→{t}" for s, t in glossary.counts) or "nothing yet"
    raise InputError(f"the glossary {glossary.name!r} is for {known}, not for {info.source}→{info.target}")
