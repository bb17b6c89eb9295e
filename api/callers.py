"""Who makes a request."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from pipeline.lanes import URGENT_CHARACTERS
from store.accounts.keys import Limits
from store.ownership import EVERYBODY, Ownership


class UnauthorizedError(Exception):
    """A key is missing, unknown, or revoked."""

    def __init__(self, where: str = "the header 'Authorization: Bearer KEY'") -> None:
        """`where`: the place in which the key is looked for."""
        super().__init__(f"send a key in {where}")


class ForbiddenError(Exception):
    """The key is good, but not for this."""

    def __init__(self) -> None:
        super().__init__(
            "this needs an admin key; those who run the pipeline make one with: satzstrom keys create --admin"
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a key; where no keys are asked for, `ANYBODY`."""

    id: str | None = None
    """The key's id, which stands on the documents that it submits; None only for `ANYBODY`."""
    name: str = ""
    admin: bool = False
    """Whether it sees the documents of all, and dead letters."""
    limits: Limits = field(default_factory=Limits)

    @property
    def ownership(self) -> Ownership:
        """What of the store is there for it."""
        return EVERYBODY if self.id is None else Ownership(self.id, everything=self.admin)


ANYBODY = Caller(admin=True)
"""Where no keys are asked for: everything is there for everybody, and nothing is counted."""
NOBODY = Caller(id="nobody")
"""Asks for what needs no key, and sees no documents."""


# FastAPI runs what is not `async` in a thread, which costs more than it does.
async def caller_of(request: Request) -> Caller:
    """Return who makes this request, as `api.keys` found out. Raises `UnauthorizedError` if nobody did."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        raise UnauthorizedError
    return caller


Called = Annotated[Caller, Depends(caller_of)]
"""Argument of a route that needs to know who asks."""


async def _only_admin(caller: Called) -> None:
    if not caller.admin:
        raise ForbiddenError


ADMIN_ONLY = Depends(_only_admin)
"""Dependency of routes that show what belongs to no key."""


def urgent_for(caller: Caller) -> int | None:
    """Return how many characters of a document with priority high go before others: of an admin all of them."""
    return None if caller.admin else URGENT_CHARACTERS
