"""Routes for those who want to see a document grow."""

import hashlib
import time
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import StreamingResponse

from api.callers import Called, UnauthorizedError
from api.live.events import END, Place
from api.live.statuses import FRESH_FOR
from api.live.stream import ENDS
from api.problems import NotFoundError, responses
from api.schemas.statuses import Status
from api.services import Served, Services

router = APIRouter(prefix="/v1/documents", tags=["documents"])

_EVENT = {
    "type": "object",
    "properties": {
        "event": {"enum": ["sentence", "progress", "state"]},
        "data": {"type": "string", "description": "JSON: a sentence's translation, or the document's status."},
        "id": {"type": "string"},
    },
    "required": ["event", "data"],
}
_EVENT_ID = rf"^((\d{{1,6}}-)?\d{{1,15}}|{END})$"
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `sentence` (a sentence's translation), `progress` and `state` (the status).",
        "content": {"text/event-stream": {"schema": _EVENT, "example": "event: sentence\ndata: {…}\nid: 3-7\n\n"}},
    },
    204: {"description": "The document has come to its end, and its last event was received."},
}


@router.get("/{document}/events", response_class=StreamingResponse, responses={**_STREAM, **responses(404, 422)})
async def events(
    document: Annotated[str, Path(description="The document's id.", examples=["kafka-verwandlung"])],
    services: Served,
    caller: Called,
    stored: Annotated[bool, Query(description="Whether to begin with the sentences that are there already.")] = True,
    last_event_id: Annotated[
        str | None,
        Header(pattern=_EVENT_ID, description="Id of the last event that was received."),
    ] = None,
) -> Response:
    """Give a document's sentences as they are made (server-sent events).

    First those that are there, then each new one, and how far the document is, until it is done or cancelled. One whose
    upload broke off has a `state` when all that came of it is translated for a while; its stream goes on in case more comes.
    Whoever comes back with `Last-Event-ID` misses nothing; a sentence may come twice.
    """
    if await services.reader.state(services.owner, document) is None:
        raise NotFoundError(document)
    if last_event_id == END:
        return Response(status_code=204)
    services.guards.check(caller)
    stream = services.live.events(document, Place.read(last_event_id) if last_event_id else None, stored=stored)
    return StreamingResponse(
        services.guards.guarded(caller, stream),
        media_type="text/event-stream",
        # For proxies that would collect events before they pass them on.
        headers={"X-Accel-Buffering": "no"},
    )


_EDITS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events: `sentence` (a sentence as it is now).",
        "content": {"text/event-stream": {"schema": _EVENT, "example": "event: sentence\ndata: {…}\nid: 7\n\n"}},
    }
}


@router.get("/{document}/edits", response_class=StreamingResponse, responses={**_EDITS, **responses(404, 422)})
async def edits(
    document: Annotated[str, Path(description="The document's id.", examples=["kafka-verwandlung"])],
    services: Served,
    caller: Called,
    since: Annotated[
        int, Query(ge=0, description="Which edit is known: `edits` of the document's status; 0 for none.")
    ] = 0,
    last_event_id: Annotated[
        str | None, Header(pattern=r"^\d{1,15}$", description="Id of the last event that was received.")
    ] = None,
) -> Response:
    """Give sentences as people change them (server-sent events), for as long as the document is there.

    Each is given as it is then. Whoever comes back with `Last-Event-ID` misses nothing.
    """
    if await services.reader.state(services.owner, document) is None:
        raise NotFoundError(document)
    services.guards.check(caller)
    stream = services.edits.events(document, int(last_event_id) if last_event_id else since)
    return StreamingResponse(
        services.guards.guarded(caller, stream), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


@router.get(
    "/{document}",
    response_model=Status,
    responses={304: {"description": "Nothing has changed."}, **responses(404, 422)},
)
async def status(
    document: Annotated[str, Path(description="The document's id.", examples=["kafka-verwandlung"])],
    services: Served,
    caller: Called,
    wait: Annotated[
        float,
        Query(
            ge=0,
            le=60,
            description="Answer when the document has come to its end, with If-None-Match when anything has changed, but no "
            "later than after so many seconds.",
        ),
    ] = 0,
    if_none_match: Annotated[str | None, Header(description="The ETag of the last answer.")] = None,
) -> Response:
    """Tell how far a document is; with `wait` as soon as there is something to tell."""
    deadline = time.monotonic() + wait
    if wait and if_none_match is None:
        # Nobody asks for what it is now.
        await services.completions.heard(services.owner, document, wait)
    found = await _now(services, document)
    while True:
        if found is None:
            raise NotFoundError(document)
        tag = _tag(found)
        changed = if_none_match is not None and tag not in if_none_match
        left = deadline - time.monotonic()
        if changed or found.state in ENDS or left <= 0:
            break
        # Of a change in between nobody is told; of the end at once.
        state = await services.completions.wait(document, min(left, left if if_none_match is None else FRESH_FOR))
        # What all callers share may be of before the end.
        found = await (_now(services, document) if state in ENDS else services.statuses.get(document))
    if wait and not await services.keys.holds(caller):
        raise UnauthorizedError
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if found.state not in ENDS:
        headers["Retry-After"] = "1"
    if if_none_match is not None and not changed:
        return Response(status_code=304, headers=headers)
    return Response(found.model_dump_json(), headers=headers, media_type="application/json")


async def _now(services: Services, document: str) -> Status | None:
    found = await services.reader.get(services.owner, document)
    return Status.of(found, datetime.now(UTC)) if found else None


def _tag(status: Status) -> str:
    """Return what identifies a status; an estimate that only grows older changes nothing."""
    content = status.model_dump_json(exclude={"eta_seconds"})
    return f'"{hashlib.blake2b(content.encode(), digest_size=12).hexdigest()}"'
