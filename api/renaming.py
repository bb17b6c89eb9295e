"""Route that gives a document another name."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.documents import Known
from api.fields import read_json
from api.problems import NotFoundError, responses
from api.schemas.statuses import Status
from api.services import Served
from pipeline.naming import LONGEST_TITLE, visible

router = APIRouter(prefix="/v1/documents", tags=["documents"])


def _shown(title: str) -> str:
    shown = " ".join(visible(title).split())
    if title and not shown:
        raise ValueError("has no character that shows")
    return shown


class Renaming(BaseModel):
    """What is changed of a document."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"title": "Die Verwandlung"}]})

    title: Annotated[str, Field(max_length=LONGEST_TITLE), AfterValidator(_shown)] = Field(
        description="What it is called from now on; empty: again by its file, or by its first words."
    )


_BODY = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": Renaming.model_json_schema()}}},
}


@router.patch("/{document}", openapi_extra=_BODY, responses=responses(404, 413, 415, 422))
async def rename(request: Request, document: Known, services: Served) -> Status:
    """Rename a document, at any time; its translation and the names of downloads go by its name."""
    # Before the body is looked at: whose it is not, learns nothing.
    if await services.reader.state(services.owner, document) is None:
        raise NotFoundError(document)
    renaming = await read_json(request, Renaming)
    if not await services.lifecycle.rename(services.owner, document, renaming.title or None):
        raise NotFoundError(document)
    found = await services.reader.get(services.owner, document)
    if found is None:
        raise NotFoundError(document)
    return Status.of(found, datetime.now(UTC))
