"""Route for a text that is translated while its sender waits, sentence by sentence: for programs in which somebody types."""

import asyncio

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Called
from api.fields import JSON, body_of, read_json
from api.problems import NotFoundError, responses
from api.schemas import Sentence
from api.services import Served, Services
from api.waiting import GONE, ClientGoneError
from pipeline import languages, terms
from pipeline.detection import AUTO
from pipeline.errors import InputError
from pipeline.events import ALTERNATIVES_LIMIT
from pipeline.submission import DocumentInfo
from pipeline.terms import Terms
from store.parts import StoredSentence

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
    glossary: str | None = Field(None, description="Id of a glossary; needs a `source` that is not `auto`.")
    terms: dict[str, str] = Field({}, description="Terms and their translations; they go before those of a glossary.")


class SentenceAtOnce(Sentence):
    """A sentence, its translation, and other translations of it."""

    alternatives: list[str] = Field([], description="The best first; as many as there are.")

    @classmethod
    def of(cls, sentence: StoredSentence) -> "SentenceAtOnce":
        """Describe a sentence."""
        return cls(**Sentence.of(sentence).model_dump(), alternatives=list(sentence.alternatives))


class Translation(BaseModel):
    """A text that was translated at once."""

    source: str = Field(description="As it was said: a language, or `auto`.", examples=["auto"])
    detected: str | None = Field(description="With `auto`: the language of its beginning.", examples=["de"])
    target: str = Field(examples=["en"])
    model: str | None = Field(
        description="Model and revision; null where nothing needed one.", examples=["de-en-tiny@1"]
    )
    text: str = Field(description="The translation; line breaks and all else between sentences as in the text.")
    sentences: list[SentenceAtOnce]


@router.post(
    "", openapi_extra=body_of(TextOrder, JSON), responses=responses(404, 409, 413, 415, 422), response_model=Translation
)
async def translate(request: Request, services: Served, caller: Called) -> Translation | Response:
    """Translate a text while its sender waits, before all documents.

    It is kept nowhere: the document that it passes through is deleted when it is answered, and the work on it ends when the
    sender goes away. A text that takes longer than a minute goes on as a document, which the answer (503) names.
    """
    order = await read_json(request, TextOrder)
    wanted = DocumentInfo(
        "",
        order.source,
        order.target,
        order.model,
        alternatives=order.alternatives,
        terms=await _terms(services, order),
    )
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
        sentences=[SentenceAtOnce.of(sentence) for sentence in found.sentences],
    )


async def _terms(services: Services, order: TextOrder) -> Terms:
    """Return the terms that an order names. Raises `NotFoundError` for a glossary, `InputError` for terms that are none."""
    known = Terms({})
    if order.glossary:
        if order.source == AUTO:
            raise InputError("a glossary needs the language of the text; name it as source")
        pair = languages.primary(languages.normal(order.source)), languages.primary(languages.normal(order.target))
        glossary = await services.glossaries.get(services.owner, order.glossary)
        if glossary is None:
            raise NotFoundError(order.glossary, "glossary")
        if pair not in glossary.counts:
            pairs = ", ".join(f"{source}→{target}" for source, target in glossary.counts) or "nothing yet"
            raise InputError(f"the glossary is for {pairs}, not for {pair[0]}→{pair[1]}")
        known = await services.glossary_indexes.of(services.owner, [glossary], pair, services.glossaries)
    if not order.terms:
        return known
    terms.check(order.terms)
    return await asyncio.to_thread(Terms, {**known.mapping, **order.terms})
