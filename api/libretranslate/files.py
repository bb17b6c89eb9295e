"""Files, and where their translations are."""

from contextlib import suppress
from pathlib import PurePath
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse

from api.callers import ANYBODY, Caller
from api.dialects import LIBRETRANSLATE, answers
from api.entering import enter_with_form
from api.fields import read
from api.files.routes import file_response
from api.files.taking import Sent, take
from api.libretranslate.schemas import FileOrder, TranslatedFile
from api.problems import BodyError, NotFoundError, NotReadyError
from api.services import Services, Unlimited
from api.waiting import GONE, ClientGoneError, while_connected
from formats import table
from pipeline.document_info import DocumentInfo, new_id
from store.ownership import EVERYBODY

router = APIRouter(tags=["libretranslate"])

# Long enough for a few pages, so that most files are there when their address is.
_FILE_PATIENCE = 20.0
_FILE_BODY = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FileOrder.model_json_schema()}}}
}


@router.post("/translate_file", openapi_extra=_FILE_BODY, responses=answers(LIBRETRANSLATE, 415))
async def translate_file(request: Request) -> TranslatedFile:
    """Take a file, and answer where its translation is; a long one may still be growing then.

    The file becomes a document that is kept as others are.
    """
    services, form = await enter_with_form(request, LIBRETRANSLATE, "source", "target")
    name = PurePath(form.file.name if form.file else "")
    order = read(FileOrder, form.fields | ({"file": name.name} if form.file else {}))
    metadata = {"dialect": LIBRETRANSLATE.name, "filename": name.name[:255]}
    info = DocumentInfo(new_id(), order.source, order.target, metadata=metadata, internal=dict(metadata))
    sent = Sent(name.name, "", form.file.charset if form.file else None, form.only_file(), form.declared)
    kind = await take(services, info, sent, encoding=order.encoding)
    # If it takes longer it goes on: the address waits for it, too.
    with suppress(ClientGoneError):
        await while_connected(request, services.completions.wait(info.id, _FILE_PATIENCE))
    suffix = table.output_of(kind).suffixes[0] if kind.outputs else name.suffix or kind.suffixes[0]
    path = request.url_for("download_file", name=f"{info.id}.{name.stem}_{order.target}{suffix}")
    public = services.reach.public_url
    return TranslatedFile(translatedFileUrl=f"{public}{path.path}" if public else str(path))


@router.get(
    "/download_file/{name}",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}, **answers(LIBRETRANSLATE, 404)},
)
async def download_file(
    name: Annotated[str, Path(description="As in `translatedFileUrl`.")], request: Request, services: Unlimited
) -> Response:
    """Give a translated file; one that is not ready is waited for a little, then refused with Retry-After (503).

    Its name begins with 80 random bits, so only those can know it who were told it.
    """
    document, _, filename = name.partition(".")
    found = await _file(services, document)
    try:
        state = await while_connected(request, services.completions.wait(document, _FILE_PATIENCE))
    except ClientGoneError:
        return Response(status_code=GONE)
    if state in (None, "cancelled", "incomplete"):
        raise BodyError(f"document {document} is {state or 'deleted'}; there is no complete translation")
    if state != "done":
        raise NotReadyError(f"the translation of {document} is not ready; try again")
    whole = await services.reader.get(EVERYBODY, document)
    if whole is None:
        raise NotFoundError(document, "file")
    of_owner = services.of(Caller(whole.owner)) if whole.owner is not None else services.of(ANYBODY)
    return await file_response(of_owner, whole, "none", media_type="application/octet-stream", name=filename or found)


async def _file(services: Services, document: str) -> str:
    """Return the name that a file was sent with. Raises `NotFoundError` for what is no file of this dialect."""
    found = await services.reader.get(EVERYBODY, document)
    if found is None or found.internal.get("dialect") != LIBRETRANSLATE.name or "filename" not in found.internal:
        raise NotFoundError(document, "file")
    if found.owner is not None and not await services.keys.holds(Caller(found.owner)):
        raise NotFoundError(document, "file")
    return str(found.internal["filename"])
