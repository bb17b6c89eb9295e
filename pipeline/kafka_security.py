"""How clients of Kafka prove who they are, and whom they trust: TLS and SASL from settings."""

import asyncio
import json
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import KafkaConnectionError

from pipeline.errors import SetupError
from pipeline.settings import KafkaSettings, read_secret

# Seconds for an answer of the token endpoint, and before a token's end at which it is asked for another.
_TOKEN_TIMEOUT = 10.0
_TOKEN_MARGIN = 30.0

_TLS = ("ca_file", "certificate_file", "key_file", "key_password_file")
_NAMED = ("user", "password_file")
_TOKENS = ("token_file", "token_url", "token_scope", "sasl_extensions")


@dataclass(frozen=True, slots=True)
class KafkaSecurity:
    """What every client of Kafka is made with; nothing secret is in its `repr`."""

    protocol: str = "PLAINTEXT"
    context: ssl.SSLContext | None = field(default=None, repr=False)
    mechanism: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tokens: AbstractTokenProvider | None = field(default=None, repr=False)

    def options(self) -> dict[str, Any]:
        """Return the arguments of an aiokafka client."""
        options: dict[str, Any] = {"security_protocol": self.protocol, "ssl_context": self.context}
        if self.mechanism is not None:
            options |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.user,
                "sasl_plain_password": self.password,
                "sasl_oauth_token_provider": self.tokens,
            }
        return options

    @classmethod
    def of(cls, settings: KafkaSettings) -> "KafkaSecurity":
        """Return what the settings ask for. Raises `SetupError` that names the variable which is wrong or lacking."""
        with_tls = settings.kafka_security in ("ssl", "sasl_ssl")
        if not with_tls:
            _refuse(settings, _TLS, "ssl or sasl_ssl")
        context = _tls_context(settings) if with_tls else None
        protocol = settings.kafka_security.upper()
        if settings.kafka_security in ("plaintext", "ssl"):
            _refuse(settings, ("sasl_mechanism", *_NAMED, *_TOKENS), "sasl_ssl")
            return cls(protocol, context)
        mechanism = settings.kafka_sasl_mechanism
        if mechanism is None:
            raise SetupError(
                f"SATZSTROM_KAFKA_SECURITY is {settings.kafka_security}; "
                "say how to log in with SATZSTROM_KAFKA_SASL_MECHANISM"
            )
        if mechanism == "OAUTHBEARER":
            return cls(protocol, context, mechanism, tokens=_tokens(settings))
        for name in _TOKENS:
            if getattr(settings, f"kafka_{name}") is not None:
                raise SetupError(f"{_variable(name)} is for OAUTHBEARER; SATZSTROM_KAFKA_SASL_MECHANISM is {mechanism}")
        user, password = _named(settings, f"SATZSTROM_KAFKA_SASL_MECHANISM is {mechanism}")
        return cls(protocol, context, mechanism, user, password)


def _variable(name: str) -> str:
    return f"SATZSTROM_KAFKA_{name.upper()}"


def _refuse(settings: KafkaSettings, names: tuple[str, ...], needed: str) -> None:
    """Raise for a setting that would do nothing: who sets it believes that the connection is safer than it is."""
    for name in names:
        if getattr(settings, f"kafka_{name}") is not None:
            raise SetupError(
                f"{_variable(name)} is set, but SATZSTROM_KAFKA_SECURITY is {settings.kafka_security}; "
                f"set that to {needed}, or leave {_variable(name)} out"
            )


def _named(settings: KafkaSettings, why: str) -> tuple[str, str]:
    for name in _NAMED:
        if getattr(settings, f"kafka_{name}") is None:
            raise SetupError(f"{why}; set {_variable(name)}, too")
    assert settings.kafka_user is not None
    assert settings.kafka_password_file is not None
    return settings.kafka_user, read_secret(settings.kafka_password_file, _variable("password_file"))


def _tls_context(settings: KafkaSettings) -> ssl.SSLContext:
    authority = settings.kafka_ca_file
    try:
        # Without a file: the certificates that this machine trusts.
        context = ssl.create_default_context(cafile=authority)
    except OSError as error:
        raise SetupError(
            f"{_variable('ca_file')}: cannot read certificates from {authority} ({_short(error)})"
        ) from None
    certificate, key = settings.kafka_certificate_file, settings.kafka_key_file
    if certificate is None:
        for name in ("key_file", "key_password_file"):
            if getattr(settings, f"kafka_{name}") is not None:
                raise SetupError(f"{_variable(name)} is set; set {_variable('certificate_file')}, too")
        return context

    def password() -> str:
        if settings.kafka_key_password_file is None:
            raise SetupError(f"the key of {certificate} has a password; set {_variable('key_password_file')}")
        return read_secret(settings.kafka_key_password_file, _variable("key_password_file"))

    try:
        context.load_cert_chain(certificate, key, password)
    except OSError as error:
        files = f"{certificate} and {key}" if key is not None else f"{certificate}, which should hold the key as well"
        names = ", ".join(_variable(name) for name in _TLS[1:])
        raise SetupError(f"cannot use {files} as client certificate ({_short(error)}); see {names}") from None
    return context


def _short(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _tokens(settings: KafkaSettings) -> AbstractTokenProvider:
    extensions = _extensions(settings.kafka_sasl_extensions)
    if (settings.kafka_token_file is None) == (settings.kafka_token_url is None):
        raise SetupError(
            "SATZSTROM_KAFKA_SASL_MECHANISM is OAUTHBEARER; "
            f"set either {_variable('token_file')} or {_variable('token_url')}"
        )
    if settings.kafka_token_url is not None:
        user, password = _named(settings, f"{_variable('token_url')} is set")
        return EndpointTokens(settings.kafka_token_url, user, password, settings.kafka_token_scope, extensions)
    for name in (*_NAMED, "token_scope"):
        if getattr(settings, f"kafka_{name}") is not None:
            raise SetupError(f"{_variable(name)} is for {_variable('token_url')}; leave it out")
    assert settings.kafka_token_file is not None
    read_secret(settings.kafka_token_file, _variable("token_file"))
    return FileTokens(settings.kafka_token_file, extensions)


def _extensions(text: str | None) -> dict[str, str]:
    if text is None:
        return {}
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(name.strip().isalpha() and value.strip() for name, _, value in pairs):
        raise SetupError(f"{_variable('sasl_extensions')}: not of the form name=value,name=value")
    return {name.strip(): value.strip() for name, _, value in pairs}


class _Tokens(AbstractTokenProvider):  # type: ignore[misc]  # aiokafka has no types
    def __init__(self, extensions: dict[str, str]) -> None:
        self._extensions = extensions

    def extensions(self) -> dict[str, str]:
        """Return what goes to the broker beside the token; some managed Kafkas ask for it."""
        return self._extensions


class FileTokens(_Tokens):
    """A token that somebody else writes into a file and renews there; read for each connection."""

    def __init__(self, path: Path, extensions: dict[str, str]) -> None:
        super().__init__(extensions)
        self._path = path

    async def token(self) -> str:
        """Return the token. Raises aiokafka's `KafkaConnectionError` while the file cannot be read."""
        try:
            return await asyncio.to_thread(read_secret, self._path, _variable("token_file"))
        except SetupError as error:
            raise KafkaConnectionError(str(error)) from None


class EndpointTokens(_Tokens):
    """Tokens that are fetched with a client's id and secret (OAuth 2.0, client credentials), and kept until they end."""

    def __init__(self, url: str, client: str, secret: str, scope: str | None, extensions: dict[str, str]) -> None:
        super().__init__(extensions)
        self._url = url
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
        self._form = urllib.parse.urlencode(form | ({"scope": scope} if scope else {})).encode()
        self._token = ""
        self._until = 0.0

    async def token(self) -> str:
        """Return a token that is valid for some time. Raises aiokafka's `KafkaConnectionError` while none is given."""
        if time.monotonic() >= self._until:
            await asyncio.to_thread(self._fetch)
        return self._token

    def _fetch(self) -> None:
        # The scheme was checked with the settings.
        request = urllib.request.Request(self._url, self._form, {"Accept": "application/json"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=_TOKEN_TIMEOUT) as answer:  # noqa: S310
                fields = json.load(answer)
            token, seconds = str(fields["access_token"]), float(fields.get("expires_in", 0))
        except urllib.error.HTTPError as error:
            with error:
                raise KafkaConnectionError(f"{self._url} gives no token: {error.code} {error.reason}") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            # Not the text of the error, which may hold parts of the answer.
            raise KafkaConnectionError(f"{self._url} gives no token ({type(error).__name__})") from None
        self._token = token
        self._until = time.monotonic() + seconds - _TOKEN_MARGIN
