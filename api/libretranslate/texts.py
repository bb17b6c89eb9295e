"""Texts, translated while the client waits; and which language they are in."""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from api.dialects import LIBRETRANSLATE, answers
from api.entering import enter_with_fields
from api.fields import ANY_FORM, body_of, read_patiently
from api.libretranslate.schemas import Delivery, Detection, Order, Question
from api.waiting import GONE, ClientGoneError
from formats.markup.rules import Rules
from pipeline.detection import AUTO, Detector
from pipeline.document_info import DocumentInfo
from pipeline.events import ALTERNATIVES_LIMIT

router = APIRouter(tags=["libretranslate"])


@router.post(
    "/translate",
    openapi_extra=body_of(Order, ANY_FORM),
    responses=answers(LIBRETRANSLATE),
    response_model=Delivery,
    response_model_exclude_none=True,
)
async def translate(request: Request) -> Delivery | Response:
    """Translate texts while the client waits. The document that they pass through is deleted when it is answered."""
    services, fields = await enter_with_fields(request, Order, LIBRETRANSLATE)
    order = await read_patiently(Order, fields)
    texts = [order.q] if isinstance(order.q, str) else order.q
    wanted = DocumentInfo(
        "",
        order.source,
        order.target,
        metadata={"dialect": LIBRETRANSLATE.name},
        internal={"dialect": LIBRETRANSLATE.name},
        alternatives=min(order.alternatives, ALTERNATIVES_LIMIT),
    )
    rules = Rules() if order.format == "html" else None
    accepted = await services.interpreter.accept(services.caller, texts, wanted, rules=rules)
    try:
        made = await services.interpreter.answer(accepted, request)
    except ClientGoneError:
        return Response(status_code=GONE)
    several = not isinstance(order.q, str)
    found = [one.text for one in made]
    detected = None
    if order.source == AUTO:
        languages = [one.source for one in made]
        detected = await asyncio.to_thread(_confidences, services.detector, texts, languages)
    others = [one.alternatives for one in made]
    return Delivery(
        translatedText=found if several else found[0],
        detectedLanguage=detected if several or detected is None else detected[0],
        alternatives=(others if several else others[0]) if order.alternatives else None,
    )


def _confidences(detector: Detector, texts: Sequence[str], languages: Sequence[str]) -> list[Detection]:
    """Say how probable the languages are in which texts were detected on their way."""
    return [
        Detection(confidence=_per_cent(dict(detector.rank(text)).get(language, 0.0)), language=language)
        for text, language in zip(texts, languages, strict=True)
    ]


@router.post("/detect", openapi_extra=body_of(Question, ANY_FORM), responses=answers(LIBRETRANSLATE))
async def detect(request: Request) -> list[Detection]:
    """Tell which language a text is in, the most probable first."""
    services, fields = await enter_with_fields(request, Question, LIBRETRANSLATE)
    question = await read_patiently(Question, fields)
    ranked = await asyncio.to_thread(services.detector.rank, question.q)
    # Others are less than a tenth as probable as the first, or hardly at all.
    shown = [one for one in ranked[:3] if one.confidence >= max(0.01, ranked[0].confidence / 10)] or ranked[:1]
    return [Detection(confidence=_per_cent(one.confidence), language=one.language) for one in shown]


def _per_cent(confidence: float) -> float:
    return round(100 * min(confidence, 1.0), 1)
