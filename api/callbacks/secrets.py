"""Secrets that sign callbacks, in the form of Standard Webhooks: `whsec_` and base64."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import SetupError
from pipeline.settings import read_secret
from store.accounts.rotations import GRACE, Rotation, RotationStore

_PREFIX = "whsec_"
_VARIABLE = "SATZSTROM_CALLBACK_SECRET_FILE"
_LEAST = 24


@dataclass(frozen=True, slots=True)
class Secret:
    """One with which messages are signed."""

    value: bytes
    until: datetime | None = None
    """When messages are no longer signed with it; None for the one that stays."""

    @property
    def written(self) -> str:
        """As the libraries of Standard Webhooks take it."""
        return _PREFIX + base64.b64encode(self.value).decode()


class CallbackSecrets:
    """Each key of the API has a secret of its own; what belongs to no key is signed with the file's.

    Those of keys are made from the file's (HMAC-SHA256 over the key's id and a number), so the store holds none. A receiver
    that knows the secret of one key can forge no message about another key's documents.
    """

    def __init__(self, of_the_file: Sequence[bytes], rotations: RotationStore) -> None:
        """`of_the_file`: one or two, the first stays."""
        self._of_the_file = of_the_file
        self._rotations = rotations

    async def of(self, owner: str | None) -> list[Secret]:
        """Return the secrets that sign a key's messages now, the one that stays first. Raises `UnavailableError`."""
        if owner is None:
            return [Secret(value) for value in self._of_the_file]
        return self._made(owner, await self._rotations.get(owner))

    async def rotate(self, owner: str) -> list[Secret]:
        """Give a key another secret; the one before signs as well for a day. Raises `UnavailableError`."""
        return self._made(owner, await self._rotations.rotate(owner))

    def _made(self, owner: str, rotation: Rotation) -> list[Secret]:
        found = [Secret(_derived(value, owner, rotation.number)) for value in self._of_the_file]
        if rotation.rotated is not None and rotation.in_grace:
            until = rotation.rotated + GRACE
            found.extend(Secret(_derived(value, owner, rotation.number - 1), until) for value in self._of_the_file)
        return found


def _derived(secret: bytes, owner: str, number: int) -> bytes:
    return hmac.new(secret, f"callbacks\0{owner}\0{number}".encode(), hashlib.sha256).digest()


def read_callback_secrets(path: Path) -> list[bytes]:
    """Return the secrets in a file: one, or while it is being replaced two, the new one in the first line.

    A line that begins with `whsec_` is base64 behind it, as Standard Webhooks writes secrets; the bytes of another line are
    the secret themselves. Raises `SetupError`.
    """
    lines = [line.strip() for line in read_secret(path, _VARIABLE).splitlines() if line.strip()]
    if not 1 <= len(lines) <= 2:
        raise SetupError(
            f"{_VARIABLE}: {path} has {len(lines)} lines; one secret is wanted, or two while it is replaced"
        )
    return [_read(line) for line in lines]


def _read(line: str) -> bytes:
    try:
        secret = base64.b64decode(line[len(_PREFIX) :], validate=True) if line.startswith(_PREFIX) else line.encode()
    except binascii.Error as error:
        raise SetupError(f"{_VARIABLE}: what follows {_PREFIX} is not base64 ({error})") from None
    if len(secret) < _LEAST:
        raise SetupError(f"{_VARIABLE}: the secret has {len(secret)} bytes; {_LEAST} are the least that is safe")
    return secret


def signed(name: str, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """Return the headers that sign a message now, with each of the secrets."""
    now = str(int(time.time()))
    content = f"{name}.{now}.".encode() + body
    digests = [base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode() for secret in secrets]
    return {
        "webhook-id": name,
        "webhook-timestamp": now,
        "webhook-signature": " ".join(f"v1,{digest}" for digest in digests),
    }
