"""Route for a text that is translated while its sender waits, sentence by sentence: for programs in which somebody types."""

from dataclasses import replace
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Called
from api.fields import JSON, body_of, read_json
from api.ordering import MOST_TERMS, with_terms
from api.problems import responses
from api.schemas.sentences import Sentence
from api.services import Served
from api.waiting import GONE, ClientGoneError
from pipeline.detection import AUTO
from pipeline.document_info import DocumentInfo
from pipeline.events import ALTERNATIVES_LIMIT

router = APIRouter(prefix="/v1/translate", tags=["texts"])


class TextOrder(BaseModel):
    """A text that is wanted at once."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "Guten Tag. Wie geht es Ihnen?", "source": "auto", "target": "en"}]},
    )

    text: str = Field(min_length=1, description="Of some pages at most: longer ones are documents.")
    source: str = Field(AUTO, description="Language of the text, or `auto`: the text tells it.")
    target: str = Field("en", description="Language of the translation.")
    model: str | None = Field(None, description="Absent: the default model of the pair.")
    alternatives: int = Field(
        0, ge=0, le=ALTERNATIVES_LIMIT, description="How many other translations of each sentence are wanted."
    )
    glossary: str | None = Field(None, max_length=128, description="Id of a glossary that has the languages.")
    terms: dict[str, str] = Field(
        {}, max_length=MOST_TERMS, description="Terms and their translations; they go before those of a glossary."
    )
    memory: Literal["on", "off"] | None = Field(
        None, description="Whether sentences may come from the translation memory; absent: where it is switched on."
    )


class Translation(BaseModel):
    """A text that was translated at once."""

    source: str = Field(description="As it was said: a language, or `auto`.", examples=["auto"])
    detected: str | None = Field(description="With `auto`: the language of its beginning.", examples=["de"])
    target: str = Field(examples=["en"])
    model: str | None = Field(
        description="Model and revision; null where nothing needed one.", examples=["de-en-tiny@1"]
    )
    text: str = Field(description="The translation; line breaks and all else between sentences as in the text.")
    sentences: list[Sentence]


@router.post(
    "", openapi_extra=body_of(TextOrder, JSON), responses=responses(404, 409, 413, 415, 422), response_model=Translation
)
async def translate(request: Request, services: Served, caller: Called) -> Translation | Response:
    """Translate a text while its sender waits, before all documents.

    It is kept nowhere: the document that it passes through is deleted when it is answered, and the work on it ends when the
    sender goes away. A text that takes longer than a minute goes on as a document, which the answer (503) names.
    """
    order = await read_json(request, TextOrder)
    internal = {"typed": True}
    wanted = DocumentInfo(
        "", order.source, order.target, order.model, internal=internal, alternatives=order.alternatives
    )
    if order.memory is not None:
        wanted = replace(wanted, memory=order.memory == "on")
    wanted = await with_terms(services, wanted, order.glossary, order.terms)
    accepted = await services.interpreter.accept(caller, [order.text], wanted, rules=None)
    try:
        found = await services.interpreter.sentences(accepted, request)
    except ClientGoneError:
        return Response(status_code=GONE)
    return Translation(
        source=found.document.source,
        detected=found.document.detected,
        target=found.document.target,
        model=found.document.model,
        text=found.text,
        sentences=[Sentence.of(sentence) for sentence in found.sentences],
    )
