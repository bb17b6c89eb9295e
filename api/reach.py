"""How the API is reached: under which names, from which pages, and at which address as others see it."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import problem
from pipeline.errors import SetupError

_LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
_PROBES = ("/livez", "/readyz", "/health")
"""Asked by orchestrators under addresses of their own; they show nothing."""
TEXT_PATHS = frozenset({"/translate", "/detect", "/languages", "/health", "/frontend/settings"})
"""Answer from the request alone: they show no documents, and nothing stays of them."""
EXTENSION = re.compile(r"(?:moz|chrome|safari-web)-extension://[A-Za-z0-9.-]+")
"""Origin of a browser extension, which somebody installed and no page can pretend to be."""
_READING = ("GET", "HEAD", "OPTIONS")
_ANY = "*"


@dataclass(frozen=True, slots=True)
class Reach:
    """What was said about how the API is reached."""

    hosts: frozenset[str] = _LOCAL
    """Names under which it answers where no keys are asked for."""
    origins: frozenset[str] = frozenset()
    """Origins of other pages that may use it in a browser."""
    public_url: str = ""
    """Where others reach it; nothing: as the request says."""
    through_proxies: bool = False
    """Whether requests that came through a proxy are answered where no keys are asked for."""

    @classmethod
    def of(cls, *, hosts: str, origins: str, public_url: str, through_proxies: bool) -> "Reach":
        """Read what settings say; lists are separated by commas. Raises `SetupError`."""
        named = {name.strip("[]") for name in _listed(hosts)}
        wanted = frozenset(origin.rstrip("/") for origin in _listed(origins))
        for origin in wanted - {_ANY}:
            _check_url("SATZSTROM_CORS_ORIGINS", origin, path=False)
        if public_url:
            _check_url("SATZSTROM_PUBLIC_URL", public_url, path=True)
        return cls(
            hosts=_LOCAL | {f"[{name}]" if ":" in name else name for name in named},
            origins=wanted,
            public_url=public_url.rstrip("/"),
            through_proxies=through_proxies,
        )

    def check(self, *, keys_required: bool) -> None:
        """Raise `SetupError` where pages of everybody could use the API without a key."""
        if not keys_required and _ANY in self.origins:
            raise SetupError(
                "SATZSTROM_CORS_ORIGINS=* lets every page in a browser use the API, and no keys are asked for; name the "
                "origins, or set SATZSTROM_REQUIRE_KEYS=yes"
            )

    def refusal(self, method: str, path: str, headers: Headers) -> tuple[HTTPStatus, str, str, str] | None:
        """Return why a request without a key is not answered, as status, kind, title and detail; None if it is."""
        if path in _PROBES:
            return None
        if not self.through_proxies and (header := _proxy_header(headers)):
            return (
                HTTPStatus.FORBIDDEN,
                "keys-needed",
                "Not through a proxy without keys",
                (
                    f"the request came through a proxy ({header}), so others may reach this API, and no keys are asked for; "
                    "whoever runs it has to set SATZSTROM_REQUIRE_KEYS=yes (or =no, to let everybody in)"
                ),
            )
        host = headers.get("host", "")
        name = _name(host)
        if name not in self.hosts and _ANY not in self.hosts:
            return (
                HTTPStatus.MISDIRECTED_REQUEST,
                "unknown-host",
                "Not under this name",
                (
                    f"no keys are asked for, so this API answers only under {', '.join(sorted(self.hosts))}; whoever "
                    "runs it can name others in SATZSTROM_ALLOWED_HOSTS"
                ),
            )
        if method not in _READING and not self._lets_in(host, path, headers):
            return (
                HTTPStatus.FORBIDDEN,
                "foreign-page",
                "Not from another page",
                (
                    "no keys are asked for, so pages of other origins change nothing here; whoever runs this API can name "
                    "their origins in SATZSTROM_CORS_ORIGINS"
                ),
            )
        return None

    def _lets_in(self, host: str, path: str, headers: Headers) -> bool:
        """Whether a request comes from the API's own page, one that was allowed, or no page at all."""
        origin = headers.get("origin")
        if origin is not None:
            if path in TEXT_PATHS and EXTENSION.fullmatch(origin):
                return True
            return origin in self.origins or origin.partition("://")[2] == host
        return headers.get("sec-fetch-site", "none") in ("none", "same-origin")


class ReachGuard:
    """ASGI middleware for where no keys are asked for: without it every page that a browser shows could use the API.

    A page can send requests to any address, and where its own name leads to 127.0.0.1 also read the answers (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, reach: Reach) -> None:
        self._app = app
        self._reach = reach

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer with a problem."""
        if scope["type"] == "http":
            refusal = self._reach.refusal(scope["method"], scope["path"], Headers(scope=scope))
            if refusal is not None:
                # Its body is not read, so nothing else can come on this connection.
                await problem(*refusal, headers={"Connection": "close"})(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _name(host: str) -> str:
    """Return the name in a Host header, without its port."""
    end = host.rfind("]") + 1
    return host[: end + host[end:].find(":") if ":" in host[end:] else None].lower()


def _proxy_header(headers: Headers) -> str | None:
    known = ("forwarded", "via", "x-real-ip")
    return next((name for name in headers if name in known or name.startswith("x-forwarded-")), None)


def _listed(text: str) -> set[str]:
    return {entry.strip().lower() for entry in text.split(",") if entry.strip()}


def _check_url(variable: str, text: str, *, path: bool) -> None:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or (parts.path.strip("/") and not path):
        example = "https://translate.example.org"
        raise SetupError(f"{variable}: {text!r} is no address such as {example}")
