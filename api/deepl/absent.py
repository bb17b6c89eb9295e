"""What this dialect has and nothing here can do: refused in its words, and listed as empty."""

from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from api.dialects import DEEPL, answers
from api.services import Served

router = APIRouter(tags=["deepl"])


class StyleRules(BaseModel):
    """Style rules: none."""

    style_rules: list[dict[str, Any]] = []


class TranslationMemories(BaseModel):
    """Translation memories: none."""

    translation_memories: list[dict[str, Any]] = []
    total_count: int = 0


@router.get("/v3/style_rules", responses=answers(DEEPL))
async def list_style_rules(services: Served) -> StyleRules:
    """List style rules, of which there are none."""
    del services
    return StyleRules()


@router.get("/v3/translation_memories", responses=answers(DEEPL))
async def list_translation_memories(services: Served) -> TranslationMemories:
    """List translation memories, of which there are none."""
    del services
    return TranslationMemories()


@router.post("/v2/write/rephrase", responses=answers(DEEPL, 400))
@router.post("/v2/write/correct", responses=answers(DEEPL, 400))
async def write(services: Served) -> None:
    """Refuse to write a text anew in its own language, as DeepL does for a language in which it cannot."""
    del services
    raise HTTPException(
        400,
        "Value for 'target_lang' not supported. No model here rewrites or corrects texts; /v2/translate translates them",
    )


@router.post("/v3/style_rules", responses=answers(DEEPL, 400))
@router.post("/v3/translation_memories/import", responses=answers(DEEPL, 400))
@router.post("/v3/voice/realtime", responses=answers(DEEPL, 400))
async def unsupported(services: Served) -> None:
    """Refuse to keep style rules and translation memories, and to listen."""
    del services
    raise HTTPException(400, "Not supported here: style rules, translation memories and voice; glossaries are")
