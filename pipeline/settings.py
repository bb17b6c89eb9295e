"""Settings that every service shares: environment variables with the prefix SATZSTROM_."""

from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.errors import SetupError


class Settings(BaseSettings):
    """`SATZSTROM_KAFKA` and so on. A service adds its own fields in a subclass."""

    model_config = SettingsConfigDict(env_prefix="SATZSTROM_", extra="ignore")

    kafka: str = Field("localhost:9092", description="Bootstrap servers, host:port, separated by commas.")
    topic_prefix: str = Field("", pattern=r"^[A-Za-z0-9._-]*$", description="Set before every topic and group name.")
    start_timeout: float = Field(60.0, gt=0, description="Seconds to wait for Kafka and MongoDB at start.")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    metrics_host: str = Field("127.0.0.1", description="Address to answer /metrics and /livez on.")
    metrics_port: int = Field(0, ge=0, le=65535, description="Port of /metrics and /livez; 0: none.")


class StoreSettings(Settings):
    """Settings of the services that use MongoDB."""

    mongodb: str = Field("mongodb://localhost:27017/?replicaSet=satzstrom", description="Connection string.")
    mongodb_user: str = Field("", description="User, if MongoDB asks for one.")
    mongodb_password_file: Path | None = Field(None, description="File with the user's password.")
    search: bool = Field(True, description="Whether finished documents are made searchable by what they say.")
    database: str = Field("satzstrom", pattern=r"^[A-Za-z0-9_-]{1,38}$", description="Database in MongoDB.")


S = TypeVar("S", bound=Settings)


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

    Raises `SetupError` that names the variable and what is wrong with it.
    """
    try:
        return kind.model_validate({})
    except ValidationError as error:
        lines = [f"SATZSTROM_{str(e['loc'][0]).upper()}: {e['msg']} (it is {e['input']!r})" for e in error.errors()]
        raise SetupError("bad settings: " + "; ".join(lines)) from None
