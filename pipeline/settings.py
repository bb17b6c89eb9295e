"""Settings that every service shares: environment variables with the prefix SATZSTROM_."""

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.errors import SetupError


class KafkaSettings(BaseSettings):
    """Where Kafka is and how to log in there; secrets are in files (`pipeline.kafka_security`)."""

    # An empty variable is one that is not set: compose files cannot leave one out.
    model_config = SettingsConfigDict(
        env_prefix="SATZSTROM_", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    kafka: str = Field("localhost:9092", description="Bootstrap servers, host:port, separated by commas.")
    kafka_security: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = Field(
        "plaintext", description="Whether to use TLS (ssl), a login (sasl), or both."
    )
    kafka_ca_file: Path | None = Field(
        None, description="Certificates to trust (PEM). Without: those that the machine trusts."
    )
    kafka_certificate_file: Path | None = Field(None, description="This client's own certificate (PEM).")
    kafka_key_file: Path | None = Field(None, description="Its key (PEM), if that is not in the same file.")
    kafka_key_password_file: Path | None = Field(None, description="File with the key's password, if it has one.")
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"] | None = Field(
        None, description="How to log in."
    )
    kafka_user: str | None = Field(None, description="User; with a token URL, the client's id.")
    kafka_password_file: Path | None = Field(
        None, description="File with the user's password; with a token URL, the client's secret."
    )
    kafka_token_file: Path | None = Field(None, description="File with a bearer token, read for each connection.")
    kafka_token_url: str | None = Field(
        None,
        repr=False,
        pattern=r"^https?://[^\s@]+$",
        description="Where to fetch bearer tokens (client credentials).",
    )
    kafka_token_scope: str | None = Field(None, description="Scope to ask for there.")
    kafka_sasl_extensions: str | None = Field(
        None, description="What goes beside a bearer token: name=value,name=value."
    )


class Settings(KafkaSettings):
    """`SATZSTROM_KAFKA` and so on. A service adds its own fields in a subclass."""

    topic_prefix: str = Field("", pattern=r"^[A-Za-z0-9._-]*$", description="Set before every topic and group name.")
    start_timeout: float = Field(60.0, gt=0, description="Seconds to wait for Kafka and MongoDB at start.")
    model_kept: float = Field(
        300.0, gt=0, description="Seconds for which sentences wait for a model that no translator runs any more."
    )
    memory: Literal["all", "person", "off"] = Field(
        "all",
        description="Which translations are used again for the same sentences: all; those that people made or corrected "
        "(person); none (off).",
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    log_format: Literal["text", "json"] = Field("text", description="One line an entry: for people, or as JSON.")
    metrics_host: str = Field("127.0.0.1", description="Address to answer /metrics and /livez on.")
    metrics_port: int = Field(0, ge=0, le=65535, description="Port of /metrics and /livez; 0: none.")


class StoreSettings(Settings):
    """Settings of the services that use MongoDB."""

    # It may hold a password: whatever has no `repr` is not shown when it is wrong, either.
    mongodb: str = Field(
        "mongodb://localhost:27017/?replicaSet=satzstrom", repr=False, description="Connection string."
    )
    mongodb_user: str = Field("", description="User, if MongoDB asks for one.")
    mongodb_password_file: Path | None = Field(None, description="File with the user's password.")
    search: bool = Field(True, description="Whether finished documents are made searchable by what they say.")
    database: str = Field("satzstrom", pattern=r"^[A-Za-z0-9_-]{1,38}$", description="Database in MongoDB.")


S = TypeVar("S", bound=BaseSettings)


def read_secret(path: Path, variable: str) -> str:
    """Return what a secret's file says, without white space around it. Raises `SetupError` that names the variable."""
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{variable}: cannot read {path} ({getattr(error, 'strerror', None) or error})") from None
    if not secret:
        raise SetupError(f"{variable}: {path} is empty")
    return secret


def load(kind: type[S]) -> S:
    """Read the settings from the environment.

    Raises `SetupError` that names the variable and what is wrong with it; what it is only if that is no secret.
    """
    try:
        return kind.model_validate({})
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = str(problem["loc"][0])
            shown = f" (it is {problem['input']!r})" if kind.model_fields[name].repr else ""
            lines.append(f"SATZSTROM_{name.upper()}: {problem['msg']}{shown}")
        raise SetupError("bad settings: " + "; ".join(lines)) from None
