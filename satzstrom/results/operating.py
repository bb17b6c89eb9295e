"""The pipeline itself: what it translates, what it could not use, what a key may use."""

from datetime import datetime
from typing import Literal

import msgspec

TextGoes = Literal["machine", "network", "outside"]
"""How far texts go to be translated: the translator's own machine, a server in its network, or outside of that."""


class Pair(msgspec.Struct, frozen=True):
    """Languages that can be translated, and by which models; `pivot`: by way of which language, if not directly."""

    source: str
    target: str
    models: list[str]
    pivot: str | None
    text_goes: TextGoes


class Pairs(msgspec.Struct, frozen=True):
    """What can be translated."""

    pairs: list[Pair]


class Format(msgspec.Struct, frozen=True):
    """A kind of file; the first of its suffixes, types and outputs is the usual one."""

    name: str
    about: str
    suffixes: list[str]
    media_types: list[str]
    text: bool
    """Whether it is sent on as it is, and may be sent in parts."""
    outputs: list[str]
    saved_from: list[str]
    """Suffixes of files that are not translated and can be saved as this kind."""


class Formats(msgspec.Struct, frozen=True):
    """All kinds of files that are translated."""

    formats: list[Format]


class Characters(msgspec.Struct, frozen=True):
    """Characters of source text in this calendar month; `limit` None: no limit."""

    used: int
    limit: int | None
    until: datetime


class DocumentsUnderWay(msgspec.Struct, frozen=True):
    """Documents that are arriving or being translated; `limit` None: no limit."""

    under_way: int
    limit: int | None


class Usage(msgspec.Struct, frozen=True):
    """What a key has used and may use; `characters` is None where no keys are asked for."""

    key: str | None
    name: str
    admin: bool
    characters: Characters | None
    documents: DocumentsUnderWay
    requests_per_minute: int | None


class DeadLetter(msgspec.Struct, frozen=True):
    """A record that could not be used, and why; `value` is there when one is asked for."""

    id: str
    at: datetime
    service: str
    stage: str
    reason: str
    message: str
    document: str | None
    topic: str
    replayed: datetime | None
    value: str | None = None
    value_base64: str = ""


class DeadLetterPage(msgspec.Struct, frozen=True):
    """Dead letters, and where the next page begins."""

    items: list[DeadLetter]
    next: str | None


class CallbackSecret(msgspec.Struct, frozen=True):
    """A secret that callbacks are signed with, as Standard Webhooks writes it; `until` when that ends, if it does."""

    secret: str
    until: datetime | None


class CallbackSecretList(msgspec.Struct, frozen=True):
    """The one that stays, and for a while the one before."""

    items: list[CallbackSecret]
