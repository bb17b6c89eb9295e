"""Settings of the engine `openai`."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from pipeline.errors import SetupError
from pipeline.events import OfferedModel
from pipeline.settings import Settings, read_secret
from translator.models.routes import parse_pair

_NAME_LIMIT = 64
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]++")


class LanguageModelSettings(Settings):
    """`SATZSTROM_OPENAI_URL` and so on; all of them only matter with the engine `openai`."""

    openai_url: str = Field(
        "",
        # An address with a password in it would be shown in logs.
        pattern=r"^$|^https?://[^\s@/?#]+(/[^\s@?#]*)?$",
        description="Address of the server, as its clients are told it: http://127.0.0.1:11434/v1.",
    )
    openai_model: str = Field("", max_length=200, description="Name of the model, as the server has it.")
    openai_revision: str = Field(
        "",
        pattern=r"^[A-Za-z0-9._-]{0,64}$",
        description="Revision that translations say beside the model; without: told by name, prompt and temperature.",
    )
    openai_key: str = Field("", repr=False, description="Key of the server; better in a file.")
    openai_key_file: Path | None = Field(None, description="File with the key of the server.")
    openai_ca_file: Path | None = Field(None, description="Certificates to trust (PEM), instead of the usual ones.")
    openai_pairs: str = Field("de-en", description="Pairs of languages to offer, separated by commas: de-en,en-de.")
    openai_temperature: float = Field(0.0, ge=0, le=2, description="0: the likeliest words.")
    openai_timeout: float = Field(120.0, gt=0, le=3600, description="Seconds for one answer.")
    openai_parallel: int = Field(4, ge=1, le=256, description="Requests at once.")
    openai_words: int = Field(200, ge=1, le=4000, description="Words and signs of a document in one request, at most.")
    openai_context: int = Field(3, ge=0, le=20, description="Sentences on either side that the model may see.")
    openai_instructions: str = Field(
        "", max_length=4000, description="What else to tell the model: tone, field, spelling."
    )
    openai_thinking_tokens: int = Field(
        0, ge=0, le=100_000, description="Tokens that a model which thinks before it answers may take for that."
    )


@dataclass(frozen=True, kw_only=True)
class LanguageModel:
    """A model on a server, and how it is to be asked."""

    url: str
    name: str
    key: str
    pairs: tuple[OfferedModel, ...]
    """One for each pair of languages, all with the same id."""
    temperature: float
    timeout: float
    parallel: int
    words: int
    context: int
    instructions: str
    thinking_tokens: int
    ca_file: Path | None = None

    def __repr__(self) -> str:
        """Return it without its key."""
        return f"LanguageModel({self.pairs[0].id} at {self.url})"


def language_model(settings: LanguageModelSettings) -> LanguageModel:
    """Return the model that the settings describe. Raises `SetupError` that names the setting to be changed."""
    for name in ("openai_url", "openai_model"):
        if not getattr(settings, name):
            raise SetupError(f"SATZSTROM_{name.upper()} is not set; the engine openai needs it (docs/llm.md)")
    if settings.openai_key and settings.openai_key_file:
        raise SetupError("set SATZSTROM_OPENAI_KEY or SATZSTROM_OPENAI_KEY_FILE, not both")
    # From a file by way of the environment it may have a line end.
    key = settings.openai_key.strip()
    if settings.openai_key_file is not None:
        key = read_secret(settings.openai_key_file, "SATZSTROM_OPENAI_KEY_FILE")
    if not (key.isascii() and key.isprintable() and " " not in key):
        # What it is, is not said.
        raise SetupError("the key of the server has characters that no key has; check SATZSTROM_OPENAI_KEY_FILE")
    model = _id(settings)
    return LanguageModel(
        url=settings.openai_url.rstrip("/"),
        name=settings.openai_model,
        key=key,
        pairs=tuple(OfferedModel(id=model, source=source, target=target) for source, target in _pairs(settings)),
        temperature=settings.openai_temperature,
        timeout=settings.openai_timeout,
        parallel=settings.openai_parallel,
        words=settings.openai_words,
        context=settings.openai_context,
        instructions=settings.openai_instructions,
        thinking_tokens=settings.openai_thinking_tokens,
        ca_file=settings.openai_ca_file,
    )


def _id(settings: LanguageModelSettings) -> str:
    """Return `name@revision`, in characters that ids of models have: `llama3.1-8b@5f0c2a91`.

    Servers do not say which weights they run. What decides the translation beside them is in the revision, so that
    translations made with other instructions can be told apart.
    """
    name = _NOT_IN_NAMES.sub("-", settings.openai_model).strip("-")[:_NAME_LIMIT]
    if not name:
        raise SetupError("SATZSTROM_OPENAI_MODEL has no letter, digit, dot, hyphen or underscore")
    if settings.openai_revision:
        return f"{name}@{settings.openai_revision}"
    decides: list[Any] = [settings.openai_model, settings.openai_instructions, settings.openai_temperature]
    decides.append(settings.openai_context)
    return f"{name}@{hashlib.sha256(json.dumps(decides).encode()).hexdigest()[:8]}"


def _pairs(settings: LanguageModelSettings) -> list[tuple[str, str]]:
    try:
        found = [parse_pair(text.strip()) for text in settings.openai_pairs.split(",") if text.strip()]
        if same := [source for source, target in found if source == target]:
            raise ValueError(f"{same[0]} into {same[0]} is nothing to translate")
    except ValueError as error:
        raise SetupError(f"SATZSTROM_OPENAI_PAIRS: {error}") from None
    if not found:
        raise SetupError("SATZSTROM_OPENAI_PAIRS names no pair of languages; expected something like de-en,en-de")
    return list(dict.fromkeys(found))
