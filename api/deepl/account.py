"""What a sender may use, and which languages there are."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api.deepl.reading import Keyed
from api.dialects import DEEPL, answers
from api.entering import enter_with_fields
from api.fields import body_of, query_of, read
from pipeline.language_names import name_of

router = APIRouter(prefix="/v2", tags=["deepl"])

_UNLIMITED = 1_000_000_000_000
"""What this dialect calls a limit where there is none."""

# Clients refuse to ask for these without a variety; the models make no difference.
_VARIETIES = {"en": ("EN-GB", "EN-US"), "pt": ("PT-PT", "PT-BR")}
_NAMES = {
    "EN-GB": "English (British)",
    "EN-US": "English (American)",
    "PT-PT": "Portuguese (European)",
    "PT-BR": "Portuguese (Brazilian)",
}


class Used(BaseModel):
    """Characters of this calendar month."""

    character_count: int
    character_limit: int = Field(description=f"{_UNLIMITED}: none.")


class LanguageEntry(BaseModel):
    """A language."""

    language: str = Field(examples=["DE"])
    name: str = Field(examples=["German"])
    supports_formality: bool | None = Field(None, description="Of target languages: false.")


class _Which(Keyed):
    type: Literal["source", "target"] = "source"


@router.get("/usage", responses=answers(DEEPL))
@router.post("/usage", responses=answers(DEEPL))
async def usage(request: Request) -> Used:
    """Tell how many characters the key has sent this month, and how many it may; where no keys are asked for, none."""
    services, _ = await enter_with_fields(request, Keyed, DEEPL)
    caller = services.caller
    limit = caller.limits.characters
    return Used(
        character_count=0 if caller.id is None else await services.usage.characters(caller.id),
        character_limit=_UNLIMITED if limit is None else limit,
    )


_ANSWER: dict[str, Any] = {
    "responses": answers(DEEPL),
    "response_model": list[LanguageEntry],
    "response_model_exclude_none": True,
}


@router.get("/languages", openapi_extra=query_of(_Which), **_ANSWER)
@router.post("/languages", openapi_extra=body_of(_Which), **_ANSWER)
async def list_languages(request: Request) -> list[LanguageEntry]:
    """List the languages of the models that run now; the official client sends `type` in the body."""
    services, fields = await enter_with_fields(request, _Which, DEEPL)
    models = services.roster.models()
    if read(_Which, fields).type == "source":
        return [
            LanguageEntry(language=code.upper(), name=name_of(code))
            for code in sorted({model.source for model in models})
        ]
    return [
        LanguageEntry(language=code, name=_NAMES.get(code, name_of(language)), supports_formality=False)
        for language in sorted({model.target for model in models})
        for code in _VARIETIES.get(language, (language.upper(),))
    ]
