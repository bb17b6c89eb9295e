"""Texts, translated while the client waits."""

import dataclasses
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.deepl.patience import patiently
from api.deepl.reading import Names, Options, info_of
from api.dialects import DEEPL, answers
from api.entering import enter_with_fields
from api.fields import body_of, query_of, read_patiently
from formats.markup.rules import Rules
from pipeline.events import Splitting

router = APIRouter(prefix="/v2", tags=["deepl"])


def _texts(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


# Switches as clients write them: as a number, a truth, or a word.
_WRITTEN = {
    "false": "0", "off": "0", "none": "0", "true": "1", "on": "1", "all": "1", "default": "1", "no_newlines": "nonewlines",
}  # fmt: skip


def _written(value: Any) -> Any:
    return _WRITTEN.get(str(value).lower(), str(value).lower())


_SPLITTING: dict[str, Splitting] = {"0": "none", "1": "all", "nonewlines": "punctuation"}


class TextOrder(Options):
    """What /v2/translate takes."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": ["Guten Tag."], "source_lang": "DE", "target_lang": "EN-GB"}]}
    )

    text: Annotated[list[str], BeforeValidator(_texts)] = Field(min_length=1, description="One or several texts.")
    tag_handling: Literal["html", "xml"] | None = Field(None, description="What kind of tags the texts have.")
    outline_detection: bool = Field(True, description="XML: elements without text beside them end a sentence.")
    splitting_tags: Names = Field([], description="Tags that end a sentence.")
    non_splitting_tags: Names = Field([], description="Tags that end none.")
    ignore_tags: Names = Field([], description="Elements that are not translated.")
    split_sentences: Annotated[Literal["0", "1", "nonewlines"], BeforeValidator(_written)] = Field(
        "1",
        description="0: a text is one sentence (blank lines part paragraphs all the same). nonewlines: only punctuation and "
        "blank lines end one. 1: line breaks, too, where they do.",
    )
    preserve_formatting: str | int | bool | None = Field(None, description="No effect: formatting is always kept.")
    context: str | None = Field(None, description="No effect.")
    model_type: str | None = Field(None, description="No effect.")

    @property
    def rules(self) -> Rules | None:
        """What tags mean; None in plain texts."""
        if self.tag_handling is None:
            return None
        return Rules(
            html=self.tag_handling == "html",
            kept=self.ignore_tags,
            splitting=self.splitting_tags,
            joining=self.non_splitting_tags,
            outline=self.outline_detection,
        )


class TranslatedText(BaseModel):
    """One of the translations, in the order of the texts."""

    detected_source_language: str = Field(examples=["DE"])
    text: str = Field(examples=["Hello."])
    billed_characters: int = Field(examples=[10])
    model_type_used: str | None = None


class TranslatedTexts(BaseModel):
    """What /v2/translate gives."""

    translations: list[TranslatedText]


_ANSWER: dict[str, Any] = {
    "responses": answers(DEEPL, 404, 429),
    "response_model": TranslatedTexts,
    "response_model_exclude_none": True,
}


@router.get("/translate", openapi_extra=query_of(TextOrder), **_ANSWER)
@router.post("/translate", openapi_extra=body_of(TextOrder), **_ANSWER)
async def translate(request: Request) -> TranslatedTexts | Response:
    """Translate texts while the client waits. The document that they pass through is deleted when it is answered."""
    services, fields = await enter_with_fields(request, TextOrder, DEEPL)
    order = await read_patiently(TextOrder, fields)
    wanted = dataclasses.replace(await info_of(services, order), splitting=_SPLITTING[order.split_sentences])
    accepted = await services.interpreter.accept(services.caller, order.text, wanted, rules=order.rules)

    async def answer() -> TranslatedTexts:
        made = await services.interpreter.answer(accepted, request)
        return TranslatedTexts(
            translations=[
                TranslatedText(
                    detected_source_language=one.source.upper(),
                    text=one.text,
                    billed_characters=len(text),
                    model_type_used="latency_optimized" if order.model_type else None,
                )
                for text, one in zip(order.text, made, strict=True)
            ]
        )

    return await patiently(answer())
