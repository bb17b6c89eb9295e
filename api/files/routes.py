"""Routes for files: documents in their own format, and files for documents to come."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.documents import Known, OfVersion, finished
from api.exports.names import file_disposition
from api.exports.page import POLICY
from api.files.filing import kind_named, text_kind
from api.files.spooling import sent
from api.problems import responses
from api.services import Served, Services
from formats.table import KINDS, output_of
from store.documents.reading import Document
from store.parts import Version

router = APIRouter(prefix="/v1/documents", tags=["documents"])

_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.media_types[0]: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS}}
}


@router.get(
    "/{document}/file", response_class=StreamingResponse, responses={**_CONTENT, **responses(404, 409, 415, 422)}
)
async def document_file(
    document: Known,
    services: Served,
    partial: Annotated[
        Literal["none", "source", "skip"],
        Query(
            description="What to do while sentences are missing. none: refuse (409). source: leave them as they are. "
            "skip: leave them out."
        ),
    ] = "none",
    output: Annotated[
        str,
        Query(
            max_length=20,
            description="Of kinds that are not written, which one of others: a pdf as docx (if nothing is said) or html.",
            examples=["docx"],
        ),
    ] = "",
    version: OfVersion = "corrected",
) -> StreamingResponse:
    """Give a document in the format that it came in: `vertrag.docx` as `vertrag_en.docx`. Texts are in UTF-8."""
    found = await finished(services, document, partial)
    return await file_response(services, found, partial, output=output, version=version)


async def file_response(
    services: Services,
    document: Document,
    partial: Literal["none", "source", "skip"],
    *,
    output: str = "",
    version: Version = "corrected",
    media_type: str | None = None,
    name: str | None = None,
) -> StreamingResponse:
    """Return the answer that gives a document in its own format; `media_type` and `name` in place of the usual ones.

    Raises `InputError` for an `output` that its kind is not given back as, and as `Filing.result` does.
    """
    headers = {
        "Content-Language": document.target,
        "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    noted = document.internal.get("file")
    if noted is None:
        text = text_kind(document.internal.get("format"))
        output_of(text, output)
        headers["Content-Disposition"] = file_disposition(document, text.suffixes[0], name)
        # Whatever it was sent in, such a text is given in UTF-8.
        headers["Content-Type"] = media_type or f"{text.media_types[0]}; charset=utf-8"
        pieces = services.reader.text(services.owner, document.id, "skip" if partial == "skip" else "source", version)
        return StreamingResponse((piece.encode() async for piece in pieces), headers=headers)
    came = kind_named(noted["kind"])
    kind = output_of(came, output)
    # Its own suffix, unless it becomes something else.
    headers["Content-Disposition"] = file_disposition(document, kind.suffixes[0], name, keep=kind is came)
    # Before the answer begins: what cannot be written is said, and never a file that ends somewhere.
    result, length = await services.filing.result(document, partial, output, version)
    headers["Content-Length"] = str(length)
    # Not as `media_type`, to which Starlette adds a charset: a file keeps the encoding that it came in.
    headers["Content-Type"] = media_type or kind.media_types[0]
    return StreamingResponse(sent(result), headers=headers)
