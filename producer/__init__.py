"""The front door: documents are cut into parts and sent; clients for the API; the command line.

`from producer import Client, AsyncClient`. They are imported when they are asked for, because services import this package
that have no HTTP library.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from producer.asynchronous import AsyncClient
    from producer.client import Client

__all__ = ["AsyncClient", "Client"]


def __getattr__(name: str) -> Any:
    if name == "Client":
        from producer.client import Client

        return Client
    if name == "AsyncClient":
        from producer.asynchronous import AsyncClient

        return AsyncClient
    raise AttributeError(f"module 'producer' has no attribute {name!r}")
