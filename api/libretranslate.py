"""The routes of LibreTranslate, for its clients. What has no effect here is in docs/dialects.md."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from pathlib import PurePath
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.admission import admit
from api.dialects import LIBRETRANSLATE, answers
from api.forms import open_form, read_fields
from api.language_names import name_of
from api.markup.rules import Rules
from api.problems import BodyError, NotFoundError, NotReadyError
from api.services import Served, Services
from api.waiting import ClientGoneError, until_over
from pipeline.detection import AUTO, Detector
from pipeline.parts import TextDecoder
from producer.submission import DocumentInfo, new_id

router = APIRouter(tags=["libretranslate"])

_FORMS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
_TEXT_FILES = (".txt", ".text", ".md")
# An answer for a client that has gone; nobody sees it but the log.
_GONE = 499


Code = Annotated[str, Field(min_length=2, max_length=35)]


class Detection(BaseModel):
    """A language that a text may be in."""

    confidence: float = Field(ge=0, le=100, description="In per cent.", examples=[97.0])
    language: str = Field(examples=["de"])


class Question(BaseModel):
    """What /detect takes."""

    q: str = Field(min_length=1, description="The text.", examples=["Guten Tag."])
    api_key: str = Field("", description="Where the API asks for one.")


class Order(BaseModel):
    """What /translate takes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"q": "Guten Tag.", "source": "de", "target": "en", "format": "text"}]}
    )

    q: Annotated[str, Field(min_length=1)] | Annotated[list[str], Field(min_length=1)] = Field(
        description="A text, or several: then the answer has several, too."
    )
    source: Code = Field(description="Language of the text; `auto`: the text tells it.", examples=["de", "auto"])
    target: Code = Field(examples=["en"])
    format: Literal["text", "html"] = "text"
    alternatives: int = Field(0, ge=0, le=100, description="How many other translations; there are none.")
    api_key: str = Field("", description="Where the API asks for one.")


class Delivery(BaseModel):
    """What /translate gives; of several texts each member is a list."""

    translatedText: str | list[str]  # noqa: N815 (its name on the wire)
    detectedLanguage: Detection | list[Detection] | None = Field(  # noqa: N815 (as above)
        None, description="With `source: auto`."
    )
    alternatives: list[str] | list[list[str]] | None = Field(
        None, description="If they were asked for: empty, the engines give one translation."
    )


class OfferedLanguage(BaseModel):
    """A language that texts may be in, and those that they can be translated into."""

    code: str = Field(examples=["de"])
    name: str = Field(examples=["German"])
    targets: list[str] = Field(examples=[["en"]])


class TranslatedFile(BaseModel):
    """Where a translated file is."""

    translatedFileUrl: str  # noqa: N815 (its name on the wire)


def _body(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {"requestBody": {"required": required, "content": {kind: {"schema": schema} for kind in _FORMS}}}


def _read(model: type[BaseModel], fields: dict[str, Any]) -> Any:
    """Return the fields as a model. Raises `RequestValidationError`."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_context=False)) from None


@router.post(
    "/translate",
    openapi_extra=_body(Order),
    responses=answers(LIBRETRANSLATE),
    response_model=Delivery,
    response_model_exclude_none=True,
)
async def translate(request: Request, services: Served) -> Delivery | Response:
    """Translate texts while the client waits. The document that they pass through is deleted when it is answered."""
    fields = await read_fields(request)
    admit(request, fields)
    order: Order = _read(Order, fields)
    texts = [order.q] if isinstance(order.q, str) else order.q
    wanted = DocumentInfo("", order.source, order.target, metadata={"dialect": LIBRETRANSLATE.name})
    rules = Rules() if order.format == "html" else None
    try:
        made = await services.interpreter.translate(texts, wanted, rules=rules, gone=request.is_disconnected)
    except ClientGoneError:
        return Response(status_code=_GONE)
    several = not isinstance(order.q, str)
    found = [one.text for one in made]
    detected = None
    if order.source == AUTO:
        languages = [one.source for one in made]
        detected = await asyncio.to_thread(_confidences, services.detector, texts, languages)
    none: Any = [[] for _ in texts] if several else []
    return Delivery(
        translatedText=found if several else found[0],
        detectedLanguage=detected if several or detected is None else detected[0],
        alternatives=none if order.alternatives else None,
    )


def _confidences(detector: Detector, texts: Sequence[str], languages: Sequence[str]) -> list[Detection]:
    """Say how probable the languages are in which texts were detected on their way."""
    return [
        Detection(confidence=_per_cent(dict(detector.rank(text)).get(language, 0.0)), language=language)
        for text, language in zip(texts, languages, strict=True)
    ]


@router.post("/detect", openapi_extra=_body(Question), responses=answers(LIBRETRANSLATE))
async def detect(request: Request, services: Served) -> list[Detection]:
    """Tell which language a text is in, the most probable first."""
    fields = await read_fields(request)
    admit(request, fields)
    question: Question = _read(Question, fields)
    ranked = await asyncio.to_thread(services.detector.rank, question.q)
    # Others are less than a tenth as probable as the first, or hardly at all.
    shown = [one for one in ranked[:3] if one.confidence >= max(0.01, ranked[0].confidence / 10)] or ranked[:1]
    return [Detection(confidence=_per_cent(one.confidence), language=one.language) for one in shown]


def _per_cent(confidence: float) -> float:
    return round(100 * min(confidence, 1.0), 1)


@router.get("/languages", responses=answers(LIBRETRANSLATE))
async def languages(services: Served) -> list[OfferedLanguage]:
    """List the languages, as the translators that run now offer them."""
    targets: dict[str, set[str]] = {}
    for model in services.roster.models():
        targets.setdefault(model.source, set()).add(model.target)
    return [
        OfferedLanguage(code=code, name=name_of(code), targets=sorted(offered))
        for code, offered in sorted(targets.items())
    ]


class _FileOrder(BaseModel):
    file: Annotated[str, Field(json_schema_extra={"contentMediaType": "application/octet-stream"})] = Field(
        description="A text file in UTF-8: .txt, .text, .md."
    )
    source: Code = Field(examples=["de"])
    target: Code = Field(examples=["en"])
    api_key: str = ""


_FILE_BODY = {
    "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FileOrder.model_json_schema()}}}
}


@router.post("/translate_file", openapi_extra=_FILE_BODY, responses=answers(LIBRETRANSLATE, 415))
async def translate_file(request: Request, services: Served) -> TranslatedFile:
    """Take a text file, and answer where its translation is; a long one may still be growing then.

    The file becomes a document that is kept as others are.
    """
    form = await open_form(request, "source", "target", "api_key")
    admit(request, form.fields)
    name = PurePath(form.filename or "")
    if name.suffix.lower() not in _TEXT_FILES:
        raise BodyError(
            f"the file format {name.suffix or 'without suffix'} is not supported; send {', '.join(_TEXT_FILES)}"
        )
    order: _FileOrder = _read(_FileOrder, form.fields | {"file": name.name})
    metadata = {"dialect": LIBRETRANSLATE.name, "filename": name.name[:255]}
    info = DocumentInfo(new_id(), order.source, order.target, metadata=metadata)
    await services.intake.accept(info, _text(form.chunks()))
    # If it takes longer it goes on: the address waits for it, too.
    with suppress(TimeoutError, ClientGoneError):
        await until_over(services.reader, info.id, within=_FILE_PATIENCE, gone=request.is_disconnected)
    path = request.url_for("download_file", name=f"{info.id}.{name.stem}_{order.target}{name.suffix}")
    return TranslatedFile(translatedFileUrl=str(path))


# Long enough for a few pages, so that most files are there when their address is.
_FILE_PATIENCE = 20.0


async def _text(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    decoder = TextDecoder("utf-8")
    async for chunk in chunks:
        yield decoder.feed(chunk)
    yield decoder.finish()


@router.get(
    "/download_file/{name}",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}, **answers(LIBRETRANSLATE, 404)},
)
async def download_file(
    name: Annotated[str, Path(description="As in `translatedFileUrl`.")], request: Request, services: Served
) -> Response:
    """Give a translated file; one that is not ready is waited for a little, then refused with Retry-After (503)."""
    document, _, filename = name.partition(".")
    found = await _file(services, document)
    try:
        state = await until_over(services.reader, document, within=_FILE_PATIENCE, gone=request.is_disconnected)
    except ClientGoneError:
        return Response(status_code=_GONE)
    except TimeoutError:
        raise NotReadyError(f"the translation of {document} is not ready; try again") from None
    if state != "done":
        raise BodyError(f"document {document} is {state}; there is no complete translation")
    pieces = services.reader.text(document, "source")
    return StreamingResponse(
        (piece.encode() async for piece in pieces),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename or found, safe='')}",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _file(services: Services, document: str) -> str:
    """Return the name that a file was sent with. Raises `NotFoundError` for what is no file of this dialect."""
    found = await services.reader.get(document)
    if found is None or found.metadata.get("dialect") != LIBRETRANSLATE.name or "filename" not in found.metadata:
        raise NotFoundError(document, "file")
    return str(found.metadata["filename"])


@router.get("/health")
async def health() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


class Switches(BaseModel):
    """What a page over the API may offer."""

    apiKeys: bool  # noqa: N815 (its name on the wire)
    charLimit: int = Field(-1, description="-1: none.")  # noqa: N815 (as above)
    frontendTimeout: int = Field(500, description="Milliseconds to wait while somebody types.")  # noqa: N815 (as above)
    filesTranslation: bool = True  # noqa: N815 (as above)
    supportedFilesFormat: list[str] = list(_TEXT_FILES)  # noqa: N815 (as above)
    keyRequired: bool  # noqa: N815 (as above)
    suggestions: bool = False
    language: dict[str, dict[str, str]]


@router.get("/frontend/settings")
async def frontend_settings(request: Request, services: Served) -> Switches:
    """Tell what a page over the API may offer."""
    models = services.roster.models()
    target = models[0].target if models else "en"
    keyed = bool(request.app.state.keyed)
    return Switches(
        apiKeys=keyed,
        keyRequired=keyed,
        language={
            "source": {"code": AUTO, "name": "Auto Detect"},
            "target": {"code": target, "name": name_of(target)},
        },
    )
