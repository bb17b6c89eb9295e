"""Route for what a key has used."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import Called
from api.problems import responses
from api.services import Served
from store.accounts.usage import month_ends

router = APIRouter(prefix="/v1/usage", tags=["usage"])


class Characters(BaseModel):
    """Characters of source text in this calendar month (UTC)."""

    used: int = Field(examples=[121653])
    limit: int | None = Field(description="null: no limit.", examples=[5_000_000])
    until: datetime = Field(description="When the month ends.")


class DocumentsUnderWay(BaseModel):
    """Documents that are arriving or being translated."""

    under_way: int = Field(examples=[2])
    limit: int | None = Field(description="null: no limit.", examples=[20])


class Usage(BaseModel):
    """What the calling key has used, and what it may use."""

    key: str | None = Field(description="Its id; null where no keys are asked for.", examples=["5f0c9a3d71e2"])
    name: str = Field(examples=["web page"])
    admin: bool = Field(description="Whether it sees the documents of all.")
    characters: Characters | None = Field(description="null where no keys are asked for: nothing is counted there.")
    documents: DocumentsUnderWay
    requests_per_minute: int | None = Field(
        description="null: no limit. How many are left stands in the header RateLimit.", examples=[120]
    )


@router.get("", responses=responses())
async def usage(caller: Called, services: Served) -> Usage:
    """Tell what the key has used this month, and how many of its documents are under way."""
    characters = None
    if caller.id is not None:
        used = await services.usage.characters(caller.id)
        characters = Characters(used=used, limit=caller.limits.characters, until=month_ends())
    own = await services.usage.under_way(caller.id)
    return Usage(
        key=caller.id,
        name=caller.name,
        admin=caller.admin,
        characters=characters,
        documents=DocumentsUnderWay(under_way=own, limit=caller.limits.documents),
        requests_per_minute=caller.limits.requests,
    )
