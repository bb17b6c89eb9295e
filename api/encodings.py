"""What a file is, told by its beginning: for senders that read it themselves, as the page does."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from api.bodies import read_whole
from api.problems import responses
from api.services import Served
from pipeline.encodings import browser_name, told

router = APIRouter(prefix="/v1/encodings", tags=["documents"])

_LIMIT = 128 * 1024


class Told(BaseModel):
    """An encoding."""

    encoding: str = Field(description="By its name in the Encoding Standard, as browsers have it.", examples=["utf-8"])


@router.post(
    "",
    openapi_extra={"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}},
    responses=responses(413, 415, 422),
)
async def tell_encoding(
    request: Request,
    services: Served,
    encoding: Annotated[str | None, Query(max_length=40, description="As stated by the sender, or `detect`.")] = None,
) -> Told:
    """Tell what a file that begins with these bytes (128 KiB at most) is read as; a file that is not text is refused."""
    del services  # Only those are told who may send documents.
    head = await read_whole(request, _LIMIT)
    return Told(encoding=browser_name(await asyncio.to_thread(told, head, encoding)))
