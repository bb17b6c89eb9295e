"""What is known of a document besides its text. Clients import this, and no Kafka."""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any

from pipeline import languages
from pipeline.events import Splitting
from pipeline.headings import Headings
from pipeline.terms import Terms


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is known of a document besides its text. Its languages are in their normal form, however they were written."""

    id: str
    source: str = "de"
    target: str = "en"
    model: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    priority: str = "normal"
    urgent: int | None = None
    """With priority high: how many characters of its beginning go before others; None: all of it."""
    expected: int | None = None
    """How many bytes its sender says that it will have."""
    internal: dict[str, Any] = field(default_factory=dict)
    """What the API notes of it for itself; its sender neither sets nor sees it, and it is not on Kafka."""
    callback: str | None = None
    """Who is told over HTTP when it has come to its end."""
    candidates: list[str] = field(default_factory=list)
    """With `auto` as source: the languages to choose from where a text is too short to be certain."""
    terms: Terms = field(default_factory=lambda: Terms({}))
    """Terms of a glossary; each part takes those along that stand in it."""
    alternatives: int = 0
    """How many other translations of each sentence are wanted."""
    align: bool = False
    """Whether to say which words of the translations belong to which of their sources."""

    memory: bool | None = None
    """Whether sentences may come from the translation memory, and go into it; None: where it is switched on."""

    splitting: Splitting = "all"
    """What ends a sentence."""
    headings: Headings | None = None
    """Which texts of it are headings, where its file says so; told while its pieces arrive."""
    pins: dict[str, str] = field(default_factory=dict)
    """By source language: the models that were in use when it was taken in; all of it is translated by these."""

    def __post_init__(self) -> None:
        """Bring the languages into their normal form, which a part's revision depends on."""
        for name in ("source", "target"):
            object.__setattr__(self, name, languages.normal(getattr(self, name)))


def new_id() -> str:
    """Return 80 random bits in 16 characters that are easy to select with a double click."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()
