"""One request to somebody else's server."""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from socket import SOCK_STREAM, getaddrinfo
from typing import Any

import httpx
import msgspec

from api.callbacks.addresses import is_public
from api.callbacks.secrets import signed
from pipeline.errors import InputError
from pipeline.version import VERSION

logger = logging.getLogger(__name__)

_DEADLINE = 15.0
"""Seconds for a whole attempt, from looking up the name to the last header of the answer."""
_LOOKUP = 5.0
_LOOKUPS = 64


class CallbackError(InputError):
    """A callback's address cannot be used.

    `vague` says the same of every address that is not on the open network, and of every name that is not known: those who do
    not run the API are told no more, because they could find out with it what is inside.
    """

    def __init__(self, message: str, *, vague: str | None = None) -> None:
        super().__init__(message)
        self.vague = vague or message


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not taken."""

    detail: str
    """For those who run the API."""
    vague: str
    """For senders: no names, ports or errors of the network inside can be told apart by it."""


_VAGUE = "the address did not take the message"
_NOT_OPEN = "callback_url has to name a host of the open network"


class CallbackSender:
    """Sends signed messages as Standard Webhooks describes them (https://www.standardwebhooks.com).

    Redirects are not followed. Addresses inside the network that the API runs in are refused unless `allow_private`: a
    sender could reach with them what only the API should reach. The address that was checked is the one that is used.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        # No connection is kept, because one is known by its address only: the next message to the same address may be for
        # another name, which its certificate was not checked for. Cookies of receivers would be kept for ever.
        self._http = httpx.AsyncClient(
            timeout=_DEADLINE,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        # Of its own: names that are looked up slowly would keep the threads that others wait for.
        self._lookups = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="look-up")

    async def close(self) -> None:
        """Close connections."""
        await self._http.aclose()
        self._lookups.shutdown(wait=False, cancel_futures=True)

    async def check(self, url: str) -> tuple[httpx.URL, str]:
        """Return a URL and an address of its host. Raises `CallbackError` that says what is wrong with it."""
        try:
            parsed = httpx.URL(url)
            host, port = parsed.host, parsed.port
        # Names that are none in IDNA are a ValueError, and only when they are asked for.
        except (httpx.InvalidURL, ValueError) as error:
            raise CallbackError(f"callback_url cannot be read: {error}") from None
        schemes = ("https", "http") if self._allow_private else ("https",)
        if parsed.scheme not in schemes or not host or parsed.userinfo:
            raise CallbackError("callback_url has to be an https address without a password in it")
        if port is None:
            port = 443 if parsed.scheme == "https" else 80
        if not 0 < port < 65536:
            raise CallbackError("callback_url: a port is a number from 1 to 65535")
        addresses = await self._look_up(host, port)
        if not self._allow_private and not all(map(is_public, addresses)):
            raise CallbackError(
                f"callback_url: {host} is an address inside a private network; "
                "whoever runs this API can allow such addresses with SATZSTROM_CALLBACK_PRIVATE=true",
                vague=_NOT_OPEN,
            )
        return parsed, addresses[0]

    async def _look_up(self, host: str, port: int) -> list[str]:
        try:
            async with asyncio.timeout(_LOOKUP):
                found = await asyncio.get_running_loop().run_in_executor(
                    self._lookups, lambda: getaddrinfo(host, port, type=SOCK_STREAM)
                )
        except (OSError, ValueError):
            raise CallbackError(f"callback_url: the host {host} is not known", vague=_NOT_OPEN) from None
        return [str(entry[4][0]) for entry in found]

    async def send(self, url: str, name: str, message: dict[str, Any], secrets: Sequence[bytes]) -> Failure | None:
        """Send a message with an id that is the same for each attempt, signed with each of the secrets.

        Returns why it was not taken, None if it was. Raises nothing, and takes no longer than 15 seconds: whatever an
        address does with its sender is one attempt that failed.
        """
        try:
            async with asyncio.timeout(_DEADLINE):
                return await self._exchange(url, name, msgspec.json.encode(message), secrets)
        except CallbackError as error:
            return Failure(str(error), error.vague)
        except TimeoutError:
            return Failure(f"no answer within {_DEADLINE:g} s", _VAGUE)
        except httpx.HTTPError as error:
            return Failure(f"{type(error).__name__}: {error}".rstrip(": "), _VAGUE)
        # Below httpx lie several libraries with errors of their own, and any of them may be the address's doing.
        except Exception as error:
            logger.exception("a callback failed in a way that is not known")
            return Failure(f"{type(error).__name__}: {error}".rstrip(": "), _VAGUE)

    async def _exchange(self, url: str, name: str, body: bytes, secrets: Sequence[bytes]) -> Failure | None:
        parsed, address = await self.check(url)
        headers = {
            "Host": parsed.netloc.decode(),
            "Content-Type": "application/json",
            "User-Agent": f"Satzstrom/{VERSION}",
            **signed(name, body, secrets),
        }
        async with self._http.stream(
            "POST",
            parsed.copy_with(host=address),
            content=body,
            headers=headers,
            extensions={"sni_hostname": parsed.host},
        ) as answer:
            if answer.is_success:
                return None
        said = f"{parsed.host} answered {answer.status_code}"
        # What a server of the open network answers, everybody can ask it.
        return Failure(said, said if is_public(address) else _VAGUE)
