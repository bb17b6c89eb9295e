"""Trying a callback out."""

import time
from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callbacks.sending import CallbackError, CallbackSender
from api.problems import responses
from api.services import Served

router = APIRouter(prefix="/v1/callbacks", tags=["documents"])


class CallbackTest(BaseModel):
    """Where a callback should go."""

    url: str = Field(max_length=2048, examples=["https://example.org/hooks/satzstrom"])


class CallbackOutcome(BaseModel):
    """What came of it."""

    taken: bool = Field(description="Whether the server answered with a status of 200 to 299.")
    error: str | None = Field(description="What went wrong.")
    seconds: float


@router.post("/test", responses=responses(400, 422))
async def test_callback(body: CallbackTest, services: Served) -> CallbackOutcome:
    """Send a signed message of the type `test` to an address now, and tell what came of it."""
    sender = require(services.callbacks)
    await sender.check(body.url)
    started = time.monotonic()
    message = {"type": "test", "timestamp": datetime.now(UTC).isoformat(), "data": None}
    error = await sender.send(body.url, f"test-{time.time_ns():x}", message)
    return CallbackOutcome(taken=error is None, error=error, seconds=round(time.monotonic() - started, 3))


def require(sender: CallbackSender | None) -> CallbackSender:
    """Return what sends callbacks. Raises `CallbackError` where none are sent."""
    if sender is None:
        raise CallbackError(
            "this API makes no callbacks; whoever runs it can name a file with a secret of 24 bytes or more in "
            "SATZSTROM_CALLBACK_SECRET_FILE"
        )
    return sender
