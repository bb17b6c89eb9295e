"""How the API is doing, as JSON."""

from typing import Literal

from pydantic import BaseModel, Field


class Health(BaseModel):
    """The process answers."""

    status: Literal["alive", "ready"]


class Readiness(Health):
    """Documents can be submitted and read; those that wait for a translator have to wait while none is warm."""

    translators: int = Field(description="How many translators are warm.", examples=[2])
    models: list[str] = Field(examples=[["de-en-tiny@1"]])
