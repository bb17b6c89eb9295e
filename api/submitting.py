"""Routes for documents on their way in."""

import hashlib
import re
from collections.abc import AsyncIterator
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Header, Path, Query, Request, Response

from api import bodies
from api.callers import Called, Caller
from api.fields import read_body
from api.files.taking import Sent, stored, take
from api.forms import Form
from api.ordering import (
    FileOrder,
    FormOrder,
    PartOrder,
    Submission,
    fields_of,
    form_of,
    info_of,
    info_of_begun,
    kept_of,
    order_of,
    order_patiently,
    parameters_of,
)
from api.problems import BodyError, KeyReusedError, MediaTypeError, NotFoundError, ReservedError, responses
from api.schemas.names import TEXT_EXAMPLE, DocumentId
from api.schemas.parts import Part, PartPage
from api.schemas.statuses import Accepted
from api.services import Served, Services
from formats.table import kind_of
from pipeline import tracing
from pipeline.document_info import new_id
from pipeline.errors import ConflictError

router = APIRouter(prefix="/v1/documents", tags=["documents"])

_KEYED = re.compile(r"key-[0-9a-f]{24}(\.\d+)?")

_BODY = {
    "parameters": parameters_of(FileOrder),
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Submission.model_json_schema()},
            "text/plain": TEXT_EXAMPLE,
            "multipart/form-data": {
                "schema": form_of(
                    FormOrder,
                    file={"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"},
                )
            },
        },
    },
}


@router.post("", status_code=202, openapi_extra=_BODY, responses=responses(404, 409, 413, 415, 422))
async def submit(
    request: Request,
    response: Response,
    services: Served,
    caller: Called,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=255,
            description="Chosen by the sender for one document without an id: sent again with the same key it is the same "
            "document; another document with the key is refused (422).",
        ),
    ] = None,
) -> Accepted:
    """Take a document: as JSON, as text/plain of any length, or as a file, in a form or by itself with its name.

    Text is sent on to Kafka while it arrives; other kinds of files are kept, and their texts are sent on while they are
    read. The answer comes when all of it is safe, and the id is known from then on. With JSON the languages and the rest
    stand in the JSON; otherwise in the query, or in fields of the form. Names that are no fields are refused.

    The same document may be sent again under its id, for example after a broken connection.
    """
    keyed = id_for(idempotency_key, request, caller) if idempotency_key else None
    order, text, sent = await _read(request, services)
    filename = order.filename if isinstance(order, FileOrder) else None
    expected = bodies.declared_length(request) if sent is not None else len(text.encode("utf-8", "replace"))
    document = order.id or keyed or new_id()
    info = await info_of(services, caller, order, document, filename=filename, expected=expected)
    if info.id != keyed:
        await _check_not_reserved(services, info.id)
    with tracing.span("submit", request.headers, document=info.id):
        try:
            if isinstance(order, FileOrder) and sent is not None:
                await take(services, info, sent, encoding=order.encoding, columns=order.columns)
            else:
                await services.intake.accept(services.caller, info, _one(text))
        except ConflictError as error:
            if info.id == keyed:
                raise KeyReusedError from error
            raise
    accepted = await _accepted(request, services, info.id)
    response.headers["Location"] = accepted.url
    return accepted


async def _accepted(request: Request, services: Services, document: str) -> Accepted:
    url = str(request.url_for("status", document=document).path)
    return Accepted(id=document, state=await services.reader.state(services.owner, document) or "receiving", url=url)


def id_for(key: str, request: Request, caller: Caller) -> str:
    """Return the id of the document that a sender names by a key; another sender's key is another one."""
    sender = caller.id or request.headers.get("authorization", "")
    return "key-" + hashlib.blake2b(f"{sender}\0{key}".encode(), digest_size=12).hexdigest()


class _Read(NamedTuple):
    """What a request says of a document; its text, unless it is a file or comes as one."""

    order: Submission | FileOrder
    text: str
    sent: Sent | None = None


async def _read(request: Request, services: Services) -> _Read:
    """Return what a request says before a long body. Raises as `order_of`, `Form` and `_body` do, and `stored`."""
    kind, _ = bodies.media_type(request)
    query = fields_of(request)
    # A file may be of any kind, JSON and forms included.
    if "filename" not in query and "file" not in query:
        if kind == "application/json":
            fields = fields_of(request, await read_body(request, Submission))
            submission = await order_patiently(Submission, fields, "body")
            return _Read(submission, submission.text)
        if kind == "multipart/form-data":
            return await _read_form(request, services)
    order = order_of(FileOrder, query, "query")
    if order.file is not None:
        return _Read(order, "", await stored(services, order.file))
    if kind == "multipart/form-data":
        return await _read_form(request, services)
    return _Read(order, "", _body(request, order.filename or ""))


async def _read_form(request: Request, services: Services) -> _Read:
    form = Form(request)
    await form.read_ahead()
    if form.file is None and not {"text", "file"} & form.fields.keys():
        raise BodyError("the form has no file (curl: -F file=@FILE) and no text (curl: -F 'text=Guten Tag.')")
    order = await order_patiently(FormOrder, fields_of(request, form.fields), "form")
    if form.file is None and order.file is not None:
        return _Read(order, "", await stored(services, order.file))
    if order.text is None:
        file = await form.first_file()
        return _Read(
            order, "", Sent(order.filename or file.name, file.media_type, file.charset, form.last_file(), form.declared)
        )
    if form.file is not None:
        raise BodyError("the form has a text and a file; send one of them")
    return _Read(order, order.text)


def _body(request: Request, filename: str) -> Sent:
    """Return a body that is a text or a file. Raises `MediaTypeError`, and as `not_empty` does."""
    kind, parameters = bodies.media_type(request)
    if not filename and kind not in bodies.PLAIN and kind_of("", kind) is None:
        raise MediaTypeError(
            f"cannot read {kind or 'a body without Content-Type'}; send application/json, "
            "text/plain (curl: -H 'Content-Type: text/plain' --data-binary @FILE), a file with its name "
            "(curl: --data-binary @FILE '…?filename=FILE') or as multipart/form-data (curl: -F file=@FILE)"
        )
    named = kind_of(filename, kind)
    chunks = bodies.not_empty(bodies.stream(request), file=named is not None and not named.is_text)
    return Sent(filename, kind, parameters.get("charset"), chunks, bodies.declared_length(request) or 0)


async def _check_not_reserved(services: Services, document: str) -> None:
    if is_keyed(document) and await services.reader.state(services.owner, document) is None:
        raise ReservedError(document)


def is_keyed(name: str) -> bool:
    """Whether an id is one that `id_for` could make: only those begin something under it who send the key."""
    return _KEYED.fullmatch(name) is not None


async def _one(text: str) -> AsyncIterator[str]:
    yield text


@router.get("/{document}/parts", responses=responses(404, 422))
async def parts(
    document: Annotated[DocumentId, Path()],
    services: Served,
    after: Annotated[int | None, Query(ge=0, le=9_999_999, description="The `next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> PartPage:
    """Tell which parts are there, for a sender that wants to go on with an upload that broke off."""
    found = await services.reader.get(services.owner, document)
    if found is None:
        raise NotFoundError(document)
    stored = await services.reader.parts(services.owner, document, after=after, limit=limit + 1)
    items = [Part.of(part) for part in stored[:limit]]
    return PartPage(
        source=found.source,
        target=found.target,
        model=found.wanted_model,
        items=items,
        next=items[-1].part if len(stored) > limit else None,
    )


_PART_BODY = {
    "parameters": parameters_of(PartOrder),
    "requestBody": {"required": True, "content": {"text/plain": TEXT_EXAMPLE}},
}


@router.put(
    "/{document}/parts/{part}",
    status_code=202,
    openapi_extra=_PART_BODY,
    responses=responses(404, 409, 413, 415, 422),
)
async def put_part(
    request: Request,
    services: Served,
    caller: Called,
    document: Annotated[DocumentId, Path()],
    part: Annotated[int, Path(ge=0, le=9_999_999, description="Counts from 0.")],
) -> Accepted:
    """Take one part of a document, of at most 64 KiB: to go on with an upload that broke off, or to send a text in parts.

    Parts may be sent again. A part that is there already with another text is refused. What is said with part 0 of a new
    document goes for all of it: its languages, model, title, glossary and the rest.
    """
    order = order_of(PartOrder, fields_of(request), "query")
    await _check_not_reserved(services, document)
    if part:
        info = await info_of_begun(services, caller, order, document)
    else:
        info = await info_of(services, caller, order, document, filename=order.filename, expected=order.length)
        info.internal.update(kept_of(order))
    text = await bodies.read_part(request, bodies.Reading(order.encoding, info.internal))
    with tracing.span("submit", request.headers, document=document, part=part):
        await services.intake.put(services.caller, info, part, text, last=order.last)
    return await _accepted(request, services, document)
