"""Clients of Satzstrom's API: `Client`, and `AsyncClient` for programs on asyncio."""

from satzstrom.asynchronous import AsyncClient
from satzstrom.client import Client
from satzstrom.errors import RefusedError, SatzstromError, UnavailableError
from satzstrom.version import VERSION

__version__ = VERSION
__all__ = ["AsyncClient", "Client", "RefusedError", "SatzstromError", "UnavailableError", "__version__"]
