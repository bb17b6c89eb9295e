"""Settings that every service shares: environment variables with the prefix SATZSTROM_."""

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


class StoreSettings(Settings):
    """Settings of the services that use MongoDB."""

    mongodb: str = Field("mongodb://localhost:27017/?replicaSet=satzstrom", description="Connection string.")
    database: str = Field("satzstrom", pattern=r"^[A-Za-z0-9_-]{1,38}$", description="Database in MongoDB.")


S = TypeVar("S", bound=Settings)


def load(kind: type[S]) -> S:
    """Read the settings from the environment.

    Raises `SetupError` that names the variable and what is wrong with it.
    """
    try:
        return kind.model_validate({})
    except ValidationError as error:
        lines = [f"SATZSTROM_{str(e['loc'][0]).upper()}: {e['msg']} (it is {e['input']!r})" for e in error.errors()]
        raise SetupError("bad settings: " + "; ".join(lines)) from None
