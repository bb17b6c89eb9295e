"""One request to somebody else's server."""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import time
from typing import Any

import httpx
import msgspec

from pipeline.errors import InputError
from pipeline.version import VERSION

_TIMEOUT = 10.0


class CallbackError(InputError):
    """A callback's address cannot be used."""


class CallbackSender:
    """Sends signed messages as Standard Webhooks describes them (https://www.standardwebhooks.com).

    Redirects are not followed. Addresses inside the network that the API runs in are refused unless `allow_private`: a
    sender could reach with them what only the API should reach. The address that was checked is the one that is used.
    """

    def __init__(self, secret: bytes, *, allow_private: bool) -> None:
        self._secret = secret
        self._allow_private = allow_private
        self._http = httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, trust_env=False)

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()

    async def check(self, url: str) -> tuple[httpx.URL, str]:
        """Return a URL and an address of its host. Raises `CallbackError` that says what is wrong with it."""
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise CallbackError(f"callback_url cannot be read: {error}") from None
        schemes = ("https", "http") if self._allow_private else ("https",)
        if parsed.scheme not in schemes or not parsed.host or parsed.userinfo:
            raise CallbackError("callback_url has to be an https address without a password in it")
        port = parsed.port or (443 if parsed.scheme == "https" else 80)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(parsed.host, port)
        except (OSError, UnicodeError):
            raise CallbackError(f"callback_url: the host {parsed.host} is not known") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not self._allow_private and not all(map(_is_public, addresses)):
            raise CallbackError(
                f"callback_url: {parsed.host} is an address inside a private network; "
                "whoever runs this API can allow such addresses with SATZSTROM_CALLBACK_PRIVATE=true"
            )
        return parsed, addresses[0]

    async def send(self, url: str, name: str, message: dict[str, Any]) -> str | None:
        """Send a message with an id that is the same for each attempt; return what went wrong, None if it was taken."""
        try:
            parsed, address = await self.check(url)
            body = msgspec.json.encode(message)
            async with self._http.stream(
                "POST",
                parsed.copy_with(host=address),
                content=body,
                headers={"Host": parsed.netloc.decode(), **self._signed(name, body)},
                extensions={"sni_hostname": parsed.host},
            ) as answer:
                return None if answer.is_success else f"{parsed.host} answered {answer.status_code}"
        except CallbackError as error:
            return str(error)
        except httpx.HTTPError as error:
            return f"{type(error).__name__}: {error}".rstrip(": ")

    def _signed(self, name: str, body: bytes) -> dict[str, str]:
        now = str(int(time.time()))
        digest = hmac.new(self._secret, f"{name}.{now}.".encode() + body, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json",
            "User-Agent": f"Satzstrom/{VERSION}",
            "webhook-id": name,
            "webhook-timestamp": now,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
        }


def _is_public(address: str) -> bool:
    """Whether an address, and the IPv4 address inside it if it is such a one, belongs to the open network."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None) or parsed
    return inner.is_global and parsed.is_global and not inner.is_multicast
