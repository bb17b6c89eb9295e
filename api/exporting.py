"""Route for documents in other forms."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.documents import Known, OfVersion, finished
from api.exports.lines import write_lines
from api.exports.names import disposition
from api.exports.page import POLICY, write_page
from api.exports.tmx import write_tmx
from api.exports.word import write_word
from api.exports.xliff import write_xliff
from api.problems import responses
from api.services import Served, Services
from formats.making.word import MEDIA_TYPE as WORD
from store.documents.reading import Document
from store.parts import Partial, Version

router = APIRouter(prefix="/v1/documents", tags=["documents"])

Format = Literal["text", "html", "docx", "xliff", "tmx", "jsonl"]

_WRITERS = {"html": write_page, "xliff": write_xliff, "tmx": write_tmx}
# Such a file could be taken for the document itself, translated.
_BOTH = ("docx", "xliff")
_KINDS: dict[Format, tuple[str, str]] = {
    "text": ("text/plain; charset=utf-8", "txt"),
    "html": ("text/html; charset=utf-8", "html"),
    "docx": (WORD, "docx"),
    "xliff": ("application/xliff+xml", "xlf"),
    "tmx": ("application/x-tmx+xml", "tmx"),
    "jsonl": ("application/jsonl", "jsonl"),
}


def _schema(kind: str) -> dict[str, str]:
    return {"type": "string"} | ({"format": "binary"} if kind == WORD else {})


_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {"schema": _schema(kind)} for kind, _ in _KINDS.values()}}
}


@router.get("/{document}/export", response_class=StreamingResponse, responses={**_CONTENT, **responses(404, 409, 422)})
async def export(
    document: Known,
    services: Served,
    format: Annotated[  # noqa: A002 (its public name)
        Format,
        Query(
            description="text: the translation. html: a page with source and translation side by side. "
            "docx: a Word file with both in two columns. xliff: XLIFF 2.0 for translation programs. "
            "tmx: TMX 1.4b for translation memories. jsonl: a sentence a line, as /sentences has it."
        ),
    ] = "text",
    partial: Annotated[
        Literal["none", "source", "skip"],
        Query(
            description="What to do while sentences are missing. none: refuse (409). source, skip: as for /text; the other "
            "forms show both times what is there."
        ),
    ] = "none",
    version: OfVersion = "corrected",
) -> StreamingResponse:
    """Give a document as a file, streamed."""
    found = await finished(services, document, partial)
    kind, ending = _KINDS[format]
    headers = {
        "Content-Disposition": disposition(found, ending, both_languages=format in _BOTH),
        "Content-Language": found.target if format == "text" else f"{found.source}, {found.target}",
        # Also where a browser shows the page instead of saving it, it is nobody's page and runs nothing.
        "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'; sandbox",
    }
    pieces = _pieces(services, found, format, "skip" if partial == "skip" else "source", version)
    return StreamingResponse(pieces, media_type=kind, headers=headers)


def _pieces(
    services: Services, document: Document, form: Format, missing: Partial, version: Version
) -> AsyncIterator[bytes]:
    if form == "text":
        return _encoded(services.reader.text(services.owner, document.id, missing, version))
    parts = services.reader.all_sentences(services.owner, document.id, version)
    if form == "docx":
        return write_word(document, parts)
    if form == "jsonl":
        return _encoded(write_lines(parts))
    return _encoded(_WRITERS[form](document, parts))


async def _encoded(pieces: AsyncIterator[str]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield piece.encode()
