"""Routes for documents on their way in."""

import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import AfterValidator

from api import bodies
from api.callbacks.routes import check_callback
from api.callers import Called, Caller, urgent_for
from api.fields import read_json
from api.files.taking import Sent, stored, take
from api.forms import Form
from api.problems import KeyReusedError, MediaTypeError, NotFoundError, ReservedError, responses
from api.schemas import TEXT_EXAMPLE, Accepted, DocumentId, Part, PartPage, Submission
from api.services import Served, Services
from formats.table import kind_of
from pipeline import tracing
from pipeline.errors import ConflictError
from pipeline.events import Priority
from pipeline.roster import JOINED
from pipeline.submission import DocumentInfo, new_id

router = APIRouter(prefix="/v1/documents", tags=["documents"])

# Of a length that is one: what is longer, no number of the store can be.
_DIGITS = 15
_KEYED = re.compile(r"key-[0-9a-f]{24}(\.\d+)?")

Encoding = Annotated[
    str | None,
    Query(
        max_length=40,
        description="Of a text that is not JSON. Absent: what a byte order mark, the charset of its Content-Type, or its "
        "own XML or HTML declaration says, else UTF-8. `detect`: guessed where it is none of that; the status says it.",
        examples=["windows-1252", "detect"],
    ),
]

Filename = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=255,
        description="Of a body that is a file: its suffix says what it is, else its Content-Type. Kept in the metadata.",
        examples=["vertrag.docx"],
    ),
]

Columns = Annotated[
    Sequence[str],
    Query(
        max_length=100,
        description="Of tables (csv, tsv): which columns are translated, by name or counted from 1; absent: all that hold "
        "texts.",
    ),
]

ModelQuery = Annotated[
    str | None,
    Query(
        description="Absent: the default model of the pair (of an upload in parts, said with part 0 of a new document)."
    ),
    # A plus that a client did not write as %2B arrives as a space, which no name has.
    AfterValidator(lambda name: name and name.replace(" ", JOINED)),
]

_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Submission.model_json_schema()},
            "text/plain": TEXT_EXAMPLE,
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
                    "required": ["file"],
                }
            },
        },
    }
}


@router.post("", status_code=202, openapi_extra=_BODY, responses=responses(404, 409, 413, 415, 422))
async def submit(  # noqa: PLR0913, PLR0917 (each is a query parameter)
    request: Request,
    response: Response,
    services: Served,
    caller: Called,
    source: Annotated[str, Query(description="Language of the text, or `auto`.", examples=["de"])] = "de",
    target: Annotated[str, Query(description="Language of the translation.", examples=["en"])] = "en",
    id: Annotated[DocumentId | None, Query(description="Absent: one is made.")] = None,  # noqa: A002 (its public name)
    model: ModelQuery = None,
    priority: Annotated[Priority, Query(description="Whether it goes before or behind others.")] = "normal",
    encoding: Encoding = None,
    filename: Filename = None,
    columns: Columns = (),
    file: Annotated[
        DocumentId | None,
        Query(description="Id of a file that was sent before (PUT /v1/files); there is no body then."),
    ] = None,
    callback_url: Annotated[
        str | None,
        Query(max_length=2048, description="Told when the document is done or cancelled, with a signed message."),
    ] = None,
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
    stand in the JSON; otherwise in the query.

    The same document may be sent again under its id, for example after a broken connection.
    """
    keyed = id_for(idempotency_key, request, caller) if idempotency_key else None
    kind, _ = bodies.media_type(request)
    submission: Submission | None = None
    if kind == "application/json" and filename is None and file is None:
        submission = await read_json(request, Submission)
        info = DocumentInfo(
            id=submission.id or keyed or new_id(),
            source=submission.source,
            target=submission.target,
            model=submission.model,
            metadata=submission.metadata,
            priority=submission.priority,
            urgent=urgent_for(caller),
            callback=submission.callback_url,
        )
    else:
        # Bytes of UTF-8: of most texts a few per cent more than characters.
        length = request.headers.get("content-length", "")
        expected = int(length) if length.isdecimal() and len(length) <= _DIGITS else None
        info = DocumentInfo(
            id or keyed or new_id(),
            source,
            target,
            model,
            priority=priority,
            urgent=urgent_for(caller),
            expected=expected,
            metadata={"filename": filename} if filename else {},
            callback=callback_url,
        )
    if info.id != keyed:
        await _check_not_reserved(services, info.id)
    if info.callback is not None:
        await check_callback(services, caller, info.callback)
    with tracing.span("submit", request.headers, document=info.id):
        try:
            if submission is not None:
                await services.intake.accept(services.caller, info, _one(submission.text))
            else:
                sent = await (stored(services, file) if file else _sent(request, filename or ""))
                await take(services, info, sent, encoding=encoding, columns=columns)
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


async def _sent(request: Request, filename: str) -> Sent:
    """Return a body that is not JSON. Raises `MediaTypeError`, `BodyError` for an empty one, and as `Form` does."""
    kind, parameters = bodies.media_type(request)
    if kind == "multipart/form-data":
        form = Form(request)
        file = await form.first_file()
        return Sent(filename or file.name, file.media_type, file.charset, form.only_file())
    if not filename and kind not in bodies.PLAIN and kind_of("", kind) is None:
        raise MediaTypeError(
            f"cannot read {kind or 'a body without Content-Type'}; send application/json, "
            "text/plain (curl: -H 'Content-Type: text/plain' --data-binary @FILE), a file with its name "
            "(curl: --data-binary @FILE '…?filename=FILE') or as multipart/form-data (curl: -F file=@FILE)"
        )
    return Sent(filename, kind, parameters.get("charset"), bodies.not_empty(bodies.stream(request)))


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


_PART_BODY = {"requestBody": {"required": True, "content": {"text/plain": TEXT_EXAMPLE}}}


@router.put(
    "/{document}/parts/{part}",
    status_code=202,
    openapi_extra=_PART_BODY,
    responses=responses(404, 409, 413, 415, 422),
)
async def put_part(  # noqa: PLR0913, PLR0917 (each is a query parameter)
    request: Request,
    services: Served,
    caller: Called,
    document: Annotated[DocumentId, Path()],
    part: Annotated[int, Path(ge=0, le=9_999_999, description="Counts from 0.")],
    last: Annotated[
        bool, Query(description="Whether it is the last part of the document; send that one last.")
    ] = False,
    source: Annotated[str, Query(description="Of part 0 of a new document.")] = "de",
    target: Annotated[str, Query(description="Of part 0 of a new document.")] = "en",
    model: ModelQuery = None,
    priority: Annotated[Priority, Query(description="Whether it goes before or behind others.")] = "normal",
    encoding: Encoding = None,
    filename: Annotated[
        str | None, Query(max_length=255, description="Of part 0 of a new document; kept in its metadata.")
    ] = None,
) -> Accepted:
    """Take one part of a document, of at most 64 KiB: to go on with an upload that broke off, or to send a text in parts.

    Parts may be sent again. A part that is there already with another text is refused.
    """
    metadata = {"filename": filename} if filename else {}
    info = DocumentInfo(document, source, target, model, metadata, priority, urgent_for(caller))
    await _check_not_reserved(services, document)
    text = await bodies.read_part(request, bodies.Reading(encoding, info.internal))
    with tracing.span("submit", request.headers, document=document, part=part):
        await services.intake.put(services.caller, info, part, text, last=last)
    return await _accepted(request, services, document)
