"""Trying a callback out, and the secrets that sign them."""

import time
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api.callbacks.secrets import CallbackSecrets, Secret
from api.callbacks.sending import CallbackError
from api.callers import Called, Caller
from api.fields import JSON, body_of, read_json
from api.problems import responses
from api.services import Served, Services

router = APIRouter(prefix="/v1/callbacks", tags=["documents"])


class CallbackTest(BaseModel):
    """Where a callback should go."""

    url: str = Field(max_length=2048, examples=["https://example.org/hooks/satzstrom"])


class CallbackOutcome(BaseModel):
    """What came of it."""

    taken: bool = Field(description="Whether the server answered with a status of 200 to 299.")
    error: str | None = Field(description="What went wrong; details of the network are told to admins only.")
    seconds: float | None = Field(description="How long it took; told to admins only.")


class CallbackSecret(BaseModel):
    """A secret that messages are signed with."""

    secret: str = Field(
        description="As libraries of Standard Webhooks take it.", examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    )
    until: datetime | None = Field(
        description="When messages are no longer signed with it; null for the one that stays."
    )

    @classmethod
    def of(cls, secret: Secret) -> "CallbackSecret":
        """Describe a secret."""
        return cls(secret=secret.written, until=secret.until)


class CallbackSecretList(BaseModel):
    """All secrets that messages to one sender are signed with now: the one that stays, then the one before."""

    items: list[CallbackSecret]


@router.post("/test", openapi_extra=body_of(CallbackTest, JSON), responses=responses(400, 413, 415, 422))
async def test_callback(request: Request, services: Served, caller: Called) -> CallbackOutcome:
    """Send a signed message of the type `test` to an address now, and tell whether it was taken."""
    body = await read_json(request, CallbackTest)
    secrets = await require(services).of(caller.id)
    await check_callback(services, caller, body.url)
    started = time.monotonic()
    message = {"type": "test", "timestamp": datetime.now(UTC).isoformat(), "data": None}
    name = f"test-{time.time_ns():x}"
    failure = await services.callbacks.send(body.url, name, message, [secret.value for secret in secrets])
    if not caller.admin:
        return CallbackOutcome(taken=failure is None, error=failure and failure.vague, seconds=None)
    seconds = round(time.monotonic() - started, 3)
    return CallbackOutcome(taken=failure is None, error=failure and failure.detail, seconds=seconds)


@router.get("/secrets", responses=responses(422))
async def list_secrets(services: Served, caller: Called) -> CallbackSecretList:
    """Tell the secrets that callbacks of this key's documents are signed with: one, or two for a day after a rotation."""
    return _listed(await require(services).of(caller.id))


@router.post("/secrets", responses=responses(422))
async def rotate_secret(services: Served, caller: Called) -> CallbackSecretList:
    """Give this key another secret. For a day messages are signed with the one before as well."""
    secrets = require(services)
    if caller.id is None:
        raise CallbackError(
            "no keys are asked for here, so all callbacks are signed with the secret of SATZSTROM_CALLBACK_SECRET_FILE; "
            "put the new one into its first line, keep the old one in the second for a while, and start the API again"
        )
    return _listed(await secrets.rotate(caller.id))


def _listed(secrets: list[Secret]) -> CallbackSecretList:
    return CallbackSecretList(items=[CallbackSecret.of(secret) for secret in secrets])


async def check_callback(services: Services, caller: Caller, url: str) -> None:
    """Raise `CallbackError` for an address that cannot be called, or where no callbacks are made."""
    require(services)
    try:
        await services.callbacks.check(url)
    except CallbackError as error:
        if caller.admin:
            raise
        raise CallbackError(error.vague) from None


def require(services: Services) -> CallbackSecrets:
    """Return what signs callbacks. Raises `CallbackError` where none are made."""
    if services.callback_secrets is None:
        raise CallbackError(
            "this API makes no callbacks; whoever runs it can name a file with a secret of 24 bytes or more in "
            "SATZSTROM_CALLBACK_SECRET_FILE"
        )
    return services.callback_secrets
