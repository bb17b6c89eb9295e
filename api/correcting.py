"""Routes for one sentence: what people make of its translation."""

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api import bodies
from api.documents import Known
from api.fields import JSON, as_utf8, body_of, from_json
from api.problems import BodyError, MediaTypeError, NotFoundError, PreconditionError, responses
from api.schemas.sentences import Sentence
from api.services import Served, Services
from pipeline.errors import InputError
from store.documents.correcting import ChangedMeanwhileError
from store.memory.units import Place
from store.parts import Change, StoredSentence

router = APIRouter(prefix="/v1/documents", tags=["documents"])


def _place(
    document: Known,
    part: Annotated[int, Path(ge=0, le=9_999_999, description="The part that it is in; counts from 0.")],
    index: Annotated[int, Path(ge=0, le=9_999_999, description="Its number in the part; counts from 0.")],
) -> Place:
    return Place(document, part, index)


At = Annotated[Place, Depends(_place)]
"""Argument of a route about one sentence."""

# A translation is seldom three times as long as its source; a person may explain what stands in one word.
_TIMES_SOURCE, _MORE = 4, 2000
_COMMENT = 2000
# No keyboard makes them, and formats cannot hold them; half a surrogate pair cannot even be written.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')
_NEWLINE = re.compile(r"\r\n?")


class SentenceChange(BaseModel):
    """What is to be made of a sentence; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Good morning.", "approved": True}]}
    )

    text: str | None = Field(
        None,
        description="Its translation, of at most four times the source and 2,000 characters; null: the machine's again. "
        "With another text it is approved only if that is said as well.",
    )
    approved: bool = False
    comment: str | None = Field(None, max_length=_COMMENT, description="null: none.")


class Earlier(BaseModel):
    """What people had made of a sentence at some time."""

    text: str | None = Field(description="null: the machine's translation counted.")
    approved: bool
    comment: str | None
    by: str | None
    at: datetime
    version: int

    @classmethod
    def of(cls, change: Change) -> "Earlier":
        """Describe a change."""
        return cls(**{name: getattr(change, name) for name in cls.model_fields})


class SentenceHistory(Sentence):
    """A sentence with what was made of it before."""

    history: list[Earlier] = Field(
        default=[],
        description="Up to 20 states before the present one, the last of them last; before version 1 it was the machine's.",
    )


_TAGGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"description": "The version in quotation marks.", "schema": {"type": "string"}}}}
}


@router.get(
    "/{document}/sentences/{part}/{index}",
    response_model=SentenceHistory,
    responses={**_TAGGED, **responses(404, 422)},
)
async def sentence(place: At, services: Served, response: Response) -> SentenceHistory:
    """Give one sentence, with what people made of it before."""
    found = await services.corrections.get(services.owner, place)
    if found is None:
        raise await _missing(services, place)
    response.headers["ETag"] = tag(found.sentence)
    shown = SentenceHistory.of(found.sentence)
    shown.history = [Earlier.of(change) for change in found.earlier]
    return shown


@router.patch(
    "/{document}/sentences/{part}/{index}",
    response_model=Sentence,
    responses={**_TAGGED, **responses(404, 412, 415, 422)},
    openapi_extra=body_of(SentenceChange, JSON),
)
async def change_sentence(
    place: At,
    request: Request,
    response: Response,
    services: Served,
    if_match: Annotated[
        str | None,
        Header(description="The ETag that the sentence must still have; anybody else's change is answered 412."),
    ] = None,
) -> Sentence:
    """Correct the translation of a sentence, approve it, or comment on it.

    What is corrected or approved is what the document says from then on, in every form, and what the translation memory of
    its sender knows. It may be done while the document is still translated. Asked again with the same `If-Match`, it is
    done once.
    """
    fields = await _fields(request)
    if isinstance(fields.get("text"), str):
        found = await services.corrections.get(services.owner, place)
        if found is None:
            raise await _missing(services, place)
        fields["text"] = _text(fields["text"], found.sentence.source)
    try:
        made = await services.corrections.change(
            services.owner, place, fields, by=services.caller.name or services.caller.id, expected=_versions(if_match)
        )
    except ChangedMeanwhileError as error:
        now = Sentence.of(error.sentence)
        raise PreconditionError(
            str(error), {"ETag": tag(error.sentence)}, sentence=now.model_dump(mode="json")
        ) from None
    if made is None:
        raise await _missing(services, place)
    response.headers["ETag"] = tag(made)
    return Sentence.of(made)


async def _missing(services: Services, place: Place) -> NotFoundError:
    if await services.reader.state(services.owner, place.document) is None:
        return NotFoundError(place.document)
    return NotFoundError(f"{place.part}.{place.index}", "sentence")


def tag(sentence: StoredSentence) -> str:
    """Return the ETag of a sentence."""
    return f'"{sentence.change.version if sentence.change else 0}"'


def _versions(if_match: str | None) -> set[int] | None:
    """Return the versions that a header allows; None: any. What is no ETag of a sentence fits none."""
    if if_match is None or if_match.strip() == "*":
        return None
    return {int(found) for found in _TAG.findall(if_match[:1000])}


async def _fields(request: Request) -> dict[str, Any]:
    """Return the fields that a body gives, as they are to be stored."""
    kind, parameters = bodies.media_type(request)
    if kind not in JSON:
        raise MediaTypeError(f"cannot read {kind or 'a body without Content-Type'}; send application/json")
    body = as_utf8(await bodies.read_whole(request, bodies.STRANGERS_LIMIT * 4), parameters.get("charset"))
    fields = from_json(body, SentenceChange)
    if not fields:
        raise BodyError("the body changes nothing; give `text`, `approved` or `comment`")
    try:
        # Strictly: 1 and "yes" are nobody's approval.
        SentenceChange.model_validate(fields, strict=True)
    except ValidationError as error:
        found = error.errors(include_context=False, include_input=False, include_url=False)
        raise RequestValidationError([one | {"loc": ("body", *one["loc"])} for one in found]) from None
    if isinstance(fields.get("comment"), str):
        fields["comment"] = _clean(fields["comment"], "comment").strip() or None
    return fields


def _text(text: str, source: str) -> str:
    """Return a text as it is stored: with the line ends of its source. Raises `InputError`."""
    most = _TIMES_SOURCE * len(source) + _MORE
    if len(text) > most:
        raise InputError(f"the text has {len(text)} characters; for this sentence it may have {most}")
    # What is around a sentence is no part of it.
    text = _clean(text, "text").strip()
    return text.replace("\n", "\r\n") if "\r\n" in source else text


def _clean(text: str, name: str) -> str:
    text = _NEWLINE.sub("\n", text)
    if control := _CONTROL.search(text):
        raise InputError(
            f"the {name} has the control character U+{ord(control.group()):04X} at {control.start()}; leave it out"
        )
    return text
