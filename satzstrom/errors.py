"""What the clients raise.

SatzstromError
├── RefusedError        the API says no; the message says what to do
└── UnavailableError    no answer comes; trying again later can help
"""

from collections.abc import Sequence


class SatzstromError(Exception):
    """Root of all errors that the clients raise on purpose."""


class RefusedError(SatzstromError):
    """The API refused a request; `kind` is for programs (`not-found`), the message for people."""

    def __init__(
        self,
        kind: str,
        status: int,
        detail: str,
        *,
        fields: Sequence[tuple[str, str]] = (),
        request: str | None = None,
    ) -> None:
        """`status`: of HTTP; `fields`: which of the request are wrong, and why; `request`: its id, as in the API's log."""
        super().__init__(detail)
        self.kind = kind
        self.status = status
        self.fields = fields
        self.request = request


class UnavailableError(SatzstromError):
    """The API does not answer for now, or breaks off."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"the API at {address} does not answer ({reason})")
        self.address = address
