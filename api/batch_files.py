"""Route for batches whose files are sent one by one, as documents, so that each can go on where it broke off."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.batches import MOST_FILES
from api.fields import JSON, body_of, read_json
from api.problems import NotFoundError, ReservedError, responses
from api.schemas.names import BatchId
from api.services import Served
from api.submitting import is_keyed
from store.documents.batches import BatchFile, Refusal

router = APIRouter(prefix="/v1/batches", tags=["batches"])

_TYPE = "urn:satzstrom:problem:"


class SentFile(BaseModel):
    """What became of a file."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"filename": "first.txt"}]})

    filename: str = Field(max_length=255, examples=["first.txt"])
    type: str | None = Field(
        None,
        pattern=rf"^{_TYPE}[a-z][a-z-]{{0,39}}$",
        description="Kind of the problem for which it was not taken, as its answer said; absent: it was taken.",
        examples=["urn:satzstrom:problem:encoding"],
    )
    detail: str = Field("", max_length=4096, description="What the problem is.")


@router.put(
    "/{batch}/files/{position}",
    status_code=204,
    openapi_extra=body_of(SentFile, JSON),
    responses=responses(404, 409, 413, 415, 422),
)
async def put_batch_file(
    request: Request,
    services: Served,
    batch: Annotated[BatchId, Path()],
    position: Annotated[int, Path(ge=0, lt=MOST_FILES, description="Counts from 0.")],
    last: Annotated[bool, Query(description="Whether all files of the batch have come with it.")] = False,
) -> None:
    """Count a document that was sent by itself among a batch's, or say why a file became none.

    The document has to be called `<batch>.<position>`. The first file begins the batch; each may be said again.
    """
    sent = await read_json(request, SentFile)
    document = f"{batch}.{position}"
    if is_keyed(batch) and await services.batches.get(services.owner, batch) is None:
        raise ReservedError(batch)
    if sent.type is None and await services.reader.state(services.owner, document) is None:
        raise NotFoundError(document)
    refusal = Refusal(sent.filename, sent.type.removeprefix(_TYPE), sent.detail) if sent.type else None
    await services.batches.begin(services.owner, batch)
    await services.batches.add(services.owner, batch, BatchFile(position, document, refusal))
    if last:
        await services.batches.complete(services.owner, batch)
